"""The topics: their names, partition counts and keys, and how a record becomes bytes and back; never a connection.

Partition counts are fixed for a topic version. Growth is a new version, replayed from the readings.
"""

from typing import Annotated, Final, NamedTuple, TypeVar, get_args

import msgspec

from streams.records import Article, EvidenceRecord, Position, ShiftAlert

T = TypeVar("T")


class Malformed(ValueError):
    """A record's bytes are not what its topic promises; the message says what is wrong and where."""


class NewerKind(Malformed):
    """A record of the evidence log of a kind that this version does not know: a newer one has sent it."""

    def __init__(self, kind: str) -> None:
        super().__init__(f"a record of the kind {kind!r}, which this version does not know")
        self.kind = kind


class Topic(NamedTuple):
    """A topic's name, its fixed number of partitions and the Kafka settings that its contract needs."""

    name: str
    partitions: int
    config: dict[str, str]

    @property
    def dead(self) -> str:
        """The topic for records of this one that could not be handled."""
        return f"{self.name}.dead"


DAY_MS: Final = 24 * 60 * 60 * 1000
FOREVER: Final = "-1"

ARTICLES: Final = Topic("articles.v1", 4, {"retention.ms": str(30 * DAY_MS)})
READINGS: Final = Topic("readings.v1", 4, {"retention.ms": FOREVER})
POSITIONS: Final = Topic("positions.v1", 1, {"cleanup.policy": "compact"})
ALERTS: Final = Topic("alerts.v1", 4, {"retention.ms": FOREVER})
TOPICS: Final = (ARTICLES, READINGS, POSITIONS, ALERTS)

# The worker's consumer group, and the log of its table: as many partitions as the topic the rows come from, since a
# row's log record goes to the partition of the event that wrote it.
GROUP: Final = "parley"
CHANGELOG: Final = Topic(f"{GROUP}-evidence-changelog", READINGS.partitions, {"cleanup.policy": "compact"})

# Headers of a dead letter. The value and the key are the source record's own, byte for byte.
DEAD_REASON: Final = "parley-reason"
DEAD_SOURCE: Final = "parley-source"

_encoder = msgspec.json.Encoder(order="deterministic")
_article = msgspec.json.Decoder(Article)
_evidence = msgspec.json.Decoder(EvidenceRecord)
_KINDS: Final = frozenset(str(kind.__struct_config__.tag) for kind in get_args(EvidenceRecord))
_position = msgspec.json.Decoder(Position)
_alert = msgspec.json.Decoder(ShiftAlert)


def encode(record: msgspec.Struct) -> bytes:
    """Return the record as JSON; equal records give equal bytes."""
    return _encoder.encode(record)


def _decode(decoder: "msgspec.json.Decoder[T]", raw: bytes | None) -> T:
    if raw is None:
        raise Malformed("the record has no value")
    try:
        return decoder.decode(raw)
    except (msgspec.MsgspecError, UnicodeDecodeError, RecursionError) as error:
        raise Malformed(str(error) or type(error).__name__) from None


def decode_article(raw: bytes | None) -> Article:
    """Read a value of `articles.v1`; raises Malformed."""
    return _decode(_article, raw)


class _Tagged(msgspec.Struct):
    record: Annotated[str, msgspec.Meta(pattern="^[a-z][a-z-]{1,30}$")]


_tagged = msgspec.json.Decoder(_Tagged)


def decode_evidence(raw: bytes | None) -> EvidenceRecord:
    """Read a value of `readings.v1`; raises Malformed, or NewerKind where only a newer version can read it."""
    try:
        record: EvidenceRecord = _decode(_evidence, raw)
    except Malformed:
        kind = _kind_of(raw)
        if kind is not None and kind not in _KINDS:
            raise NewerKind(kind) from None
        raise
    return record


def _kind_of(raw: bytes | None) -> str | None:
    try:
        return _decode(_tagged, raw).record
    except Malformed:
        return None


def decode_position(raw: bytes | None) -> Position:
    """Read a value of `positions.v1`; raises Malformed."""
    return _decode(_position, raw)


def decode_alert(raw: bytes | None) -> ShiftAlert:
    """Read a value of `alerts.v1`; raises Malformed."""
    return _decode(_alert, raw)

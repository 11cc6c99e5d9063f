"""The rows that the fold has put, indexed for reading; the whole of it can be rebuilt from the rows, in any order."""

from collections.abc import Iterable
from datetime import datetime, timedelta

import msgspec
from msgspec.structs import replace

from streams.accords import Accord
from streams.evidence_index import EvidenceIndex
from streams.lives import Life
from streams.models_seen import ModelsSeen
from streams.records import AlertKind, Stand
from streams.relations import Relations, read_relations
from streams.rows import Row
from streams.shift_settings import ShiftSettings, shares_of

_life = msgspec.json.Decoder(Life)
_accord = msgspec.json.Decoder(Accord)
_stand = msgspec.json.Decoder(Stand)
_alive = msgspec.json.Decoder(list[str])


class Memory:
    """What one partition's worker knows. `put` is the only way in; everything else reads."""

    def __init__(self, settings: ShiftSettings | None = None, relations: Relations | None = None) -> None:
        self.settings = settings or ShiftSettings()
        self.relations = read_relations() if relations is None else relations
        self._settings = {
            kind: replace(self.settings, false_alerts_per_actor_year=share * self.settings.false_alerts_per_actor_year)
            for kind, share in shares_of(self.settings).items()
        }
        self.clock: datetime | None = None
        self.alive: frozenset[str] = frozenset()
        self.evidence = EvidenceIndex(self.settings)
        self.lives: dict[str, Life] = {}
        self.accords: dict[str, Accord] = {}
        self.models = ModelsSeen()
        # What waits for a version that knows its kind, by offset.
        self.kept: dict[int, tuple[str, str]] = {}
        # By ally and actor, every row that is there: the latest counts, the others are on their way out.
        self.stands: dict[tuple[str, str], dict[str, Stand]] = {}

    def settings_of(self, kind: AlertKind) -> ShiftSettings:
        """Return the settings with the part of the budget that this kind of alert has."""
        return self._settings[kind]

    # --- reading ----------------------------------------------------------------------------------------------------

    def has_forgotten(self, time: datetime) -> bool:
        """Whether the time is further back than what is remembered."""
        return self.clock is not None and time < self.clock - timedelta(days=self.settings.remembered_days)

    def life(self, key: str) -> Life:
        """Return the state of the key's alerts."""
        return self.lives.get(key) or Life()

    def accord(self, key: str) -> Accord:
        """Return how the two stand."""
        return self.accords.get(key) or Accord()

    def stand(self, to: str, actor: str) -> Stand | None:
        """Return where `to` was last told that its ally `actor` stands."""
        told = self.stands.get((to, actor))
        return None if not told else told[max(told)]

    # --- writing ----------------------------------------------------------------------------------------------------

    def put(self, rows: Iterable[Row]) -> None:
        """Take in rows, in any order; the same row again changes nothing."""
        for row in rows:
            self._put(*row)

    def _put(self, row_key: str, value: str | None) -> None:
        kind, _, rest = row_key.partition(" ")
        if kind == "alive" and value is not None:
            self.alive = frozenset(_alive.decode(value))
        elif kind == "clock" and value is not None:
            self.clock = datetime.fromisoformat(value)
        elif " " in rest:
            first, key = rest.split(" ", 1)
            self._put_of(kind, first, key, value)

    def _put_of(self, kind: str, first: str, key: str, value: str | None) -> None:
        if kind == "reading":
            self.evidence.put_reading(key, first, value)
        elif kind == "day":
            self.evidence.put_day(key, first, value)
        elif kind == "withdrawn":
            self.evidence.put_withdrawn(key, int(first), value)
        elif kind == "stand":
            to, actor = key.split(" ", 1)
            self._put_stand(first, to, actor, value)
        elif kind == "past":
            self.evidence.put_past(key, first, value)
        elif kind == "kept" and value is None:
            self.kept.pop(int(first), None)
        elif kind == "kept" and value is not None:
            self.kept[int(first)] = (key, value)
        elif value is not None:
            self._put_state(kind, first, key, value)

    def _put_state(self, kind: str, first: str, key: str, value: str) -> None:
        if kind == "life" and int(first) > self.life(key).number:
            self.lives[key] = _life.decode(value)
        elif kind == "accord" and int(first) > self.accord(key).number:
            self.accords[key] = _accord.decode(value)
        elif kind == "verdict":
            what, actor = value.split(" ", 1)
            self.evidence.put_verdict(key, datetime.fromisoformat(first), what, actor)
        elif kind == "model":
            self.models.put(key, datetime.fromisoformat(first))

    def _put_stand(self, stamp: str, to: str, actor: str, value: str | None) -> None:
        told = self.stands.setdefault((to, actor), {})
        if value is None:
            told.pop(stamp, None)
        else:
            told[stamp] = _stand.decode(value)

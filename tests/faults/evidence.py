"""Numbered readings whose alerts are known beforehand, and what must be true of the evidence after any fault."""

from streams.memory import Memory
from streams.records import Reading, ShiftAlert
from streams.rows import Row
from streams.tables import FOLLOWED, REREAD
from streams.topics import ALERTS, CHANGELOG, decode_alert, encode
from tests.faults.kafka import Kafka
from tests.streams.made import Worker as Fold
from tests.streams.made import weeks_of

# Of one letter each, so that they spread over the partitions.
ACTORS = ("aland", "bland", "cland", "dland", "eland", "fland")


def a_shift(actor: str = "ruritania") -> list[Reading]:
    """Return readings of an actor in favor for a month who is against from then on: an alert of each status or so."""
    return weeks_of("favor", 0, 30, actor=actor) + weeks_of("against", 30, 20, actor=actor)


def expected_alerts(kafka: Kafka) -> dict[tuple[str, int], bytes]:
    """Return the alert states that follow from the log of evidence as it is."""
    found: dict[tuple[str, int], bytes] = {}
    for records in kafka.evidence().values():
        for alert in Fold().take(*records).alerts:
            found[alert.id, alert.revision] = encode(alert)
    return found


def alerts(kafka: Kafka) -> list[ShiftAlert]:
    return [decode_alert(record.value) for record in kafka.read(ALERTS.name)]


def recovered(kafka: Kafka) -> dict[int, dict[str, str]]:
    """Return the rows that a new worker would find, partition by partition."""
    rows: dict[int, dict[str, str]] = {}
    for record in kafka.read(CHANGELOG.name):
        key = record.key.decode().partition(" ")[2]
        kept = rows.setdefault(record.partition, {})
        if record.value is None:
            kept.pop(key, None)
        else:
            kept[key] = record.value.decode()
    return rows


def assert_nothing_lost(kafka: Kafka) -> None:
    """Every reading is a row, every alert state is out and the same to the byte, and positions are those of the log."""
    out: dict[tuple[str, int], bytes] = {}
    for record in kafka.read(ALERTS.name):
        alert = decode_alert(record.value)
        assert out.setdefault((alert.id, alert.revision), record.value) == record.value
    assert out == expected_alerts(kafka)
    rows = recovered(kafka)
    for partition, records in kafka.evidence().items():
        fold = Fold().take(*records)
        rows[partition].pop(FOLLOWED)
        rows[partition].pop(REREAD, None)
        assert rows[partition] == fold.rows
        memory = Memory()
        memory.put(Row(key, value) for key, value in rows[partition].items())
        assert memory.lives == fold.memory.lives

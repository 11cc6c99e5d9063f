"""Readings, frozen days, withdrawals and verdicts, in any order -> the dossier of each key, and where each article
counts; never what follows from it.
"""

from collections.abc import Iterator
from datetime import datetime

import msgspec

from streams.dossiers.conditions import ConditionEmissions
from streams.dossiers.dossier import Dossier
from streams.dossiers.emissions import is_evidence, make_emissions
from streams.dossiers.facets import CONDITIONS_OF
from streams.dossiers.forgetting import Past
from streams.dossiers.freezing import FrozenDay
from streams.records import Reading, Verdict
from streams.shift_settings import ShiftSettings
from streams.verdicts import Verdicts, subjects_of

_reading = msgspec.json.Decoder(Reading)
_day = msgspec.json.Decoder(FrozenDay)
_past = msgspec.json.Decoder(Past)


class EvidenceIndex:
    """The evidence that one worker keeps, by key and by article. What is not `put_…` reads."""

    def __init__(self, settings: ShiftSettings) -> None:
        self._settings = settings
        self._emissions = make_emissions(settings)
        self._condition_emissions = ConditionEmissions()
        self.dossiers: dict[str, Dossier] = {}
        self.verdicts = Verdicts()
        # By key, the days whose rows stand for its forgotten ones.
        self.pasts: dict[str, set[str]] = {}
        # By article, the revisions below which nothing counts, and when each was withdrawn.
        self.withdrawals: dict[str, dict[int, datetime]] = {}
        # Readings that a frozen day stands for, whose rows are still there: a crash came between.
        self.superseded: set[tuple[str, str]] = set()
        # Readings that a desk took out of the evidence; their rows stay a month, so that it may think again.
        self._rejected: set[tuple[str, str]] = set()
        # Readings in which a new model found no stance; their rows stay a month, so that the old one's do not return.
        self._silent: set[tuple[str, str]] = set()
        self._readings: dict[str, dict[str, str]] = {}
        # Where an article is counted: keys and readings; a frozen day's has no reading.
        self._places: dict[str, set[tuple[str, str]]] = {}

    def reading(self, key: str, reading: str) -> Reading | None:
        """Return a reading that is kept for `key`; those older than a month are not."""
        text = self._readings.get(key, {}).get(reading)
        return None if text is None else _reading.decode(text)

    def counted(self, key: str) -> Iterator[Reading]:
        """Yield the readings that are kept for `key` and count, those without a stance among them."""
        for reading, text in self._readings.get(key, {}).items():
            if (key, reading) in self.superseded or (key, reading) in self._rejected:
                continue
            record = _reading.decode(text)
            if record.revision >= self.withdrawn(record.article):
                yield record

    def withdrawn(self, article: str) -> int:
        """Return the lowest revision of the article that still counts."""
        return max(self.withdrawals.get(article, ()), default=0)

    def keys_of(self, article: str) -> list[str]:
        """Return the keys that hold evidence from the article."""
        return sorted({key for key, _ in self._places.get(article, ())})

    def keys_judged(self, verdict: Verdict) -> list[str]:
        """Return the keys that hold what the verdict is about, the frozen days of its article included."""
        subjects = subjects_of(verdict)
        exact = {key for key, record in self._readings_of(verdict.actor) if self.verdicts.concerns(record, subjects)}
        frozen = {
            key
            for key in self.keys_of(verdict.article)
            if _is_of(key, verdict.actor) and self.dossier(key).archive.holds(verdict.article, verdict.revision)
        }
        return sorted(exact | frozen)

    def places_of(self, article: str) -> list[tuple[str, str]]:
        """Return the keys and readings that hold evidence from the article; a frozen day's has no reading."""
        return sorted(self._places.get(article, ()))

    def uncounted(self) -> set[tuple[str, str]]:
        """Return the keys and readings that move nothing and that no frozen day stands for: rejected, or no stance."""
        return (self._rejected | self._silent) - self.superseded

    def dossier(self, key: str) -> Dossier:
        """Return the key's evidence, an empty one where there is none."""
        found = self.dossiers.get(key)
        if found is not None:
            return found
        return Dossier(self._settings, self._condition_emissions if key.endswith(CONDITIONS_OF) else self._emissions)

    def has_been_read_again(self, key: str, version: str, first: float, last: float) -> bool:
        """Whether none of the key's readings of that time is by another version of the model than this one."""
        records = map(_reading.decode, self._readings.get(key, {}).values())
        return all(r.model == version for r in records if first <= r.time.timestamp() <= last)

    def put_reading(self, key: str, reading: str, value: str | None) -> None:
        """Keep a reading under the key, or let go of it where `value` is None."""
        kept = self._readings.setdefault(key, {})
        old = self.reading(key, reading)
        if old is not None and kept[reading] != value:
            del kept[reading]
            self.superseded.discard((key, reading))
            self._rejected.discard((key, reading))
            self._silent.discard((key, reading))
            self._leave(old.article, key, reading)
            self.dossier(key).forget(reading, (old.time.timestamp(), old.article, old.revision))
        if value is not None and kept.get(reading) != value:
            record = _reading.decode(value)
            kept[reading] = value
            self._places.setdefault(record.article, set()).add((key, reading))
            if self.dossier(key).archive.holds(record.article, record.revision):
                self.superseded.add((key, reading))
            elif self.verdicts.rejects(record):
                self._rejected.add((key, reading))
            elif not is_evidence(record):
                self._silent.add((key, reading))
            elif record.revision >= self.withdrawn(record.article):
                self.dossiers.setdefault(key, self.dossier(key)).add(record)
        if not kept:
            del self._readings[key]

    def put_day(self, key: str, day: str, value: str | None) -> None:
        """Set a frozen day of the key, or let go of it where `value` is None."""
        row: FrozenDay = () if value is None else _day.decode(value)
        if not row and key not in self.dossiers:
            return
        dossier = self.dossiers.setdefault(key, self.dossier(key))
        before = dossier.archive.articles(day)
        dossier.put_day(day, row)
        for article in before:
            if not dossier.archive.counts(article):
                self._leave(article, key, "")
        for article in dossier.archive.articles(day):
            places = self._places.setdefault(article, set())
            for reading in [reading for place, reading in places if place == key and reading]:
                record = self.reading(key, reading)
                if record is not None and dossier.archive.holds(article, record.revision):
                    self.superseded.add((key, reading))
            places.add((key, ""))

    def put_past(self, key: str, day: str, value: str | None) -> None:
        """Set what stands for the key's days up to this one, or let go of it where `value` is None."""
        days = self.pasts.setdefault(key, set())
        if value is None:
            days.discard(day)
            if not days:
                del self.pasts[key]
                if self.dossier(key).is_spent:
                    del self.dossiers[key]
            return
        days.add(day)
        dossier = self.dossiers.setdefault(key, self.dossier(key))
        before = dossier.archive.articles()
        dossier.put_past(_past.decode(value))
        for article in before - dossier.archive.articles():
            self._leave(article, key, "")

    def put_withdrawn(self, article: str, revision: int, at: str | None) -> None:
        """Let no reading of the article below the revision count; None forgets that it was withdrawn."""
        revisions = self.withdrawals.setdefault(article, {})
        if at is None:
            revisions.pop(revision, None)
        else:
            revisions[revision] = datetime.fromisoformat(at)
            for key in self.keys_of(article):
                self.dossier(key).withdraw(article, revision)
        if not revisions:
            del self.withdrawals[article]

    def put_verdict(self, subject: str, at: datetime, what: str, actor: str) -> None:
        """Take in what a desk said of a reading of the actor, or of its words."""
        self.verdicts.put(subject, at, what)
        for key, record in list(self._readings_of(actor)):
            if not self.verdicts.concerns(record, (subject,)):
                continue
            if self.verdicts.rejects(record):
                self._rejected.add((key, record.id))
                self.dossier(key).forget(record.id, (record.time.timestamp(), record.article, record.revision))
            elif (key, record.id) in self._rejected:
                self._rejected.discard((key, record.id))
                self.put_reading(key, record.id, self._readings[key].pop(record.id))

    def _readings_of(self, actor: str) -> Iterator[tuple[str, Reading]]:
        for key, kept in self._readings.items():
            if _is_of(key, actor):
                yield from ((key, _reading.decode(text)) for text in kept.values())

    def _leave(self, article: str, key: str, reading: str) -> None:
        places = self._places.get(article, set())
        places.discard((key, reading))
        if not places:
            self._places.pop(article, None)


def _is_of(key: str, actor: str) -> bool:
    return key == actor or key.startswith(f"{actor}/")

"""The rows that the fold has put, indexed for reading; the whole of it can be rebuilt from the rows, in any order."""

from collections.abc import Iterable, Iterator
from datetime import datetime, timedelta

import msgspec
from msgspec.structs import replace

from streams.accords import Accord
from streams.dossiers.conditions import ConditionEmissions
from streams.dossiers.dossier import Dossier
from streams.dossiers.emissions import is_evidence, make_emissions
from streams.dossiers.facets import CONDITIONS_OF
from streams.dossiers.forgetting import Past
from streams.dossiers.freezing import FrozenDay
from streams.lives import Life
from streams.models_seen import ModelsSeen
from streams.records import AlertKind, Reading, Stand, Verdict
from streams.relations import Relations, read_relations
from streams.rows import Row
from streams.shift_settings import ShiftSettings, shares_of
from streams.verdicts import Verdicts, subjects_of

_reading = msgspec.json.Decoder(Reading)
_day = msgspec.json.Decoder(FrozenDay)
_life = msgspec.json.Decoder(Life)
_accord = msgspec.json.Decoder(Accord)
_stand = msgspec.json.Decoder(Stand)
_past = msgspec.json.Decoder(Past)
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
        self.dossiers: dict[str, Dossier] = {}
        self.lives: dict[str, Life] = {}
        self.verdicts = Verdicts()
        self.accords: dict[str, Accord] = {}
        self.models = ModelsSeen()
        # What waits for a version that knows its kind, by offset.
        self.kept: dict[int, tuple[str, str]] = {}
        # By ally and actor, every row that is there: the latest counts, the others are on their way out.
        self._stands: dict[tuple[str, str], dict[str, Stand]] = {}
        self._pasts: dict[str, set[str]] = {}
        self._emissions = make_emissions(self.settings)
        self._condition_emissions = ConditionEmissions()
        self._readings: dict[str, dict[str, str]] = {}
        # Where an article is counted: keys and readings; a frozen day's has no reading.
        self._places: dict[str, set[tuple[str, str]]] = {}
        self._withdrawn: dict[str, dict[int, datetime]] = {}
        # Readings that a frozen day stands for, whose rows are still there: a crash came between.
        self._superseded: set[tuple[str, str]] = set()
        # Readings that a desk took out of the evidence; their rows stay a month, so that it may think again.
        self._rejected: set[tuple[str, str]] = set()
        # Readings in which a new model found no stance; their rows stay a month, so that the old one's do not return.
        self._silent: set[tuple[str, str]] = set()

    def settings_of(self, kind: AlertKind) -> ShiftSettings:
        """Return the settings with the part of the budget that this kind of alert has."""
        return self._settings[kind]

    # --- reading ----------------------------------------------------------------------------------------------------

    def reading(self, key: str, reading: str) -> Reading | None:
        """Return a reading that is kept for `key`; those older than a month are not."""
        text = self._readings.get(key, {}).get(reading)
        return None if text is None else _reading.decode(text)

    def counted(self, key: str) -> Iterator[Reading]:
        """Yield the readings that are kept for `key` and count, those without a stance among them."""
        for reading, text in self._readings.get(key, {}).items():
            if (key, reading) in self._superseded or (key, reading) in self._rejected:
                continue
            record = _reading.decode(text)
            if record.revision >= self.withdrawn(record.article):
                yield record

    def withdrawn(self, article: str) -> int:
        """Return the lowest revision of the article that still counts."""
        return max(self._withdrawn.get(article, ()), default=0)

    def has_forgotten(self, time: datetime) -> bool:
        """Whether the time is further back than what is remembered."""
        return self.clock is not None and time < self.clock - timedelta(days=self.settings.remembered_days)

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

    def life(self, key: str) -> Life:
        """Return the state of the key's alerts."""
        return self.lives.get(key) or Life()

    def dossier(self, key: str) -> Dossier:
        """Return the key's evidence, an empty one where there is none."""
        found = self.dossiers.get(key)
        if found is not None:
            return found
        return Dossier(self.settings, self._condition_emissions if key.endswith(CONDITIONS_OF) else self._emissions)

    def accord(self, key: str) -> Accord:
        """Return how the two stand."""
        return self.accords.get(key) or Accord()

    def stand(self, to: str, actor: str) -> Stand | None:
        """Return where `to` was last told that its ally `actor` stands."""
        told = self._stands.get((to, actor))
        return None if not told else told[max(told)]

    def pasts(self, key: str) -> list[str]:
        """Return the days whose rows stand for the key's forgotten ones."""
        return sorted(self._pasts.get(key, ()))

    def has_been_read_again(self, key: str, version: str, first: float, last: float) -> bool:
        """Whether none of the key's readings of that time is by another version of the model than this one."""
        records = map(_reading.decode, self._readings.get(key, {}).values())
        return all(r.model == version for r in records if first <= r.time.timestamp() <= last)

    def leavings(self, time: datetime) -> list[Row]:
        """Return the deletions of what has no use any more: withdrawals older than `time`, after the readings that they
        withdrew, and readings that a frozen day stands for."""
        rows = [Row(f"reading {reading} {key}", None) for key, reading in sorted(self._superseded)]
        for (to, actor), told in sorted(self._stands.items()):
            rows += [Row(f"stand {at} {to} {actor}", None) for at in sorted(told)[:-1]]
        for key, days in sorted(self._pasts.items()):
            past = self.dossier(key).past
            rows += [Row(f"past {day} {key}", None) for day in sorted(days) if past is not None and day < past.day]
        for key, reading in sorted((self._rejected | self._silent) - self._superseded):
            record = self.reading(key, reading)
            if record is not None and record.time < time:
                rows.append(Row(f"reading {reading} {key}", None))
        for article, revisions in self._withdrawn.items():
            old = [revision for revision, at in revisions.items() if at < time]
            for key, reading in sorted(self._places.get(article, ())) if old else ():
                record = self.reading(key, reading)
                if record is not None and record.revision < max(old):
                    rows.append(Row(f"reading {reading} {key}", None))
            rows += [Row(f"withdrawn {revision} {article}", None) for revision in old]
        return rows

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
            self._put_reading(key, first, value)
        elif kind == "day":
            self._put_day(key, first, () if value is None else _day.decode(value))
        elif kind == "withdrawn":
            self._put_withdrawn(key, int(first), value)
        elif kind == "stand":
            to, actor = key.split(" ", 1)
            self._put_stand(first, to, actor, value)
        elif kind == "past":
            self._put_past(key, first, value)
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
            self._put_verdict(key, datetime.fromisoformat(first), what, actor)
        elif kind == "model":
            self.models.put(key, datetime.fromisoformat(first))

    def _put_stand(self, stamp: str, to: str, actor: str, value: str | None) -> None:
        told = self._stands.setdefault((to, actor), {})
        if value is None:
            told.pop(stamp, None)
        else:
            told[stamp] = _stand.decode(value)

    def _put_reading(self, key: str, reading: str, value: str | None) -> None:
        kept = self._readings.setdefault(key, {})
        old = self.reading(key, reading)
        if old is not None and kept[reading] != value:
            del kept[reading]
            self._superseded.discard((key, reading))
            self._rejected.discard((key, reading))
            self._silent.discard((key, reading))
            self._leave(old.article, key, reading)
            self.dossier(key).forget(reading, (old.time.timestamp(), old.article, old.revision))
        if value is not None and kept.get(reading) != value:
            record = _reading.decode(value)
            kept[reading] = value
            self._places.setdefault(record.article, set()).add((key, reading))
            if self.dossier(key).archive.holds(record.article, record.revision):
                self._superseded.add((key, reading))
            elif self.verdicts.rejects(record):
                self._rejected.add((key, reading))
            elif not is_evidence(record):
                self._silent.add((key, reading))
            elif record.revision >= self.withdrawn(record.article):
                self.dossiers.setdefault(key, self.dossier(key)).add(record)
        if not kept:
            del self._readings[key]

    def _put_day(self, key: str, day: str, row: FrozenDay) -> None:
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
                    self._superseded.add((key, reading))
            places.add((key, ""))

    def _put_past(self, key: str, day: str, value: str | None) -> None:
        days = self._pasts.setdefault(key, set())
        if value is None:
            days.discard(day)
            if not days:
                del self._pasts[key]
                if self.dossier(key).is_spent:
                    del self.dossiers[key]
            return
        days.add(day)
        dossier = self.dossiers.setdefault(key, self.dossier(key))
        before = dossier.archive.articles()
        dossier.put_past(_past.decode(value))
        for article in before - dossier.archive.articles():
            self._leave(article, key, "")

    def _put_withdrawn(self, article: str, revision: int, at: str | None) -> None:
        revisions = self._withdrawn.setdefault(article, {})
        if at is None:
            revisions.pop(revision, None)
        else:
            revisions[revision] = datetime.fromisoformat(at)
            for key in self.keys_of(article):
                self.dossier(key).withdraw(article, revision)
        if not revisions:
            del self._withdrawn[article]

    def _put_verdict(self, subject: str, at: datetime, what: str, actor: str) -> None:
        self.verdicts.put(subject, at, what)
        for key, record in list(self._readings_of(actor)):
            if not self.verdicts.concerns(record, (subject,)):
                continue
            if self.verdicts.rejects(record):
                self._rejected.add((key, record.id))
                self.dossier(key).forget(record.id, (record.time.timestamp(), record.article, record.revision))
            elif (key, record.id) in self._rejected:
                self._rejected.discard((key, record.id))
                self._put_reading(key, record.id, self._readings[key].pop(record.id))

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

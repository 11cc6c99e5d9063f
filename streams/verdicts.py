"""What a desk said of readings -> whether one is rejected; a function of the verdicts alone, in any order.

A verdict on a reading's words holds for the same words of the same speaker wherever they turn up again, in another
outlet's copy or in the article's next revision: the reader would make the same error there. That a reading is a
duplicate says nothing of its words, so that verdict holds for the one reading. The latest verdict counts.
"""

from collections.abc import Iterable
from datetime import datetime

from streams.records import Reading, Verdict, VerdictKind, content_id

ACCEPTED: VerdictKind = "correct"


def words_of(actor: str, speaker: str, quote: str) -> str:
    """Return the id of those words from that speaker; case, spacing and outer quotation marks do not matter."""
    return content_id("words", actor, speaker, " ".join(quote.casefold().split()).strip("\"'“”‘’«»„ "))


def subjects_of(verdict: Verdict) -> tuple[str, ...]:
    """Return the ids of what the verdict is about: the reading, and its words where it judges those."""
    if verdict.reading is None:
        return ()
    if verdict.what == "duplicate" or not verdict.quote:
        return (verdict.reading,)
    return (verdict.reading, words_of(verdict.actor, verdict.speaker, verdict.quote))


class Verdicts:
    """Every verdict by what it is about; `put` is the only way in."""

    def __init__(self) -> None:
        self._latest: dict[str, tuple[datetime, str]] = {}

    def put(self, subject: str, at: datetime, what: str) -> None:
        """Take in a verdict; an earlier one, or the same again, changes nothing."""
        self._latest[subject] = max(self._latest.get(subject, (at, what)), (at, what))

    def rejects(self, reading: Reading) -> bool:
        """Whether the latest word on the reading, or on its words, is that it does not count."""
        if not self._latest:
            return False
        subjects = (reading.id, words_of(reading.actor, reading.speaker, reading.quote))
        said = [self._latest[subject] for subject in subjects if subject in self._latest]
        return bool(said) and max(said)[1] != ACCEPTED

    def concerns(self, reading: Reading, subjects: Iterable[str]) -> bool:
        """Whether the reading is among what a verdict is about."""
        return not {reading.id, words_of(reading.actor, reading.speaker, reading.quote)}.isdisjoint(subjects)

"""Sentences that are nothing but quotation to whose they are: who spoke before, or who is named where it ends.

A quotation of several paragraphs opens each with its mark and closes only the last. Where it began with an attribution
it goes on in that voice; where it began without one it waits for the attribution at its end. In doubt it is nobody's.
"""

from collections.abc import Sequence
from typing import Final, NamedTuple

from streams.statements.quotes import Run, is_all_quoted
from streams.statements.sentences import Sentence
from streams.statements.tokens import Token
from streams.statements.voices import Voice

# A quotation that goes on behind its attribution is read with it up to this length, then on its own.
_LONGEST_RUN: Final = 450


class _Quoted(NamedTuple):
    at: int
    start: int
    end: int
    kept: bool


class Quotations:
    """The runs of one article so far, in the order in which their sentences were read."""

    def __init__(self) -> None:
        self.runs: list[Run] = []
        self._waiting: list[_Quoted] = []
        # The last sentence of a quotation whose voice is known and which the next paragraph goes on with.
        self._known_until = -1

    def take(self, at: int, sentence: Sentence, tokens: Sequence[Token], *, kept: bool) -> bool:
        """Take in a sentence that is nothing but quotation; returns False for one that is not."""
        if sentence.headline or not is_all_quoted(tokens):
            return False
        one = _Quoted(at, sentence.start, sentence.end, kept)
        opened = sentence.quoted_from is not None
        if opened and self._known_until != at - 1:
            self._waiting = [*self._still_waiting(at), one]
            return True
        for earlier in self._still_waiting(at):
            self._go_on(earlier)
        self._waiting = []
        self._go_on(one)
        if opened:
            self._known_until = at
        return True

    def add(self, at: int, sentence: Sentence, tokens: Sequence[Token], runs: Sequence[Run]) -> None:
        """Add the runs of any other sentence: one that ends a waiting quotation says whose that was."""
        waiting, self._waiting = self._still_waiting(at), []
        if waiting and tokens[0].quoted and (voice := _only_voice(runs)) is not None:
            for number, one in enumerate(waiting):
                if number and one.end - self.runs[-1].start <= _LONGEST_RUN:
                    last = self.runs[-1]
                    self.runs[-1] = last._replace(at=one.at, end=one.end, kept=last.kept or one.kept)
                else:
                    self.runs.append(Run(one.at, one.start, one.end, voice, one.kept, named=False))
        self.runs.extend(runs)
        if sentence.quoted_from is not None:
            self._known_until = at

    def _still_waiting(self, at: int) -> list[_Quoted]:
        return self._waiting if self._waiting and self._waiting[-1].at == at - 1 else []

    def _go_on(self, one: _Quoted) -> None:
        """Give the quotation to whoever spoke in the sentence before, and to nobody where two did."""
        last = self.runs[-1] if self.runs else None
        if last is None or not last.whole or last.at != one.at - 1 or last.voice.sort != "speech":
            return
        if len(self.runs) > 1 and self.runs[-2].at == last.at:
            return
        if one.end - last.start <= _LONGEST_RUN:
            self.runs[-1] = last._replace(at=one.at, end=one.end, kept=last.kept or one.kept)
        else:
            self.runs.append(Run(one.at, one.start, one.end, last.voice, one.kept, named=False))


def _only_voice(runs: Sequence[Run]) -> Voice | None:
    """The voice of the sentence where one alone speaks in it."""
    spoken = [run.voice for run in runs if run.voice.sort == "speech"]
    return spoken[0] if len(spoken) == 1 == len(runs) else None

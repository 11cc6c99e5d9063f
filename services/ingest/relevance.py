"""An article's title and text to whether it reports on a negotiated end to the Russia-Ukraine war, and by which rule.

A rule over lists of phrases (relevance.toml), not a model: each verdict can be read off the words that made it. It
reads English only, and says nothing about who holds which stance.
"""

import re
from collections import deque
from collections.abc import Iterator
from itertools import pairwise
from typing import Final

from services.ingest.phrases import words_of
from services.ingest.sentence import BOTH, NOBODY, Verdict, judge_sentence, read_lists, sides_named

# A news text says what it is about in its first sentences.
LEAD_SENTENCES: Final = 3
OPENING_SENTENCES: Final = 2
# Further down, one sentence is a mention; two that stand within this many sentences are a passage, and a passage is
# enough for an actor to move in.
PASSAGE_SENTENCES: Final = 8
# A list or a text without full stops is cut into pieces of so many words; the time a verdict takes stays linear.
LONGEST_SENTENCE: Final = 100
# "He ruled out talks." is about the war that the sentences before it named, unless they lie further back than this.
MEMORY_SENTENCES: Final = 2

# A full stop ends a sentence unless it stands after an initial or a title ("Mr. Putin", "George H. Bush").
_SENTENCE_END = re.compile(
    r"(?<=[.!?…\"”])(?<!\b[A-Z]\.)(?<!\b(?:Mr|Ms|Dr|St)\.)(?<!\b(?:Mrs|Sen|Gen|Rep|Gov)\.)\s+|\n+"
)

# In the order in which the rules are tried on a sentence; `lead` and `passage` are of a whole article's text.
RELEVANT: Final = (
    "peace-process",
    "settlement-term",
    "talks-with-a-party",
    "victory-demand",
    "bargaining",
    "talks-between-parties",
    "lead",
    "passage",
)
IRRELEVANT: Final = ("no-war-term", "other-conflict", "other-matter", "no-settlement-term", "in-passing")

# The page behind a headline may say what the headline does not, where it names this war and somebody to speak of it,
# and nothing says that it is news of the front, of money, or of another matter.
UNDECIDED: Final = frozenset({"no-settlement-term", "other-matter", "in-passing"})
VOICES: Final = frozenset({"russia", "america", "envoy", "negotiator", "peacemaker", "effort"})
DECIDED: Final = frozenset({"fighting", "trade", "sport", "other_matter"})


def judge(title: str, text: str) -> Verdict:
    """Return the verdict on an article; `text` may be empty, since a headline is an article."""
    words = words_of(title)
    headline = judge_sentence(read_lists().who.find(words), NOBODY, words)
    if headline.relevant or not text or not _can_be_relevant(title, text):
        return headline
    found = list(_settlement_sentences(title, text))
    if not found:
        return headline
    if found[0] <= LEAD_SENTENCES:
        return Verdict(True, "lead")
    if any(later - earlier <= PASSAGE_SENTENCES for earlier, later in pairwise(found)):
        return Verdict(True, "passage")
    return Verdict(False, "in-passing")


def _can_be_relevant(title: str, text: str) -> bool:
    """Whether some sentence of the text could be: most news names none of those without whom none is.

    Exact: a sentence is relevant only where it names a side, or the headline or a sentence before it did, or an envoy,
    or the effort itself, or speaks of the process.
    """
    lists = read_lists()
    return bool(lists.needed.find(words_of(text))) or bool(sides_named(lists.who.find(words_of(title))))


def is_worth_reading(title: str, verdict: Verdict) -> bool:
    """Whether a headline that was judged irrelevant for want of words leaves open what its page says."""
    if verdict.reason not in UNDECIDED:
        return False
    words = words_of(title)
    named = frozenset(hit.group for hit in read_lists().who.find(words))
    aside = read_lists().aside.find(words)
    said = frozenset(hit.group for hit in [*aside, *read_lists().what.find(words, aside)])
    return "ukraine" in named and "elsewhere" not in named and bool(named & VOICES) and not said & DECIDED


def _settlement_sentences(title: str, text: str) -> Iterator[int]:
    """Yield the numbers, from 1, of the sentences of `text` that speak of a settlement.

    A meeting alone does so only where both sides are named at the very start: further down it is background.
    """
    recent = deque([sides_named(read_lists().who.find(words_of(title)))], maxlen=MEMORY_SENTENCES)
    for number, words in enumerate(_sentences(text), start=1):
        parties = read_lists().who.find(words)
        verdict = judge_sentence(parties, NOBODY.union(*recent), words)
        sides = sides_named(parties)
        substance = verdict.reason != "talks-between-parties" or (number <= OPENING_SENTENCES and sides >= BOTH)
        if verdict.relevant and substance:
            yield number
        recent.append(sides)


def _sentences(text: str) -> Iterator[list[str]]:
    for sentence in _SENTENCE_END.split(text):
        words = words_of(sentence)
        for start in range(0, len(words), LONGEST_SENTENCE):
            yield words[start : start + LONGEST_SENTENCE]

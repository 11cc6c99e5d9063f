"""An article's title and text to whether it reports on a negotiated end to the Russia-Ukraine war, and by which rule.

A rule over lists of phrases (relevance.toml), not a model: each verdict can be read off the words that made it. It
reads English only, and says nothing about who holds which stance.
"""

import re
import tomllib
from collections import deque
from collections.abc import Iterator
from functools import cache
from importlib.resources import files
from itertools import pairwise
from typing import Final, NamedTuple

from services.ingest.phrases import Hit, Phrases, words_of

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


class Verdict(NamedTuple):
    """`reason` is the rule that decided; one of RELEVANT or IRRELEVANT, so it can label a metric."""

    relevant: bool
    reason: str


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


class Rule(NamedTuple):
    """What makes a sentence relevant: a phrase or name of `group`, all of one of `among` named, nothing of `vetoes`."""

    group: str
    reason: str
    vetoes: frozenset[str]
    among: tuple[frozenset[str], ...] = (frozenset(),)


# The first rule whose group and parties are there decides. The weaker the words, the more can veto them: one side's
# meetings are its daily business; those of both, or with who mediates, are about the war. The American envoys, and
# the places where both sides have met, need no words.
SIDES: Final = frozenset({"ukraine", "russia", "negotiator"})
BOTH: Final = frozenset({"ukraine", "russia"})
WITHOUT_WHICH_NOTHING: Final = SIDES | {"effort", "envoy", "process"}
MEDIATORS: Final = (
    frozenset({"america"}),
    frozenset({"negotiator"}),
    frozenset({"venue"}),
    frozenset({"meeting_place"}),
    frozenset({"ukraine", "peacemaker"}),
)
SPORT: Final = frozenset({"sport"})
MATTER: Final = SPORT | {"other_matter"}
TRADE: Final = MATTER | {"trade"}
FIGHTING: Final = TRADE | {"fighting"}
RULES: Final = (
    Rule("peace", "settlement-term", SPORT),
    Rule("table", "talks-with-a-party", MATTER),
    Rule("victory", "victory-demand", MATTER),
    Rule("envoy", "talks-between-parties", MATTER),
    Rule("bargain", "bargaining", TRADE),
    Rule("contact", "talks-between-parties", FIGHTING, (BOTH, *MEDIATORS)),
    Rule("reach", "talks-between-parties", FIGHTING, (frozenset({"ukraine", "peacemaker"}),)),
    Rule("meeting_place", "talks-between-parties", FIGHTING, (BOTH,)),
)
NOBODY: Final[frozenset[str]] = frozenset()
# The page behind a headline may say what the headline does not, where it names this war and somebody to speak of it,
# and nothing says that it is news of the front, of money, or of another matter.
UNDECIDED: Final = frozenset({"no-settlement-term", "other-matter", "in-passing"})
VOICES: Final = frozenset({"russia", "america", "envoy", "negotiator", "peacemaker", "effort"})
DECIDED: Final = frozenset({"fighting", "trade", "sport", "other_matter"})


def judge(title: str, text: str) -> Verdict:
    """Return the verdict on an article; `text` may be empty, since a headline is an article."""
    headline = judge_sentence(words_of(title))
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
    lists = _phrases()
    return bool(lists.needed.find(words_of(text))) or bool(_sides(lists.who.find(words_of(title))))


def is_worth_reading(title: str, verdict: Verdict) -> bool:
    """Whether a headline that was judged irrelevant for want of words leaves open what its page says."""
    if verdict.reason not in UNDECIDED:
        return False
    words = words_of(title)
    named = frozenset(hit.group for hit in _phrases().who.find(words))
    aside = _phrases().aside.find(words)
    said = frozenset(hit.group for hit in [*aside, *_phrases().what.find(words, aside)])
    return "ukraine" in named and "elsewhere" not in named and bool(named & VOICES) and not said & DECIDED


def judge_sentence(words: list[str]) -> Verdict:
    """Return the verdict on the words of one sentence that stands alone."""
    return _judge_among(_phrases().who.find(words), NOBODY, words)


def _judge_among(parties: list[Hit], earlier: frozenset[str], words: list[str]) -> Verdict:
    """Decide on a sentence that names `parties`, after sentences that named those of the groups `earlier`."""
    named = frozenset(hit.group for hit in parties)
    if "elsewhere" not in named and not named & SIDES:
        named |= earlier
    if not named:
        return Verdict(False, "no-war-term")
    aside = _phrases().aside.find(words)
    hits = [*aside, *_phrases().what.find(words, aside)]
    said = frozenset(hit.group for hit in hits)
    if ("effort" in named or "process" in said) and "sport" not in said:
        return Verdict(True, "peace-process")
    if not named & SIDES and not ("envoy" in named and "peace" in said):
        return Verdict(False, "no-war-term")
    if "elsewhere" in named:
        return _beside_another_conflict(parties, hits)
    return _between_the_parties(named, said)


def _between_the_parties(named: frozenset[str], said: frozenset[str]) -> Verdict:
    """Decide where no other conflict is named."""
    for rule in RULES:
        if (rule.group in said or rule.group in named) and any(named >= parties for parties in rule.among):
            return Verdict(False, "other-matter") if said & rule.vetoes else Verdict(True, rule.reason)
    return Verdict(False, "other-matter" if said & MATTER else "no-settlement-term")


def _beside_another_conflict(parties: list[Hit], hits: list[Hit]) -> Verdict:
    """Decide where another conflict is named too: whose settlement is it? The nearer party's."""
    settling = [hit for hit in hits if hit.group in ("peace", "table", "bargain")]
    ours = [hit for hit in parties if hit.group in SIDES]
    theirs = [hit for hit in parties if hit.group == "elsewhere"]
    # Russia speaks on every conflict; without Ukraine in the sentence it is taken to speak of the other one.
    if any(hit.group == "ukraine" for hit in ours) and any(_gap(hit, ours) <= _gap(hit, theirs) for hit in settling):
        return Verdict(True, "settlement-term")
    return Verdict(False, "other-conflict" if settling else "no-settlement-term")


def _gap(hit: Hit, others: list[Hit]) -> int:
    return min(abs(one - other) for one in hit.words for there in others for other in there.words)


def _settlement_sentences(title: str, text: str) -> Iterator[int]:
    """Yield the numbers, from 1, of the sentences of `text` that speak of a settlement.

    A meeting alone does so only where both sides are named at the very start: further down it is background.
    """
    recent = deque([_sides(_phrases().who.find(words_of(title)))], maxlen=MEMORY_SENTENCES)
    for number, words in enumerate(_sentences(text), start=1):
        parties = _phrases().who.find(words)
        verdict = _judge_among(parties, NOBODY.union(*recent), words)
        sides = _sides(parties)
        substance = verdict.reason != "talks-between-parties" or (number <= OPENING_SENTENCES and sides >= BOTH)
        if verdict.relevant and substance:
            yield number
        recent.append(sides)


def _sentences(text: str) -> Iterator[list[str]]:
    for sentence in _SENTENCE_END.split(text):
        words = words_of(sentence)
        for start in range(0, len(words), LONGEST_SENTENCE):
            yield words[start : start + LONGEST_SENTENCE]


def _sides(parties: list[Hit]) -> frozenset[str]:
    named = frozenset(hit.group for hit in parties)
    # Once another conflict is named, "they" may be its parties.
    return NOBODY if "elsewhere" in named else named & SIDES


class Lists(NamedTuple):
    """The matchers for who is named, for what is said of other matters, and for what is said of this one.

    `needed` finds something in every text in which a sentence is relevant: its groups alone, so that none of their
    phrases loses a word to another's.
    """

    who: Phrases
    aside: Phrases
    what: Phrases
    needed: Phrases


@cache
def _phrases() -> Lists:
    lists = tomllib.loads(files("services.ingest").joinpath("relevance.toml").read_text(encoding="utf-8"))
    groups = {
        part: {name: found["phrases"] for name, found in lists[part].items()} for part in ("who", "aside", "what")
    }
    needed = {
        name: phrases for part in groups.values() for name, phrases in part.items() if name in WITHOUT_WHICH_NOTHING
    }
    return Lists(Phrases(groups["who"]), Phrases(groups["aside"]), Phrases(groups["what"]), Phrases(needed))

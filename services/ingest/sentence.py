"""The words of one sentence, and who was named before it -> whether it speaks of an end to the war, by which rule.

The rules are tried in order, over the lists of phrases in relevance.toml; they know no more of an article than that.
"""

import tomllib
from functools import cache
from importlib.resources import files
from typing import Final, NamedTuple

from services.ingest.phrases import Hit, Phrases


class Verdict(NamedTuple):
    """`reason` is the rule that decided; one of a few (relevance.RELEVANT, IRRELEVANT), so it can label a metric."""

    relevant: bool
    reason: str


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


def judge_sentence(parties: list[Hit], earlier: frozenset[str], words: list[str]) -> Verdict:
    """Decide on a sentence that names `parties`, after sentences that named those of the groups `earlier`."""
    named = frozenset(hit.group for hit in parties)
    if "elsewhere" not in named and not named & SIDES:
        named |= earlier
    if not named:
        return Verdict(False, "no-war-term")
    aside = read_lists().aside.find(words)
    hits = [*aside, *read_lists().what.find(words, aside)]
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


def sides_named(parties: list[Hit]) -> frozenset[str]:
    """Return those of this war that the sentence leaves in mind for the next ones."""
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
def read_lists() -> Lists:
    """Return the matchers of relevance.toml, made once."""
    lists = tomllib.loads(files("services.ingest").joinpath("relevance.toml").read_text(encoding="utf-8"))
    groups = {
        part: {name: found["phrases"] for name, found in lists[part].items()} for part in ("who", "aside", "what")
    }
    needed = {
        name: phrases for part in groups.values() for name, phrases in part.items() if name in WITHOUT_WHICH_NOTHING
    }
    return Lists(Phrases(groups["who"]), Phrases(groups["aside"]), Phrases(groups["what"]), Phrases(needed))

"""Says which of the codebook's bullets and traps a row is an example of, from the name its writer gave its kind.

Writers named the kinds freely, so there are thousands of names. Here they are gathered under the codebook's own
bullets, for counting whether each has examples, and for holding a whole one out of training. A row may fall under
several.
"""

import re
from collections.abc import Callable, Sequence
from typing import Final

from models.corpus.rows import Row

Test = Callable[[Row], bool]


def _named(pattern: str, label: str = "") -> Test:
    search = re.compile(pattern).search
    return lambda row: bool(search(row.trap)) and (not label or row.label == label)


METONYMS: Final = re.compile(
    r"\b(Kyiv|Kiev|Moscow|Kremlin|Downing Street|White House|Ankara|[ÉE]lys[ée]e|Brussels|Berlin|Paris|London|"
    r"Washington|Beijing|Warsaw|Budapest|Rome|Pentagon|Vatican|Tehran|Riyadh|Delhi|Minsk|Tokyo)\b",
    re.IGNORECASE,
)

# In the order of the codebook. What a name says is trusted; where a field says it better, the field is asked.
KINDS: Final[dict[str, Test]] = {
    "calls for talks or a truce": _named(r"call|urges|ask|appeal|peace-call|proposes|plain", "favor"),
    "offers, hosts, mediates": _named(r"offer|host|mediat|broker|venue|arrang|sets-up|conven", "favor"),
    "cannot be settled by force": _named(
        r"no-military|military-solution|table-not|not-field|negotiated-end|talks-should"
    ),
    "presses another party": _named(r"press|third-party|both|pushes", "favor"),
    "drops a precondition; ready": _named(r"drop|ready|open|willing|precondition-dropped|lifts", "favor"),
    "weapons or sanctions as leverage": _named(r"leverage|strength|pressure-to-table", "favor"),
    "limited truce": _named(r"limited|local|energy-truce|holiday|maritime|black-sea|christmas|easter|partial"),
    "refuses, suspends, ridicules": _named(
        r"refus|reject|suspend|ridicul|pointless|premature|rules-out|spurn|no-talks", "against"
    ),
    "rejects a plan on offer": _named(r"reject|plan-re|plan-ridicul|refusal-of-plan|plan", "against"),
    "demands victory or capitulation": _named(
        r"defeat|victory|must-lose|only-force|capitul|force|until|beaten", "against"
    ),
    "condition before talks": _named(
        r"precondition|withdrawal-first|land-first|leader-removal|once-with|ultimatum", "against"
    ),
    "weapons instead of talks": _named(r"weapon|arms|alternative|instead", "against"),
    "logistics and facts": _named(
        r"logistic|fact|travel|schedul|meeting-held|call-held|readout|procedure|draft|text", "neither"
    ),
    "progress, optimism, pessimism": _named(
        r"progress|optimis|pessimis|breakthrough|difficult|long-way|not-in-place|hope"
    ),
    "one term": _named(r"term|guarantee|troops|land|neutral|membership|recogni|nato", "neither"),
    "leaves it to others": _named(r"leav|other.*decide|nothing-(about|without)|up-to", "neither"),
    "judges the other side": _named(r"judg|other-will|other-side|accus|blam|denounc", "neither"),
    "predictions, morale, threats": _named(r"predict|morale|forecast|boast|threat|victory|warn", "neither"),
    "aid without bearing on talks": _named(r"aid|arms|weapon|sanction|help", "neither"),
    "a wish that the war end": _named(r"wish|prayer|hope|end-of-war|war-end", "neither"),
    "welcomes or joins an effort": _named(r"welcom|endors|join|backs|praise|supports|involved", "favor"),
    "thanks or praise alone": _named(r"thank|praise|prais|grat", "neither"),
    "criticism of a plan": _named(r"criti|scept|skept|bad-deal|plan-", "neither"),
    "counter-proposal": _named(r"counter|rewrit|amend|own-plan"),
    "no concessions against one term": _named(r"compromis|concession"),
    "a plan named as a thing": _named(r"plan-as|named-plan|noun|as-thing"),
    "monitoring, breaking or ending a truce": _named(
        r"monitor|enforc|guarant.*truce|truce-(brok|breach|end|declar)|ends-truce"
    ),
    "telling the invader to stop": _named(
        r"invader|must-end|stop-|end-its-war|demands-stop|own-war|withdrawal-call", "neither"
    ),
    "dialogue without this war": _named(r"dialogue|bilateral|trade|new-start|nuclear", "neither"),
    "ready if, ready once": _named(r"ready-if|once|confiden|condition"),
    "meetings: agrees, to meet, refuses one": _named(r"meet|summit|attend|participant|format|steps-back|no-show"),
    "motives of an offer": _named(r"motive|ruse|buying|trick|denies|smoke"),
    "a pause announced; an act of its own": _named(r"^act|-act|decree|pause|suspend|halt|withdraws"),
    "trap 1: negation and its scope": _named(r"negat|refusal-of-ref|refuses-refus|not-ruled|scope|not-|never"),
    "trap 2: reported by another": _named(r"report|relay|spoken-about|claims|says-other|hearsay"),
    "trap 3: nested speech": _named(r"nest|relay"),
    "trap 4: old quotes": _named(r"old|past|history|anniversar"),
    "trap 5: metonyms": lambda row: bool(METONYMS.search(row.speaker)),
    "trap 6: several voices of a state": lambda row: row.capacity in {"military", "legislature", "opposition"},
    "trap 7: hypotheticals and questions": _named(r"hypoth|question|if-"),
    "trap 8: hostile outlets": _named(r"hostile|propagand|seat|claim|accus"),
    "trap 9: pronouns and titles": _named(r"pronoun|title|carr"),
    "trap 10: two actors in a headline": _named(r"two|opposite|three|distract"),
    "trap 11: other wars, sport, business": _named(
        r"other-conflict|other-war|other-peace|sport|business|union|gaza|other-subject"
    ),
    "trap 12: conditions": _named(r"condition|terms-but|open-with|ready-if|provided"),
    "trap 13: one text, two readings": _named(r"two-actor|two-speak|opposite|three-speak|both"),
    "anonymous officials": lambda row: row.capacity == "unnamed",
    "analysts": lambda row: row.capacity == "expert",
}


def kinds_of(row: Row) -> list[str]:
    """The codebook's kinds that the row is an example of, in the codebook's order; none where its name says nothing."""
    return [kind for kind, test in KINDS.items() if test(row)]


def count_kinds(rows: Sequence[Row]) -> dict[str, int]:
    """How many rows are examples of each kind."""
    counts = dict.fromkeys(KINDS, 0)
    for row in rows:
        for kind in kinds_of(row):
            counts[kind] += 1
    return counts

"""Plain marks that a statement's words bear: condition, old quotation, limited scope, terms; never a stance."""

import re
from datetime import date
from typing import Final

# The condition runs to the end of its clause; at most this many characters of it are kept.
_LONGEST: Final = 160
_CONDITION: Final = re.compile(
    r"\b(?:(?:but )?only (?:after|if|when|once)|on condition(?: that)?(?! of anonymity)|provided that"
    r"|(?:as|so) long as(?! (?:it|this|that) takes)"
    r"|in exchange for|in return for|unless|until|as soon as|once|if)\b"
    r"(?:[A-Z]\.(?:[A-Z]\.)+|[^.,;:!?”\"“|—–])*",
    re.IGNORECASE,
)
_WHETHER: Final = re.compile(
    r"\b(?:asked|wonders?|wondered|know|knows|knew|clear|unclear|sure|see|decide)\s+$", re.IGNORECASE
)
_REFUSED: Final = re.compile(
    r"\b(?:no|not|never|nothing|cannot|without|\w+n[’']t|refus\w*|reject\w*|rul\w* out|impossible|suspend\w*)\b",
    re.IGNORECASE,
)
_EVEN: Final = re.compile(r"\b(?:even|what|as)\s+$", re.IGNORECASE)
_KINDS: Final = (
    r"(?:easter|christmas|holiday|orthodox|new year|ramadan|victory day|parade|olympic|local|partial|limited|energy"
    r"|humanitarian|maritime|naval|sea|black sea|air|aerial|weekend|(?:one|two|three)-day|(?:24|30|36|48|72)-hour"
    r"|thirty-hour|power[- ]plant)"
)
_TARGETS: Final = (
    r"(?:energy|power (?:plants?|stations?)|infrastructure|black sea|at sea|in the air|easter|christmas|may 9"
    r"|victory day|evacuat\w+)"
)
_LIMITED: Final = re.compile(
    rf"\b(?:{_KINDS}\s+(?:\w+\s+){{0,2}}(?:truce|cease-?\s?fire|pause|halt|lull)"
    rf"|(?:truce|cease-?\s?fire|halt|pause|moratorium)\s+(?:\w+\s+){{0,3}}{_TARGETS}"
    r"|(?:halt|stop|end|pause)\w*\s+(?:\w+\s+){0,3}(?:strikes|attacks)\s+(?:\w+\s+){0,2}"
    r"(?:energy|power|infrastructure|ships|ports)"
    r"|humanitarian corridors?)\b",
    re.IGNORECASE,
)
# Asked for, or refused, beside it, they are about the war as a whole.
_WHOLE: Final = re.compile(
    r"\b(?:(?:general|full|complete|comprehensive|unconditional|permanent|lasting|broader|total)\s+"
    r"(?:truce|cease-?\s?fire)|peace (?:deal|agreement|treaty|talks|accord|settlement)"
    r"|end(?:ing)? (?:of |to )?(?:the|this) war)\b",
    re.IGNORECASE,
)
_TERM: Final = (
    r"(?:territor\w+|land|lands|donbas\w*|donetsk|luhansk|crimea|nato|neutral\w*|demilitari\w+|troops|borders?"
    r"|sovereignty|guarantees|sanctions|regions?|annex\w+|constitution|language|assets|reparations)"
)
_FIRM: Final = re.compile(
    r"\b(?:not|never|won.t|no|without|rul(?:e|es|ed|ing) out|reject\w*|refus\w*|can(?:no|.)t)\b[^.;!?]{0,60}?"
    r"\b(?:ced\w+|giv\w+ (?:up|away)|surrender\w*|recogni[sz]\w+|trad\w+|withdraw\w*|abandon\w*|leav\w+|accept\w*"
    rf"|concession\w*|giveaway)\b[^.;!?]{{0,40}}?\b{_TERM}\b",
    re.IGNORECASE,
)
_DEMAND: Final = re.compile(
    r"\b(?:must|demand\w*|insist\w*|requires?|has to|have to)\b[^.;!?]{0,60}?"
    r"\b(?:ced\w+|giv\w+ up|recogni[sz]\w+|withdraw\w*|renounc\w+|abandon\w*|pull\w* out)\b"
    rf"[^.;!?]{{0,40}}?\b{_TERM}\b",
    re.IGNORECASE,
)
_PLAN_REJECTED: Final = re.compile(
    r"\b(?:reject|refus|dismiss|spurn|rebuff|turn\w* down|throw\w* out|rul\w* out)\w*\b"
    r"[^.;!?]{0,40}?\b(?:plan|proposal|offer|draft)\b",
    re.IGNORECASE,
)
_MONTH: Final = (
    r"(?:January|February|March|April|May|June|July|August|September|October|November|December|Jan\.?|Feb\.?|Mar\.?"
    r"|Apr\.?|Aug\.?|Sept?\.?|Oct\.?|Nov\.?|Dec\.?|spring|summer|autumn|fall|winter|Easter|Christmas)"
)
# "The agreements of 2022" and "since 2022" name a time that is not over, or a thing.
_YEAR: Final = re.compile(
    rf"\b(?:[Ii]n|[Bb]ack in|[Dd]uring|[Ee]arly|[Ll]ate|{_MONTH}(?: of)?|{_MONTH}\s+\d{{1,2}},)\s+(20[012]\d)\b"
)
# In front of a time they say when the thing was made that is spoken of today: "the draft agreed in Istanbul in 2022".
_MADE: Final = re.compile(
    r"\b(?:agreed|signed|reached|held|drafted|negotiated|initiall?ed|concluded|begun|interrupted|broken off|abandoned)"
    r"(?:\s+(?:upon|in|at|by|both|sides|the|[A-Z]\w+)){0,4}\s+$"
)
_AGO: Final = re.compile(
    r"\b(?:(?:two|three|four|several|many|some|\d+) years ago|(?:last|the previous) year|years earlier|at the time"
    r"|had (?:previously|once|earlier)|(?:once|previously) (?:said|told|vowed|called|promised|indicated|insisted))\b",
    re.IGNORECASE,
)
_PAST: Final = re.compile(
    r"\b(?:had|said|told|was|were|wrote|called|vowed|acknowledged|admitted|declared|signed|banned|\w+ed)\b"
)


def find_condition(text: str) -> str | None:
    """Return the words of the condition that a statement names ("only after Kyiv has withdrawn"), or None."""
    for match in _CONDITION.finditer(text):
        before = text[: match.start()]
        if _WHETHER.search(before[-24:]) or _EVEN.search(before[-8:]):
            continue
        if match.group().lower().startswith("until") and not _REFUSED.search(before[-300:]):
            # "Turkey will mediate until there is a truce": how long, and no condition.
            continue
        words = match.group().split(" - ")[0].strip(" ,-'’‘")
        if words.count(" ") >= 1:
            return words[:_LONGEST]
    return None


def find_scope(text: str) -> str | None:
    """Return `limited` where the truce spoken of is local, or of one kind of target or a few days; else None."""
    return "limited" if _LIMITED.search(text) and not _WHOLE.search(text) else None


def find_terms(text: str) -> str | None:
    """Return `firm` (refuses a term), `demand` (asks one of the other side), `rejected` (a plan), or None."""
    if _FIRM.search(text):
        return "firm"
    if _DEMAND.search(text):
        return "demand"
    return "rejected" if _PLAN_REJECTED.search(text) else None


def is_old(text: str, on: date) -> bool:
    """Whether the words restate what was said in an earlier year: "in March 2022 he had been ready for neutrality".

    `text` is the sentence without what stands in quotation marks: a year inside them is spoken of, not spoken in.
    """
    years = [int(match.group(1)) for match in _YEAR.finditer(text) if not _is_of_a_thing(text, match)]
    if years and max(years) < on.year and _PAST.search(text):
        return True
    return any(not _is_of_a_thing(text, match) for match in _AGO.finditer(text)) and bool(_PAST.search(text))


def _is_of_a_thing(text: str, match: re.Match[str]) -> bool:
    """Whether the time is that of a thing spoken of today: "the draft agreed two years ago"."""
    return _MADE.search(text[max(0, match.start() - 80) : match.start()]) is not None

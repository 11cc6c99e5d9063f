"""Which verb stands at a place and whether its subject does it, says it, or suffers it; never who the subject is."""

from collections.abc import Sequence
from typing import Final, Literal

from streams.statements.tokens import MARKS, Token
from streams.statements.verbs import ACT_FORMS, ADJECTIVES, EVALUATION_FORMS, PARTICLES, PURE_SPEECH, SPEECH_FORMS
from streams.statements.words import AUXILIARIES, CONJUNCTIONS, vocabulary

Sort = Literal["speech", "act"]
Verb = tuple[str, Sort]

# Stands for a verb that ends the matter: the subject suffers it, or the narrator judges.
NOTHING: Final[Verb] = ("", "act")
# A clause shows its verb within so many tokens.
_CLAUSE: Final = 7
_NO_CLAUSE: Final = CONJUNCTIONS | {"to", ",", ";", "that", "who", "which"}
# Behind a participle, these say that the subject suffered the act: "Ukraine urged to accept", "pressed by allies".
_PASSIVE: Final = frozenset({"to", "by", "of", "over", "into", "as"})
_SUFFERED: Final = vocabulary(
    """urge press ask tell warn order push expect accuse blame want invite encourage force allow permit require need
    instruct advise brief inform notify call praise slam criticise criticize mock condemn denounce challenge
    pressure prod nudge lobby oppose set send consider brand label"""
)
_UNCHANGED: Final = frozenset({"put", "set", "cut", "let", "shut", "cast", "quit", "read", "forecast", "hit"})
# Base forms that behind a phrase are nouns more often: "leaders at peace talks", "officials in a push".
_NOUNS: Final = vocabulary(
    """offer call push demand plan table plea pledge promise support hope claim deal draft move deny vote step work end
    lead"""
)


def read_verb(
    tokens: Sequence[Token], index: int, names_end: frozenset[int], *, headline: bool, passive: bool, plural: bool
) -> Verb | None:
    """Return the lemma and sort of the verb at `index`, `NOTHING` for one that ends the matter, None for no verb.

    `names_end` are the tokens behind a name. A singular subject takes no base form: "Russia demand" is a noun.
    """
    low = tokens[index].low
    if low in ADJECTIVES:
        return low, "act"
    found = ACT_FORMS.get(low) or SPEECH_FORMS.get(low)
    if found is None:
        return NOTHING if low in EVALUATION_FORMS else None
    lemma, form = found
    if form == "base" and not plural and lemma not in _UNCHANGED:
        return None
    following = tokens[index + 1].low if index + 1 < len(tokens) else ""
    if lemma in PARTICLES and following not in PARTICLES[lemma]:
        return NOTHING
    suffered = passive or (headline and lemma in _SUFFERED and low != lemma and following in _PASSIVE)
    if (form == "past" and suffered) or (form == "gerund" and not (passive or headline)):
        return NOTHING
    speaks = low in SPEECH_FORMS and (lemma in PURE_SPEECH or _opens_clause(tokens, index + 1, names_end))
    return (lemma, "speech") if speaks else (lemma, "act")


def _opens_clause(tokens: Sequence[Token], index: int, names_end: frozenset[int]) -> bool:
    """Whether a clause follows the verb, which is then what was said: "hopes that …", "warns Kyiv will fight on"."""
    if index >= len(tokens):
        return False
    low = tokens[index].low
    quoted = low == "," and index + 1 < len(tokens) and tokens[index + 1].quoted
    if quoted or low in {"that", ":", "how", "why"} or low in MARKS:
        return True
    for place in range(index, min(len(tokens), index + _CLAUSE)):
        low = tokens[place].low
        if low in _NO_CLAUSE or tokens[place].quoted:
            return False
        if is_auxiliary(low) or (place in names_end and is_finite(low)):
            return True
    return False


def is_auxiliary(low: str) -> bool:
    """Whether a word is an auxiliary or a modal, contracted or not."""
    return low in AUXILIARIES or low.endswith("n't")


def is_finite(low: str) -> bool:
    """Whether a word is a verb of the lists in the present or past tense."""
    found = SPEECH_FORMS.get(low) or ACT_FORMS.get(low)
    return found is not None and found[1] in ("present", "past")


def may_follow_phrase(tokens: Sequence[Token], index: int, *, plural: bool) -> bool:
    """Whether the token can be the verb of a subject that ends in a phrase: "officials in Kyiv reject"."""
    low = tokens[index].low
    if is_auxiliary(low) or is_finite(low):
        return True
    found = ACT_FORMS.get(low) or SPEECH_FORMS.get(low)
    base = found is not None and found[1] == "base" and low not in _NOUNS
    return base and plural and not tokens[index - 1].low.endswith("s")


def is_contracted(tokens: Sequence[Token], index: int) -> bool:
    """Whether the "'s" before `index` is "is": "Putin's ready", and not "Putin's strikes"."""
    low = tokens[index].low if index < len(tokens) else ""
    return low in ADJECTIVES or low in {"not", "been"} or (low in ACT_FORMS and ACT_FORMS[low][1] == "gerund")

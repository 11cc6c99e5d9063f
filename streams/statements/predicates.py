"""What stands behind a subject: speech, an act, or nothing of the kind; never who the subject is."""

from collections.abc import Sequence
from typing import Final, Literal, NamedTuple

from streams.statements.agents import Agent
from streams.statements.tokens import MARKS, Token
from streams.statements.verbs import ACT_FORMS, ADJECTIVES, EVALUATION_FORMS, PURE_SPEECH, SPEECH_FORMS
from streams.statements.words import (
    ADVERBS,
    AUXILIARIES,
    BE,
    CONJUNCTIONS,
    DETERMINERS,
    HYPOTHETICAL,
    PREPOSITIONS,
    SPECULATIVE,
    is_adverb,
    vocabulary,
)

Sort = Literal["speech", "act"]
# An apposition or a phrase between subject and verb is at most this many tokens.
_APPOSITION: Final = 32
_PHRASE: Final = 8
# A clause shows its verb within so many tokens.
_CLAUSE: Final = 7
_ENDS_SEARCH: Final = CONJUNCTIONS | {"to", ",", ";", "that", "who", "which"}
# Behind a participle, these say that the subject suffered the act: "Ukraine urged to accept", "pressed by allies".
_PASSIVE: Final = frozenset({"to", "by", "of", "over", "into", "as"})
_SUFFERED: Final = vocabulary(
    """urge press ask tell warn order push expect accuse blame want invite encourage force allow permit require need
    instruct advise brief inform notify call praise slam criticise criticize mock condemn denounce challenge
    pressure prod nudge lobby oppose set send consider brand label"""
)


# Base forms that behind a phrase are nouns more often: "leaders at peace talks", "officials in a push".
_NOUNS: Final = frozenset(
    "offer call push demand plan table plea pledge promise support hope claim deal draft move deny vote step work end lead".split()
)
_UNCHANGED: Final = frozenset({"put", "set", "cut", "let", "shut", "cast", "quit", "read", "forecast"})


class Predicate(NamedTuple):
    """The verb at token `verb`, its lemma and sort; `hedged` where a modal makes it something that may happen."""

    verb: int
    lemma: str
    sort: Sort
    hedged: bool


def read_predicate(
    tokens: Sequence[Token], index: int, agents: Sequence[Agent], *, headline: bool, plural: bool, future: bool = True
) -> Predicate | None:
    """Return what the subject that ends before token `index` says or does, or None: no subject, or no such verb.

    A singular subject takes no base form: "Ukraine plan" and "Russia demand" are nouns. `future`: the infinitive of a
    headline counts ("Kyiv to resume talks"), as it does not for an object ("and Kyiv to resume them").
    """
    occupied = {agent.first: agent.last for agent in agents}
    modal = passive = False
    strange = any(agent.last == index and agent.kind == "stranger" for agent in agents)
    crossed = 0
    while index < len(tokens):
        token = tokens[index]
        low = token.low
        if low in AUXILIARIES or low.endswith("n't"):
            modal |= low.removesuffix("n't") in SPECULATIVE
            passive |= low.removesuffix("n't") in BE
            plural = True
            index += 1
        elif low == "not" and not plural and headline:
            # "Kyiv not invited" has lost its "is"; "Kyiv not ready" has too, and is caught as an adjective.
            passive, index = True, index + 1
        elif is_adverb(low) or low.isdigit() or low in MARKS:
            index += 1
        elif low == "to" and headline and future:
            future, plural, index = False, True, index + 1
        elif verb := _verb(tokens, index, occupied, headline=headline, passive=passive, plural=plural):
            return Predicate(index, verb[0], verb[1], modal) if verb[0] else None
        elif low == ":" and headline and 0 < index < len(tokens) - 1 and tokens[index - 1].word and not strange:
            return Predicate(index, "say", "speech", False)
        elif low == "(":
            index = _behind(tokens, index, ")")
        elif low == "," and not crossed:
            crossed = index
            index = _behind_apposition(tokens, index, occupied)
        elif low in PREPOSITIONS and not passive and not modal:
            index = _behind_phrase(tokens, index, plural=plural)
        elif low == "'s" and headline and _is(tokens, index + 1):
            passive, index = True, index + 1
        else:
            return None
        if index < 0:
            return None
    return None


def _is(tokens: Sequence[Token], index: int) -> bool:
    """Whether "'s" before `index` is "is": "Putin's ready", and not "Putin's strikes"."""
    low = tokens[index].low if index < len(tokens) else ""
    return low in ADJECTIVES or low in {"not", "been"} or (low in ACT_FORMS and ACT_FORMS[low][1] == "gerund")


def _verb(
    tokens: Sequence[Token], index: int, occupied: dict[int, int], *, headline: bool, passive: bool, plural: bool
) -> tuple[str, Sort] | None:
    """The lemma and sort of the verb at `index`; an empty lemma for one that ends the matter."""
    low = tokens[index].low
    following = tokens[index + 1].low if index + 1 < len(tokens) else ""
    if low in ADJECTIVES:
        return low, "act"
    if low in EVALUATION_FORMS and low not in ACT_FORMS and low not in SPEECH_FORMS:
        return "", "act"
    found = ACT_FORMS.get(low) or SPEECH_FORMS.get(low)
    if found is None:
        return None
    lemma, form = found
    if form == "base" and not plural and lemma not in _UNCHANGED:
        return None
    if form == "past" and _suffers(lemma, low, following, headline=headline, passive=passive):
        return "", "act"
    if form == "gerund" and not (passive or headline):
        return "", "act"
    speaks = low in SPEECH_FORMS and (lemma in PURE_SPEECH or _opens_clause(tokens, index + 1, occupied))
    return (lemma, "speech") if speaks else (lemma, "act")


def _suffers(lemma: str, low: str, following: str, *, headline: bool, passive: bool) -> bool:
    if passive:
        return True
    if lemma not in _SUFFERED or low == lemma:
        return False
    return headline and following in _PASSIVE


def _opens_clause(tokens: Sequence[Token], index: int, occupied: dict[int, int]) -> bool:
    """Whether a clause follows the verb, which is then what was said: "hopes that …", "warns Kyiv will fight on"."""
    if index >= len(tokens):
        return False
    if tokens[index].low in {"that", ":", "how", "why"} or tokens[index].low in MARKS:
        return True
    if tokens[index].low == "," and index + 1 < len(tokens) and tokens[index + 1].quoted:
        return True
    for place in range(index, min(len(tokens), index + _CLAUSE)):
        low = tokens[place].low
        if low in _ENDS_SEARCH or tokens[place].quoted:
            return False
        if low in AUXILIARIES or low.endswith("n't"):
            return True
        behind_name = any(last == place for last in occupied.values())
        finite = SPEECH_FORMS.get(low) or ACT_FORMS.get(low)
        if behind_name and finite is not None and finite[1] in ("present", "past"):
            return True
    return False


def _behind(tokens: Sequence[Token], index: int, closer: str) -> int:
    for place in range(index + 1, min(len(tokens), index + _APPOSITION)):
        if tokens[place].low == closer:
            return place + 1
    return -1


def _behind_apposition(tokens: Sequence[Token], index: int, occupied: dict[int, int]) -> int:
    """The token behind the second comma of ", the president of Ukraine,"; -1 where no apposition stands."""
    if index + 1 >= len(tokens):
        return -1
    first = tokens[index + 1]
    opens = (
        first.low in DETERMINERS
        or first.low in PREPOSITIONS
        or first.low
        in {
            "who",
            "whose",
            "which",
            "speaking",
            "asked",
            "pressed",
            "citing",
            "head",
            "former",
            "himself",
            "according",
            "addressing",
            "writing",
            "visiting",
            "too",
            "also",
            "however",
            "meanwhile",
            "herself",
        }
        or first.low in ADVERBS
        or index + 1 in occupied
        or first.low.endswith("ing")
        or first.low.isdigit()
    )
    if not opens:
        return -1
    for place in range(index + 1, min(len(tokens), index + _APPOSITION)):
        if tokens[place].low == "," and not tokens[place].quoted:
            return place + 1
        if tokens[place].low in {";", ":"}:
            return -1
    return -1


def _behind_phrase(tokens: Sequence[Token], index: int, *, plural: bool) -> int:
    """The first token behind "in Kyiv on Friday", "of Georgetown University": where a verb may stand; else -1."""
    for place in range(index + 1, min(len(tokens), index + _PHRASE)):
        token = tokens[place]
        if token.low in CONJUNCTIONS or token.low in HYPOTHETICAL or token.low in {",", ";", ":", "that", "to"}:
            return place if token.low == "," else -1
        form = SPEECH_FORMS.get(token.low) or ACT_FORMS.get(token.low)
        finite = token.low in AUXILIARIES or (form is not None and (form[1] in ("present", "past")))
        finite |= (
            form is not None
            and form[1] == "base"
            and plural
            and not tokens[place - 1].low.endswith("s")
            and token.low not in _NOUNS
        )
        if finite and place > index + 1:
            return place
    return -1

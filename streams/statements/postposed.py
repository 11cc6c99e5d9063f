"""Whose words come before their attribution: "…, X said on Friday"; nothing else."""

from collections.abc import Sequence
from typing import Final, NamedTuple

from streams.statements.agents import Agent
from streams.statements.predicates import read_predicate
from streams.statements.subjects import begins, coordinated, is_outlet, is_plural, is_source
from streams.statements.tokens import DASHES, Token
from streams.statements.verbs import PURE_SPEECH, SPEECH_FORMS
from streams.statements.words import CONJUNCTIONS, DETERMINERS, PREPOSITIONS, TIMES, is_adverb, vocabulary

ENDS: Final = frozenset(".!?…)],—–-(")
_SUBJECT: Final = 14
# Fewer tokens between quotation marks, the marks among them, are a word and no sentence.
_QUOTATION: Final = 5
# A clause that begins so goes on the one before: "…, and that he warned against it".
_CONTINUES: Final = CONJUNCTIONS | {"that", "which", "who", "where", "when", "if", "because"}
_SUBORDINATORS: Final = vocabulary(
    "after as while although though when since because despite if unless whereas before amid following once"
)
_TOLD: Final = vocabulary("told tells tell asked asks assured informed warned reminded")


class Attribution(NamedTuple):
    """The sentence is the words of `agents`; none where the voice is no actor.

    `outlet` holds the words of a paper or of a source without a country, which only passes on what others do, or say
    where there are agents; `unnamed`: it is such a source.
    """

    agents: tuple[Agent, ...] = ()
    outlet: str | None = None
    unnamed: bool = False


def pass_on(text: str, words: Sequence[Token]) -> Attribution:
    """Return the attribution to a paper or a source."""
    return Attribution((), text[words[0].start : words[-1].end], is_source(words))


def read_postposed(
    text: str, tokens: Sequence[Token], agents: Sequence[Agent], *, headline: bool
) -> Attribution | None:
    """Read "Talks are a dead end, the Kremlin said on Friday"."""
    if _said_before(tokens, agents, headline=headline):
        return None
    stranger: Attribution | None = None
    for at in range(len(tokens) - 1, 1, -1):
        token = tokens[at]
        if token.quoted or token.low not in SPEECH_FORMS or (token.text == "States" and not headline):
            continue
        first = _subject_begins(tokens, at) if _may_close(tokens, at) else None
        # The comma can stand within a name and its title: "…, Ukraine's foreign minister, Andrii Sybiha, said".
        first = next((one.first for one in agents if first is not None and one.first < first < one.last), first)
        if first is None or tokens[first].low in _CONTINUES or _is_reported(tokens, first):
            continue
        parenthetical = at + 2 < len(tokens) and tokens[at + 1].low == ","
        if first < 3 and not tokens[0].quoted and not parenthetical:
            continue
        if tokens[0].low in _SUBORDINATORS and not tokens[first - 1].quoted:
            return None
        voices = [agent for agent in agents if first <= agent.first and agent.last <= at]
        words = [token for token in tokens[first:at] if token.word]
        if is_outlet(words) and not any(agent.actor for agent in voices):
            return pass_on(text, words)
        if voices and begins(voices[0], tokens, first):
            heads = coordinated(tokens, voices, 0)
            predicate = read_predicate(tokens, heads[-1].last, agents, headline=headline, plural=is_plural(heads))
            if predicate is not None and predicate.verb == at:
                return Attribution(heads)
        named = words and not any(word.low in SPEECH_FORMS or word.low.endswith("ing") for word in words)
        if named and _is_parted(tokens, first):
            # Nobody known; but somebody known may still stand further to the left.
            stranger = stranger or Attribution()
    return stranger


def _may_close(tokens: Sequence[Token], at: int) -> bool:
    """Whether the verb of speech at `at` can be the last of its sentence."""
    lemma, form = SPEECH_FORMS[tokens[at].low]
    if form == "gerund":
        return False
    return may_end(tokens, at + 1) if lemma in PURE_SPEECH | {"tell", "warn"} else _does_end(tokens, at + 1)


def _is_reported(tokens: Sequence[Token], first: int) -> bool:
    """Whether "… noted that" stands before: then what follows is reported, a second verb of speech included."""
    return any(
        token.low in SPEECH_FORMS and tokens[place + 1].low == "that" and not token.quoted
        for place, token in enumerate(tokens[: max(0, first - 1)])
    )


def _said_before(tokens: Sequence[Token], agents: Sequence[Agent], *, headline: bool) -> bool:
    """Whether the sentence begins with "X says that …": a second verb of speech behind it is no frame around it.

    In a headline the "that" is understood.
    """
    if not agents or not begins(agents[0], tokens, 0) or (headline and agents[0].kind == "stranger"):
        return False
    heads = coordinated(tokens, agents, 0)
    found = read_predicate(tokens, heads[-1].last, agents, headline=headline, plural=is_plural(heads))
    if (
        found is None
        or found.sort != "speech"
        or found.lemma not in PURE_SPEECH - {"tell"}
        or tokens[found.verb - 1].low == ","
    ):
        return False
    return headline or (found.verb + 1 < len(tokens) and tokens[found.verb + 1].low == "that")


def _is_parted(tokens: Sequence[Token], first: int) -> bool:
    """Whether a comma, a dash or a whole quotation stands before: "the 'ludicrous' drone claims" is no attribution."""
    if not tokens[first - 1].quoted:
        return True
    begun = first - 1
    while begun > 0 and tokens[begun - 1].quoted:
        begun -= 1
    return begun == 0 or first - begun >= _QUOTATION


def _subject_begins(tokens: Sequence[Token], verb: int) -> int | None:
    """Where the subject of a postposed verb begins: behind the comma, dash or quotation mark before it."""
    apposed = False
    for place in range(verb - 1, max(-1, verb - _SUBJECT - 12), -1):
        token = tokens[place]
        if token.quoted or token.text in DASHES or token.low in {";", "?", "!"}:
            return place + 1 if place + 1 < verb else None
        if token.low != ",":
            if verb - place > _SUBJECT and not apposed:
                return None
            continue
        if place + 1 == verb:
            # "Kagan, an expert at a think tank, argued": the verb stands behind an apposition.
            apposed = True
        elif apposed and (tokens[place + 1].low in DETERMINERS or not tokens[place + 1].capital):
            apposed = False
        else:
            return place + 1
    return None


def _does_end(tokens: Sequence[Token], index: int) -> bool:
    """As `_may_end`, for verbs whose object looks like an adjunct: "agrees to talks", "insists on terms"."""
    if index >= len(tokens):
        return True
    token = tokens[index]
    return (
        token.low in ENDS
        or token.quoted
        or token.low in TIMES
        or token.low in {"in", "at", "after", "during", "before", "as"}
    )


def may_end(tokens: Sequence[Token], index: int) -> bool:
    """Whether what follows is only when, where or to whom, so that the words reported came before."""
    while index < len(tokens) and is_adverb(tokens[index].low):
        index += 1
    if index >= len(tokens):
        return True
    token = tokens[index]
    if token.low in ENDS or token.quoted or token.text in DASHES:
        return True
    if token.low in PREPOSITIONS or token.low in {"as", "when", "while"}:
        return True
    return index > 0 and tokens[index - 1].low in _TOLD

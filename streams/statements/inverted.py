"""Whose words come before an attribution that is turned round: "…, says X"; nothing else."""

from collections.abc import Sequence
from typing import Final

from streams.statements.agents import Agent
from streams.statements.postposed import ENDS, Attribution, may_end, pass_on
from streams.statements.predicates import read_predicate
from streams.statements.subjects import coordinated, is_outlet
from streams.statements.tokens import DASHES, Token
from streams.statements.verb_phrases import is_auxiliary, is_finite
from streams.statements.verbs import SPEECH_FORMS
from streams.statements.words import ADVERBS, CROWD, DETERMINERS, PREPOSITIONS, vocabulary

# Behind these the name is the one spoken to: "…, tells Kyiv to refuse". They are never put before their subject.
_TRANSITIVE: Final = vocabulary(
    """tell ask urge inform notify brief assure warn advise see hear understand know hold put fear promise pledge deny
    report reveal recommend tout counter read plead call describe feel expect hope demand rule"""
)
# A voice without a name is at most this many words long.
_VOICE: Final = 6


def read_inverted(text: str, tokens: Sequence[Token], agents: Sequence[Agent], *, headline: bool) -> Attribution | None:
    """Read "Talks are a dead end, says the Kremlin"."""
    for at in range(len(tokens) - 2, 0, -1):
        if not _is_turned(tokens, at) or _has_subject(tokens, agents, at, headline=headline):
            continue
        first = at + 1
        while first < len(tokens) and (tokens[first].low in DETERMINERS or tokens[first].low in ADVERBS):
            first += 1
        voices = [agent for agent in agents if agent.first >= first]
        named = bool(voices) and voices[0].first == first and voices[0].kind != "pronoun"
        words = [token for token in tokens[first : first + 3] if token.word]
        clause = tokens[at - 1].low == "as"
        if is_outlet(words) and not clause and not (named and voices[0].actor):
            return pass_on(text, words)
        if named:
            heads = coordinated(tokens, voices, 0)
            # "…, says Putin must lose" has a clause behind the name: then somebody named before says it.
            if _ends(tokens, heads[-1].last, quoted=tokens[at - 1].quoted):
                return Attribution(heads)
        elif tokens[at - 1].quoted or (not clause and _is_voice(tokens, at, first)):
            return Attribution()
    return None


def _is_turned(tokens: Sequence[Token], at: int) -> bool:
    """Whether the token is a verb of speech that may stand before its subject."""
    token, before = tokens[at], tokens[at - 1]
    if token.quoted or token.low not in SPEECH_FORMS or tokens[at + 1].low == "that":
        return False
    lemma, form = SPEECH_FORMS[token.low]
    if form in ("gerund", "base") or (lemma in _TRANSITIVE and not before.quoted):
        return False
    return before.low in {",", "as"} or before.quoted or before.text in DASHES


def _has_subject(tokens: Sequence[Token], agents: Sequence[Agent], at: int, *, headline: bool) -> bool:
    """Whether the verb has its subject before it: "Kagan, an expert at a think tank, said …"."""
    if tokens[at - 1].quoted:
        return False
    before = (agent for agent in agents if agent.last < at)
    reads = (read_predicate(tokens, agent.last, agents, headline=headline, plural=True) for agent in before)
    return any(found is not None and found.verb == at for found in reads)


def _ends(tokens: Sequence[Token], index: int, *, quoted: bool) -> bool:
    """Whether the name ends the attribution: "says Putin 'is mad'" goes on, unless a quotation came before."""
    if index < len(tokens) and tokens[index].quoted:
        return quoted
    # "Not so, replied X: the truce was a pretext."
    return (
        (index < len(tokens) and tokens[index].low == ":")
        or may_end(tokens, index)
        or tokens[index].low in {"who", "whose"}
    )


def _is_voice(tokens: Sequence[Token], at: int, first: int) -> bool:
    """Whether some voice of no country follows: "…, wrote a columnist who …"; not the narrator's then."""
    stop = first
    while stop < min(len(tokens), first + _VOICE) and not _closes(tokens[stop]):
        if is_auxiliary(tokens[stop].low) or (is_finite(tokens[stop].low) and stop > first):
            return False
        stop += 1
    if stop == first or stop == first + _VOICE:
        return False
    return tokens[at + 1].low in DETERMINERS or tokens[first].low in CROWD


def _closes(token: Token) -> bool:
    return token.low in ENDS or token.low in {"who", "whose"} or token.low in PREPOSITIONS

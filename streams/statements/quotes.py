"""A run of sentences with one voice to a statement: the exact words, where the name stands in them, and their marks."""

from collections.abc import Sequence
from datetime import date
from typing import NamedTuple

from streams.catalogue import Mention
from streams.records import Statement
from streams.statements.claims import find_claim
from streams.statements.marks import find_condition, find_scope, find_terms, is_old
from streams.statements.tokens import Token, tokenize
from streams.statements.voices import Voice


class Run(NamedTuple):
    """Characters `start` to `end` of the body, said by one voice; `at` is the last sentence's number.

    `kept`: whether it can bear on a settlement. `named`: whether the name stands in the run. `origin` is where the
    run's first sentence begins, if before `start`: what it says of the time holds for all of it. `whole`: whether the
    run ends where its last sentence does.
    """

    at: int
    start: int
    end: int
    voice: Voice
    kept: bool
    named: bool = True
    origin: int | None = None
    whole: bool = True


def make_run(at: int, start: int, end: int, voice: Voice, *, kept: bool) -> Run:
    """Return the run of a voice in the sentence `start` to `end`: its own part of it, where it has one."""
    if voice.part is None:
        return Run(at, start, end, voice, kept)
    first, last = voice.part
    agent = voice.agent._replace(start=voice.agent.start - first, end=voice.agent.end - first)
    named = agent.start >= 0 and agent.end <= last - first
    own = voice._replace(agent=agent)
    return Run(at, start + first, start + last, own, kept, named=named, origin=start, whole=start + last >= end)


def is_all_quoted(tokens: Sequence[Token]) -> bool:
    """Whether the sentence is nothing but a quotation."""
    return bool(tokens) and all(token.quoted or not token.word for token in tokens) and any(t.word for t in tokens)


def make_statement(body: str, run: Run, on: date, mentions: Sequence[Mention]) -> Statement:
    """Return the statement; its quote is `body[run.start:run.end]`, and `mentions` are those in it."""
    quote = body[run.start : run.end]
    agent = run.voice.agent
    told = quote if run.origin is None else body[run.origin : run.end]
    plain = " ".join(token.text for token in tokenize(told) if not token.quoted)
    return Statement(
        speaker=agent.speaker,
        actor=agent.actor or "other",
        capacity="unnamed" if run.voice.unnamed else agent.capacity or "other",
        quote=quote,
        start=run.start,
        end=run.end,
        speaker_start=agent.start if run.named else -1,
        speaker_end=agent.end if run.named else -1,
        condition=find_condition(quote),
        reported_by=run.voice.outlet,
        scope=find_scope(quote),
        terms=find_terms(quote),
        old=is_old(plain, on),
        claim_about=find_claim(quote, (agent.start, agent.end), agent.actor or "other", mentions)
        if run.named and agent.start >= 0
        else None,
    )

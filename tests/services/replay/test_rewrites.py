"""One statement in one or in twenty rewritings: the same position and one alert. Every sentence in here is invented."""

import random
from collections.abc import Iterator
from datetime import timedelta

import pytest

from services.ingest.articles import sign_article
from services.replay import Replay, Turn
from streams.memory import Memory
from streams.positions import make_position
from streams.records import Article
from tests.services.replay.test_replay import NOON, read_title

SUBJECTS = (
    "The council",
    "A delegate",
    "The old harbour",
    "Her cabinet",
    "A witness",
    "The northern valley",
    "One editor",
)
VERBS = "described", "recalled", "weighed", "published", "questioned", "defended", "counted"
OBJECTS = "a letter of nine pages", "the winter's accounts", "an unfinished bridge", "two proposals", "the old border"


def made_text(seed: int) -> str:
    """An article of some 200 words that no other seed shares."""
    rng = random.Random(f"text {seed}")
    return " ".join(
        f"{rng.choice(SUBJECTS)} {rng.choice(VERBS)} {rng.choice(OBJECTS)} on day {rng.randrange(10_000)}."
        for _ in range(20)
    )


def rewritten(text: str, seed: int) -> str:
    """The text as another outlet carries it: a line of its own, a sentence dropped, some words exchanged."""
    rng = random.Random(seed)
    sentences = text.split(". ")
    del sentences[rng.randrange(len(sentences))]
    words = ". ".join(sentences).split()
    for _ in range(3):
        words[rng.randrange(len(words))] = rng.choice(("reportedly", "yesterday", "again"))
    return f"From our desk in Port {seed}: " + " ".join(words)


def told(day: int, stance: str, copies: int) -> Iterator[Article]:
    text = made_text(day)
    for copy in range(copies):
        body, when = rewritten(text, copy) if copy else text, NOON + timedelta(days=day, minutes=7 * copy)
        title = f"{stance} ({day})"
        yield Article(
            id=f"{day}-{copy}", url="", outlet=f"copier {copy}" if copy else "ABC"[day % 3], title=title, text=body,
            published=when, fetched=when, signature=sign_article(title, body),
        )  # fmt: skip


def replay(copies: int) -> tuple[Memory, list[Turn]]:
    memory = Memory()
    articles = [a for day in range(55) for a in told(day, "favor" if day < 40 else "against", copies)]
    return memory, list(Replay(memory, read_title).follow(articles))


def test_twenty_rewritings_move_a_position_as_one_does_and_alert_once() -> None:
    (one, told_once), (twenty, told_often) = replay(1), replay(20)
    now = (NOON + timedelta(days=60)).timestamp()
    single, many = (
        make_position("ruritania", m.evidence.dossier("ruritania"), now, frozenset()) for m in (one, twenty)
    )
    assert many.probabilities == pytest.approx(single.probabilities, abs=1e-6)
    assert (many.stance, many.events, many.outlets) == (single.stance, single.events, single.outlets)
    states = [
        [(alert.kind, alert.status, alert.before, alert.after) for t in turns for o in t.outcomes for alert in o.alerts]
        for turns in (told_once, told_often)
    ]
    assert states[0] == states[1]
    assert states[0].count(("shift", "confirmed", "favor", "against")) == 1

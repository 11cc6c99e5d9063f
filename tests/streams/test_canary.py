"""The canary goes the whole way and leaves no trace on any position."""

from datetime import UTC, datetime

from streams.batch import read_batch
from streams.canary import CANARY, KIND, canary_alert, canary_statement, is_canary, make_canary
from streams.catalogue import read_catalogue
from streams.evidence import Outcome, follow
from streams.memory import Memory
from streams.records import Probabilities, Reading
from streams.statements import read_article
from streams.topics import decode_article, encode

NOON = datetime(2026, 3, 4, 12, 0, 5, tzinfo=UTC)


def reading_of_a_canary() -> Reading:
    def read(statements: object) -> list[Probabilities]:
        return [Probabilities(0.1, 0.8, 0.1) for _ in statements]  # type: ignore[attr-defined]

    (outcome,) = read_batch([encode(make_canary(NOON))], read_catalogue(), read, "a-model")
    (reading,) = outcome.readings
    return reading


def test_a_canary_is_read_by_the_model_like_any_statement() -> None:
    reading = reading_of_a_canary()
    assert (reading.actor, reading.speaker, reading.model) == (CANARY, CANARY, "a-model")
    assert reading.quote == make_canary(NOON).body[reading.start : reading.end]


def test_a_canary_raises_an_alert_at_once_and_leaves_nothing_behind() -> None:
    memory, reading = Memory(), reading_of_a_canary()
    outcome = follow(reading, memory)
    assert outcome == Outcome(alerts=(canary_alert(reading),))
    assert outcome.alerts[0].kind == KIND
    assert outcome.alerts[0].since == NOON
    assert memory.evidence.dossiers == {}
    assert memory.lives == {}
    assert follow(reading, memory) == outcome


def test_a_worker_that_knows_no_canary_finds_no_statement_in_it() -> None:
    assert read_article(make_canary(NOON), read_catalogue()).statements == ()


def test_nothing_from_a_feed_is_taken_for_a_canary() -> None:
    article = decode_article(encode(make_canary(NOON)))
    assert is_canary(article)
    from_a_feed = {"id": "0123456789abcdef", "outlet": CANARY}
    assert not is_canary(
        type(article)(**{name: getattr(article, name) for name in article.__struct_fields__} | from_a_feed)
    )


def test_canaries_of_different_seconds_are_different_articles() -> None:
    assert make_canary(NOON).id != make_canary(NOON.replace(second=6)).id
    assert canary_statement(make_canary(NOON)).quote

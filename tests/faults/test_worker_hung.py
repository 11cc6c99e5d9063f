"""A reader of stances that does not end, on one article or on all."""

import json
from pathlib import Path

import pytest

from streams.topics import ARTICLES
from tests.faults.kafka import Kafka
from tests.faults.running import Worker

BROKEN, OUT_OF_ITS_HANDS = 70, 1
PATIENCE = {"PARLEY_INFERENCE_TIMEOUT": "2"}


def noted(directory: Path) -> dict[str, list[list[object]]]:
    """Return what the worker's notes say after its end."""
    found: dict[str, list[list[object]]] = json.loads(
        (directory / "state" / "stream" / "in-hand-0.json").read_bytes().splitlines()[0]
    )
    return found


@pytest.mark.fault(31, "the reader sleeps on one article, each time")
def test_an_article_on_which_reading_does_not_end_is_dead_lettered_and_no_other(
    embedded: Kafka, tmp_path: Path
) -> None:
    inputs = embedded.put_articles(range(20))
    for death in range(1, 4):
        with Worker(embedded, tmp_path, "--hang-on", 7, settings=PATIENCE) as worker:
            assert worker.await_exit() == BROKEN
            assert worker.rounds("reading").count(7) == death
            assert worker.log.read_text().count("the worker stops before it commits: articles: Hung:") == death
    with Worker(embedded, tmp_path, "--hang-on", 7, settings=PATIENCE) as worker:
        embedded.await_done()
        assert worker.end() == 0
    embedded.assert_none_lost(inputs)
    (place,) = (one.place for one in inputs if one.number == 7)
    assert {source: reason.split(":")[0] for source, reason in embedded.dead(ARTICLES).items()} == {
        place: "killed-the-worker"
    }


@pytest.mark.fault(31, "the reader holds the interpreter in a regular expression that does not end")
def test_a_reader_that_lets_nothing_else_run_ends_with_its_article_noted(embedded: Kafka, tmp_path: Path) -> None:
    embedded.put_articles([7])
    with Worker(embedded, tmp_path, "--hang-on", 7, "--hang", "holds", settings=PATIENCE) as worker:
        assert worker.await_exit() == OUT_OF_ITS_HANDS
        assert worker.rounds("reading") == [7]
        assert "Timeout" in worker.log.read_text()
    assert embedded.lag(ARTICLES) == 1
    # As after any death: the next worker handles it alone, and the third death is the last.
    assert len(noted(tmp_path)["hand"]) == 1


@pytest.mark.fault(31, "the reader sleeps on everything, the control record too")
def test_a_model_that_hangs_stops_the_worker_and_blames_no_article(embedded: Kafka, tmp_path: Path) -> None:
    inputs = embedded.put_articles(range(20))
    with Worker(embedded, tmp_path, "--slow", 600, settings=PATIENCE) as worker:
        assert worker.await_exit() == BROKEN
        assert worker.rounds("reading") != []
        assert "nothing is read within 2 s, not even the control record" in worker.words()
    assert embedded.lag(ARTICLES) == 20
    assert noted(tmp_path) == {"hand": [], "deaths": []}
    with Worker(embedded, tmp_path) as worker:
        embedded.await_done()
        assert worker.end() == 0
    embedded.assert_none_lost(inputs)
    assert embedded.dead(ARTICLES) == {}

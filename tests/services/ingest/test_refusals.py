"""What the ingester refuses before it begins, each in one line: wrong calls, senseless settings, another's state."""

import os
import socket
from pathlib import Path

import pytest

from services.broker.embedded import EmbeddedBroker
from services.errors import UsageProblem
from services.ingest.run import run_ingester
from services.ingest.store import Store
from services.settings import read_settings
from tests.services.ingest.server import Site
from tests.services.ingest.test_run import LOCAL, articles, call, called, connection, listed, with_site
from tests.services.ingest.test_visit import entry, rss

pytestmark = pytest.mark.journey


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["--feeds", "missing.opml"], "missing.opml: cannot be read"),
        (["--poll-min", "0"], "--poll-min"),
        (["--nonsense"], "--nonsense"),
    ],
)
def test_a_wrong_call_is_one_line_and_exit_code_2(tmp_path: Path, arguments: list[str], words: str) -> None:
    done = call("--state", str(tmp_path), *arguments)
    assert done.returncode == 2
    assert words in done.stderr
    assert len(done.stderr.splitlines()) == 1


@pytest.mark.parametrize(
    ("options", "words"),
    [
        ({"feeds": os.devnull}, "not well-formed"),
        ({}, "no feeds"),
        ({"feeds": "x", "poll_min": 9.0, "poll_max": 1.0}, "larger than"),
    ],
)
def test_settings_that_make_no_sense_are_refused_before_anything_starts(options: dict[str, object], words: str) -> None:
    with pytest.raises(UsageProblem, match=words):
        run_ingester(read_settings(**options), once=False, fresh=False)


def test_a_metrics_port_in_use_is_one_line_and_exit_code_2(tmp_path: Path) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        feeds = listed(tmp_path, {"Herald": "https://herald.example/"})
        done = call("--feeds", feeds, "--state", str(tmp_path / "s"), "--metrics-port", str(port))
    assert done.returncode == 2
    assert str(port) in done.stderr
    assert len(done.stderr.splitlines()) == 1


def test_state_of_another_broker_is_refused_until_it_is_discarded(tmp_path: Path) -> None:
    async def test(place: Site) -> None:
        place.serve("/feed", rss(entry(1)).replace("herald", "other"))
        feeds = listed(tmp_path, {"Other": f"{place.url}/feed"})
        arguments = ["--once", "--feeds", feeds, "--no-fulltext", *LOCAL]
        store = Store(tmp_path / "s")
        store.belong_to("cluster-of-yesterday")
        store.close()
        refused = await called(*arguments, *connection(broker, tmp_path / "s"))
        assert refused.returncode == 2
        assert "move the directory away" in refused.stderr
        assert articles(broker, "Other") == []
        fresh = await called(*arguments, *connection(broker, tmp_path / "s"), "--fresh")
        assert fresh.returncode == 0, fresh.stderr
        assert len(articles(broker, "Other")) == 1

    with EmbeddedBroker() as broker:
        with_site(test)

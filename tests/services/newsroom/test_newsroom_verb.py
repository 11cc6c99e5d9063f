"""`parley newsroom` as a process: it says where it is, ends when told to, and complains in one line."""

import json
import signal
import socket
import subprocess
import sys
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager

import pytest

from services.newsroom.timeline import read_timeline


def newsroom(*arguments: str) -> "subprocess.Popen[str]":
    return subprocess.Popen(
        [sys.executable, "-m", "services", "newsroom", *arguments],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )


@contextmanager
def running(*arguments: str) -> Iterator[tuple["subprocess.Popen[str]", dict[str, str]]]:
    process = newsroom(*arguments)
    try:
        assert process.stdout is not None
        yield process, json.loads(process.stdout.readline())
    finally:
        process.kill()
        process.communicate()


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_it_says_where_it_is_and_ends_cleanly_when_told_to(number: signal.Signals) -> None:
    with running("--port", "0") as (process, places):
        with urllib.request.urlopen(places["clock"], timeout=30) as response:
            assert json.load(response)["done"] is False
        with urllib.request.urlopen(places["opml"], timeout=30) as response:
            assert response.read().count(b"xmlUrl") == 8
        process.send_signal(number)
        _, errors = process.communicate(timeout=60)
        assert (process.returncode, errors) == (0, "")


def test_a_port_in_use_is_one_clear_line_and_exit_code_2() -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        process = newsroom("--port", str(port))
        output, errors = process.communicate(timeout=60)
    assert (process.returncode, output) == (2, "")
    assert len(errors.strip().splitlines()) == 1
    assert f"127.0.0.1:{port}" in errors
    assert "--port" in errors


def test_the_dump_is_the_timeline_as_articles() -> None:
    output, errors = newsroom("--dump").communicate(timeout=60)
    articles = [json.loads(line) for line in output.splitlines()]
    assert errors == ""
    assert {article["id"] for article in articles} == {article.id for article in read_timeline()}
    assert all(article["title"] and article["text"] and article["outlet"] for article in articles)

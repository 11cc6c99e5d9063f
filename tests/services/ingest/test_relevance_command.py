"""`parley relevance` as it is typed."""

import json
from datetime import UTC, datetime
from pathlib import Path

from services.read.lines import read_lines
from tests.services.ingest.command import parley


def test_every_article_is_answered_in_order(tmp_path: Path) -> None:
    articles = [
        {"id": "b", "title": "Putin rejects truce", "text": "", "outlet": "more than is asked for"},
        {"id": "a", "title": "Grain prices rise in Odesa"},
        {"id": 3, "title": "Gaza truce holds", "text": None},
    ]
    file = tmp_path / "articles.jsonl"
    file.write_text("\n".join(map(json.dumps, articles)), encoding="utf-8")
    run = parley("relevance", file)
    answers = [json.loads(line) for line in run.stdout.splitlines()]
    assert run.returncode == 0
    assert [(answer["id"], answer["relevant"]) for answer in answers] == [("b", True), ("a", False), (3, False)]
    assert all(list(answer) == ["id", "relevant", "reason"] for answer in answers)


def test_a_missing_title_and_a_byte_order_mark_are_tolerated() -> None:
    run = parley("relevance", "-", stdin='\ufeff{"id": 1, "title": null, "text": "Putin rejects a truce with Kyiv"}\n')
    assert (run.returncode, run.stderr) == (0, "")
    assert json.loads(run.stdout)["relevant"] is True


def test_an_article_without_an_id_gets_the_one_that_it_has_elsewhere() -> None:
    line = b'{"id": null, "title": "Putin rejects a truce with Kyiv"}'
    run = parley("relevance", "-", stdin=line.decode() + "\n")
    assert (run.returncode, run.stderr) == (0, "")
    (read,) = read_lines([(1, line)], datetime(2025, 5, 1, tzinfo=UTC))
    assert read.article is not None
    assert json.loads(run.stdout)["id"] == read.article.id


def test_a_bad_line_is_named_and_the_others_are_answered() -> None:
    run = parley("relevance", "-", stdin='{"id": 1, "title": "x"}\nnot json\n{"title": 7}\n{"id": 4, "title": "y"}\n')
    assert run.returncode == 1
    assert len(run.stdout.splitlines()) == 2
    assert [line.split(": not")[0] for line in run.stderr.splitlines()] == ["parley: -, line 2", "parley: -, line 3"]


def test_a_missing_file_is_a_wrong_call(tmp_path: Path) -> None:
    run = parley("relevance", tmp_path / "none.jsonl")
    assert (run.returncode, run.stdout) == (2, "")
    assert len(run.stderr.splitlines()) == 1

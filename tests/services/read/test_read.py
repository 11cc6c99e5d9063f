"""JSON lines of articles in, readings out."""

import json
from datetime import UTC, datetime
from typing import Any

import pytest
from click.testing import CliRunner

from services.read.lines import parse_time, read_lines
from services.verbs.read import command

NOW = datetime(2025, 6, 1, tzinfo=UTC)
TWO = {"id": "two", "title": "Zelensky open to talks as Kremlin rejects truce", "text": "", "published": "2025-05-01"}
LONG = {
    "id": "long",
    "title": "War in Ukraine",
    "text": "In March 2022 Zelensky had said that talks were open. "
    "“Only after Kyiv has withdrawn,” Peskov said of talks.",
    "published": "2025-05-01T10:00:00+02:00",
    "outlet": "Sample",
    "url": "https://sample.example/long",
}


def run(*articles: object, raw: str = "") -> tuple[int, list[dict[str, Any]], str]:
    lines = "\n".join([*(json.dumps(article) for article in articles), raw])
    result = CliRunner().invoke(command, ["-"], input=lines, standalone_mode=False)
    assert result.exception is None, result.exception
    return result.return_value, [json.loads(line) for line in result.stdout.splitlines()], result.stderr


def test_each_reading_is_one_line_with_the_keys_that_were_promised() -> None:
    code, lines, _ = run(TWO)
    assert code == 0
    assert [(line["actor"], line["speaker"]) for line in lines] == [("ukraine", "Zelensky"), ("russia", "Kremlin")]
    keys = ["article", "speaker", "actor", "capacity", "label", "probabilities", "quote", "start", "end", "condition"]
    assert all(list(line)[: len(keys)] == keys for line in lines)


def test_the_quote_is_the_slice_that_the_offsets_name() -> None:
    _, lines, _ = run(TWO, LONG)
    body = {article["id"]: f"{article['title']}\n\n{article['text']}" for article in (TWO, LONG)}
    assert lines
    for line in lines:
        assert line["quote"] == body[line["article"]][line["start"] : line["end"]]


def test_marks_stand_only_where_they_apply() -> None:
    _, lines, _ = run(LONG)
    by_speaker = {str(line["speaker"]): line for line in lines}
    assert by_speaker["Zelensky"]["old"] is True
    assert "old" not in by_speaker["Peskov"]
    assert by_speaker["Peskov"]["condition"] == "Only after Kyiv has withdrawn"
    assert by_speaker["Zelensky"]["condition"] is None


def test_readings_come_in_the_order_of_the_articles() -> None:
    articles = [{"id": f"a{number}", "title": "Kremlin says talks will go on"} for number in range(100)]
    _, lines, _ = run(*articles)
    assert [line["article"] for line in lines] == [article["id"] for article in articles]


def test_missing_and_null_keys_are_tolerated() -> None:
    code, lines, _ = run({"title": "Kremlin says talks will go on"}, {"id": None, "title": None, "text": None}, {})
    assert code == 0
    assert len(lines) == 1


def test_a_bad_line_is_named_and_the_others_are_read() -> None:
    code, lines, problems = run(TWO, {"title": 3}, {"title": "x", "published": "soon"}, raw="{")
    assert code == 1
    assert len(lines) == 2
    assert [line.split(": ")[1] for line in problems.splitlines() if "line" in line] == ["line 2", "line 3", "line 4"]


def test_what_was_left_out_is_told_with_its_reason() -> None:
    _, _, problems = run({"title": "Cup final", "text": "The coach said his side would never surrender. " * 40})
    assert "other-subject 1" in problems


@pytest.mark.parametrize(
    ("text", "time"),
    [
        ("2025-05-01", datetime(2025, 5, 1, tzinfo=UTC)),
        ("2025-05-01T10:00:00", datetime(2025, 5, 1, 10, tzinfo=UTC)),
        ("2025-05-01T10:00:00+02:00", datetime(2025, 5, 1, 8, tzinfo=UTC)),
        ("2025-05-01T10:00:00Z", datetime(2025, 5, 1, 10, tzinfo=UTC)),
        ("Thu, 01 May 2025 10:00:00 +0200", datetime(2025, 5, 1, 8, tzinfo=UTC)),
        ("1 May 2025 10:00:00 +0200", datetime(2025, 5, 1, 8, tzinfo=UTC)),
        ("01 May 25 10:00 GMT", datetime(2025, 5, 1, 10, tzinfo=UTC)),
    ],
)
def test_a_date_or_a_time_is_read_as_utc(text: str, time: datetime) -> None:
    assert parse_time(text) == time


def test_an_article_without_a_date_is_of_now() -> None:
    (only,) = read_lines([(1, b'{"title": "x"}')], NOW)
    assert only.article is not None
    assert only.article.published == NOW


@pytest.mark.parametrize("text", ["1 2 3", "12:30", "1747821600", "2025/05/21", "21 Nonsense 2025 10:00:00"])
def test_what_is_no_date_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match="published is"):
        parse_time(text)


@pytest.mark.parametrize("text", ["0001-01-02", "1969-12-31T23:59:59Z", "2101-01-01", "9999-12-31T23:59:59Z"])
def test_a_time_that_no_news_has_is_no_time(text: str) -> None:
    with pytest.raises(ValueError, match="published is"):
        parse_time(text)


def test_a_blank_date_is_no_date() -> None:
    (only,) = read_lines([(1, b'{"title": "x", "published": "  "}')], NOW)
    assert only.article is not None
    assert only.article.published == NOW


def test_a_byte_order_mark_is_no_part_of_a_line() -> None:
    code, lines, _ = run(raw="\ufeff" + json.dumps(TWO))
    assert (code, len(lines)) == (0, 2)

"""JSON lines in, stances out."""

import io
import json
import os
import threading
from collections.abc import Sequence
from datetime import date

from click.testing import CliRunner
from hypothesis import given
from hypothesis import strategies as st

from services.classify.lines import Line, answer, lines_as_they_come
from services.classify.speaker import find_speaker
from services.classify.statement import find_statement, make_statement
from services.verbs.classify import command
from streams.catalogue import read_catalogue
from streams.records import Probabilities, Statement

CATALOGUE = read_catalogue()


def by_length(statements: Sequence[Statement]) -> list[Probabilities]:
    shares = [1 / (1 + len(statement.quote)) for statement in statements]
    return [Probabilities(favor=share, against=0.0, neither=1 - share) for share in shares]


def unnamed(line: Line) -> Statement:
    return make_statement(line.text, None, None, None, CATALOGUE)


def found(text: str, actor: str | None = None, speaker: str | None = None, day: date | None = None) -> str | None:
    span = find_speaker(text, actor, speaker, day, CATALOGUE.find_mentions, CATALOGUE.resolve)
    return text[slice(*span)] if span else None


def test_a_bad_line_is_answered_in_its_place_and_named_by_its_number() -> None:
    lines = [(1, b'{"text": "a"}'), (4, b"{"), (5, b'{"text": 3}'), (6, b'{"text": "bb"}'), (7, b'\xff{"text":"x"}')]
    answers, problems = answer(lines, unnamed, by_length)
    assert ["error" in json.loads(each) for each in answers] == [False, True, True, False, True]
    assert [problem.split(":")[0] for problem in problems] == ["line 4", "line 5", "line 7"]


@given(st.lists(st.binary(max_size=40).map(lambda line: line.replace(b"\n", b" "))), st.integers(1, 9))
def test_lines_arrive_whole_and_numbered_however_they_are_cut(lines: list[bytes], size: int) -> None:
    class Dripping(io.BytesIO):
        def read1(self, _size: int | None = -1, /) -> bytes:
            return super().read1(size)

    got = [each for batch in lines_as_they_come(Dripping(b"\n".join(lines))) for each in batch]
    assert got == [(number, line) for number, line in enumerate(lines, 1) if line.strip()]


def test_a_line_is_answered_before_the_next_one_is_written() -> None:
    reading, writing = os.pipe()
    with os.fdopen(reading, "rb") as source, os.fdopen(writing, "wb", buffering=0) as sink:
        came: list[list[tuple[int, bytes]]] = []
        arrived = threading.Event()

        def consume() -> None:
            for batch in lines_as_they_come(source):
                came.append(batch)
                arrived.set()

        thread = threading.Thread(target=consume)
        thread.start()
        sink.write(b'{"text": "one"}\n')
        assert arrived.wait(5)
        assert came == [[(1, b'{"text": "one"}')]]
        sink.close()
        thread.join(5)


def test_the_given_words_win_over_the_actor() -> None:
    assert found("Kyiv says Moscow rejects a truce", "ukraine", "Moscow") == "Moscow"


def test_an_actor_by_id_or_by_name_is_found_by_its_metonym() -> None:
    assert found("Kyiv says Moscow rejects a truce", "russia") == "Moscow"
    assert found("Kyiv says Moscow rejects a truce", "Ukraine") == "Kyiv"


def test_a_name_that_changed_office_is_found_without_a_date() -> None:
    assert found("Biden: no talks", "united-states") == "Biden"


def test_an_actor_that_the_text_does_not_name_is_not_guessed() -> None:
    assert found("Talks go on in Istanbul", "brazil") is None


def test_the_verb_answers_each_line_and_exits_with_one_for_a_bad_one() -> None:
    lines = '{"text": "Kyiv rejects any truce and wants Moscow beaten", "actor": "ukraine"}\nno\n{"text": ""}\n'
    result = CliRunner().invoke(command, input=lines, standalone_mode=False)
    answers = [json.loads(line) for line in result.stdout.splitlines()]
    assert answers[0]["label"] == "against"
    assert set(answers[1]) == {"error"}
    assert answers[2] == {"label": "neither", "probabilities": {"favor": 0.0, "against": 0.0, "neither": 1.0}}
    assert "line 2" in result.stderr
    assert result.return_value == 1


def test_a_byte_order_mark_is_no_part_of_a_line() -> None:
    answers, problems = answer([(1, b'\xef\xbb\xbf{"text": "a"}')], unnamed, by_length)
    assert (len(answers), problems) == (1, [])


def claim(text: str, actor: str, day: date | None) -> str | None:
    return find_statement(text, actor, None, day, CATALOGUE).claim_about


def test_a_line_that_is_a_claim_about_another_is_no_stance() -> None:
    assert claim("Kyiv says Moscow rejects a truce", "Ukraine", None) == "russia"
    assert claim("Kyiv says it rejects a truce", "Ukraine", None) is None


def test_without_a_date_nobody_who_changed_office_is_taken_for_another() -> None:
    text = "White House says Biden rejects a truce"
    assert claim(text, "united-states", date(2023, 6, 1)) is None
    assert claim(text, "united-states", None) is None

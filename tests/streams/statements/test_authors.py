"""Authors of opinions speak for themselves, as experts; reporters never do. All texts here are invented."""

from datetime import UTC, datetime

import pytest

from streams.records import Article, Statement
from streams.statements import find_statements
from streams.statements.authors import demands_something, find_author
from streams.statements.tokens import tokenize
from tests.streams.statements.sample import catalogue

WAR = "The war in Ukraine goes on. "
ASKS = "Washington should press Moscow and Kyiv for talks on a ceasefire. "
BIO = "\n\nHenrik Beispiel is a senior fellow at the Institute for Examples."


def article(text: str, title: str = "The war and its end", url: str = "") -> Article:
    day = datetime(2025, 6, 1, tzinfo=UTC)
    return Article(id="a1", url=url, outlet="", title=title, text=text, published=day, fetched=day)


def own(one: Article) -> list[Statement]:
    return [each for each in find_statements(one, catalogue()) if each.actor == "expert"]


def test_a_fellow_who_signs_the_text_asks_for_talks_in_their_own_name() -> None:
    signed = article(WAR + ASKS + BIO)
    (only,) = own(signed)
    assert (only.speaker, only.capacity, only.quote) == ("Henrik Beispiel", "expert", ASKS.strip())
    assert (only.speaker_start, only.speaker_end) == (-1, -1)
    assert signed.body[only.start : only.end] == only.quote


@pytest.mark.parametrize(
    ("title", "url"),
    [
        ("Opinion: end it", ""),
        ("Commentary | end it", ""),
        ("End it | Opinion", ""),
        ("End it", "https://news.example/opinion/2025/end-it"),
        ("End it", "https://news.example/commentisfree/end-it"),
    ],
)
def test_a_marked_opinion_has_an_author(title: str, url: str) -> None:
    (only,) = own(article(WAR + ASKS, title, url))
    assert only.speaker == f"author of “{title}”"


def test_the_byline_of_a_marked_opinion_names_its_author() -> None:
    (only,) = own(article("By Henrik Beispiel\n" + WAR + ASKS, "Opinion: end it"))
    assert only.speaker == "Henrik Beispiel"


def test_a_text_that_argues_throughout_has_an_author() -> None:
    text = (
        WAR + ASKS + "Kyiv should join the talks. Both should stop the fighting first, and settle the border in peace."
    )
    assert {each.speaker for each in own(article(text))} == {"author of “The war and its end”"}
    assert len(own(article(text))) == 3


def test_two_unsigned_texts_have_two_authors() -> None:
    one, two = (find_author(article(ASKS, title), 3) for title in ("First plea", "Second plea"))
    assert one != two


@pytest.mark.parametrize(
    "text",
    [
        pytest.param(WAR + ASKS, id="a report with one such sentence"),
        pytest.param(WAR + ASKS + "\n\nHenrik Beispiel is a senior editor at the Example Post.", id="an editor's line"),
        pytest.param(
            WAR + ASKS + "\n\nHenrik Beispiel is a former professor of law.", id="somebody described in the past"
        ),
        pytest.param(
            WAR + "Much depends on Beispiel, who has advised both sides. " * 6 + ASKS + BIO,
            id="an expert of whom the text speaks",
        ),
        pytest.param("Q: What now?\nA: We should press for talks with Moscow.\nQ: And then?" + BIO, id="an interview"),
    ],
)
def test_a_report_has_no_author(text: str) -> None:
    assert own(article(text)) == []


@pytest.mark.parametrize(
    "sentence",
    [
        "Critics say Washington should press for talks.",
        "Washington should press for talks, critics say.",
        "“Washington should press for talks.”",
        "Under the plan, Ukraine should withdraw before talks.",
        "The proposal says that the truce must hold.",
        "According to the draft, both sides should cease fire.",
        "Supporters of Kyiv want more: Russia must lose.",
        "Should Moscow refuse talks, sanctions follow.",
        "Should Washington press for talks, or must it wait?",
        "Washington should have pressed for talks in 2021.",
        "This meant that Ukraine should give up land before talks.",
        "Trump wrote that Kyiv must accept a deal.",
        "The Kremlin insists that any truce must end arms deliveries.",
        "Washington presses Moscow and Kyiv for talks.",
    ],
)
def test_somebody_elses_demand_is_not_the_authors(sentence: str) -> None:
    assert not demands_something(tokenize(sentence))
    assert not any(each.speaker == "Henrik Beispiel" for each in own(article(WAR + sentence + BIO)))


@pytest.mark.parametrize(
    "sentence",
    [
        "Instead, the allies should focus on ending the war by negotiation.",
        "We must not reward the invader with a truce.",
        "I believe that both sides should cease fire.",
        "Allied states ought to open talks with Moscow.",
        "Washington should urge Kyiv to accept a ceasefire.",
    ],
)
def test_an_own_demand_is_the_authors(sentence: str) -> None:
    assert demands_something(tokenize(sentence))
    assert [each.quote for each in own(article(WAR + sentence + BIO))] == [sentence]


def test_who_holds_office_does_not_write_as_an_expert() -> None:
    assert own(article(WAR + ASKS + "\n\nVolodymyr Zelensky is a columnist for one day.", "Opinion: end it")) == []


def test_an_authors_sentence_does_not_give_the_quotation_behind_it_to_the_author() -> None:
    found = own(article(WAR + ASKS + "“No talks before victory over Russia.”" + BIO))
    assert [each.quote for each in found] == [ASKS.strip()]


def test_an_authors_verdict_on_others_is_nobodys_statement() -> None:
    assert own(article(WAR + "Moscow has sabotaged every round of peace talks. " + BIO, "Opinion: who blocks it")) == []

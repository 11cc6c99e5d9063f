"""What is about a negotiated end to this war, and what only sounds so. All headlines and texts here are invented."""

import tomllib
from importlib.resources import files

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from services.ingest.phrases import STEM_KEY
from services.ingest.relevance import IRRELEVANT, RELEVANT, is_worth_reading, judge
from services.ingest.sentence import RULES


@pytest.mark.parametrize(
    "headline",
    [
        "Putin rejects truce",
        "Kremlin sees no point in another round with Kyiv",
        "Witkoff in Moscow for third time this month",
        "Zelensky must make a deal, Trump says",
        "Ukraine will not cede land it still holds, minister says",
        "Security guarantees for Ukraine take shape in Paris",
        "Erdogan: Istanbul ready to host Putin and Zelensky",
        "Berlin wonders whether Putin wants to end the war at all",
        "Trump-Putin summit in doubt",
        "Russian and Ukrainian teams land in Abu Dhabi",
        "Only Russia's defeat can bring this to a close: 'Moscow must lose'",
        "Pope offers Vatican as place for Russia and Ukraine to meet",
        "Kyiv offers Moscow truce at sea",
        "Xi calls Zelensky",
        "Coalition of the willing to meet in London",
        "New sanctions meant to force Putin to the negotiating table",
        "Missiles hit Odesa hours after Kremlin turned down ceasefire",
        "Gaza, trade and the Ukraine peace plan: what to watch this week",
        "Live: Rubio in Geneva as Ukraine talks enter second day",
        "Moscow's terms amount to capitulation, Kyiv says",
        "Lukashenko wants both sides to stop where they are in Ukraine",
        "Zuppi sent to Moscow again",
        "U.S. and Ukraine narrow gaps on 28-point plan",
        "No answer to war in Ukraine lies on the battlefield, envoy says",
        "Solution to Ukraine crisis must be found by diplomats",
        "Talking to Kremlin? A waste of time, minister says",
        "Prime minister sees no use in talking to Putin",
        "Talks with Putin are naive, Tallinn says",
        "Summit of the south urges dialogue on Ukraine",
        "Zelensky at the front after turning down demand for Donbas",
        "Kremlin's claim to Donetsk thrown out in Kyiv",
        "Putin must pay for the damage before any deal",
    ],
)
def test_reports_on_ending_the_war_go_on(headline: str) -> None:
    assert judge(headline, "").relevant


@pytest.mark.parametrize(
    ("headline", "reason"),
    [
        ("Hamas weighs ceasefire offer", "no-war-term"),
        ("Unions and railway reach truce before Christmas", "no-war-term"),
        ("Truce in tariff war lifts shares", "no-war-term"),
        ("India and Pakistan agree to halt fighting", "no-war-term"),
        ("Russia calls for Gaza ceasefire", "other-conflict"),
        ("Putin offers to mediate between Israel and Iran", "other-conflict"),
        ("Witkoff in Doha for Gaza ceasefire talks", "other-conflict"),
        ("Kremlin welcomes peace treaty between Armenia and Azerbaijan", "other-conflict"),
        ("Grain deal at risk as Russia and Ukraine negotiate", "other-matter"),
        ("Russia and Ukraine negotiate prisoner exchange", "other-matter"),
        ("Moscow ready for talks with Washington on New START", "other-matter"),
        ("EU opens membership talks with Ukraine", "other-matter"),
        ("EU leaders reach compromise on Russian oil", "other-matter"),
        ("Drones hit Kyiv as Zelensky visits front", "no-settlement-term"),
        ("Zelensky holds talks with Latvia's president", "no-settlement-term"),
        ("Ukrainian forces retake three settlements", "other-matter"),
        ("Russian defence minister meets counterpart from Madagascar", "no-settlement-term"),
        ("Russian tennis star declares truce with rival", "other-matter"),
        ("No peace prize for Kyiv choir", "other-matter"),
        ("War and Peace ballet returns to Moscow", "other-matter"),
        ("Dialogue on Baltic Sea fishing opens in Moscow", "no-settlement-term"),
        ("No use in repairing Kharkiv tram line, mayor says", "no-settlement-term"),
        ("Demand for Russian grain rises before harvest", "other-matter"),
        ("", "no-war-term"),
        ("Лавров отверг перемирие", "no-war-term"),
    ],
)
def test_other_news_is_dropped_and_the_reason_named(headline: str, reason: str) -> None:
    assert judge(headline, "") == (False, reason)


OFF_TOPIC = "The harvest was good this year and the village held a fair with music and games for the children. "


def test_the_lead_can_say_what_the_headline_does_not() -> None:
    lead = "After a week of silence the Kremlin said on Friday that it would not sign a ceasefire with Kyiv."
    assert judge("What happened on Friday", f"{lead}\n\n{OFF_TOPIC * 5}") == (True, "lead")


def test_one_mention_in_a_long_article_is_not_enough() -> None:
    text = OFF_TOPIC * 10 + "Peace talks between Russia and Ukraine have stalled. " + OFF_TOPIC * 10
    assert judge("A fair in the village", text) == (False, "in-passing")


def test_a_passage_on_terms_deep_in_an_article_is_enough() -> None:
    passage = "Kyiv, he said, would never accept the ceding of Donbas. Moscow rejected the truce the same evening. "
    assert judge("The minister's long day", OFF_TOPIC * 10 + passage + OFF_TOPIC * 10) == (True, "passage")


def test_a_pronoun_speaks_of_the_war_that_was_just_named() -> None:
    text = "Zelensky landed at noon. He ruled out a ceasefire before the summer. " + OFF_TOPIC * 3
    assert judge("A visit", text).relevant
    other = "Netanyahu landed at noon. He ruled out a ceasefire before the summer. " + OFF_TOPIC * 3
    assert not judge("A visit", other).relevant


def test_meetings_alone_do_not_make_a_body_relevant() -> None:
    text = OFF_TOPIC * 4 + "Putin and Trump met in summer. Putin and Trump will meet again. " + OFF_TOPIC * 4
    assert not judge("The village fair", text).relevant


@pytest.mark.parametrize(
    ("headline", "open_"),
    [
        ("Trump's new view of Ukraine: not my problem", True),
        ("Kremlin warms to Ukraine debate in Washington", True),
        ("Drones hit Kyiv as Putin inspects troops", False),
        ("Ukraine and US sign minerals deal", False),
        ("Zelensky opens school in Lviv", False),
        ("Putin and Xi admire Moscow's metro", False),
        ("Putin speaks of Gaza and Ukraine", False),
        ("Putin rejects truce in Ukraine", False),
        ("Cup final goes to extra time", False),
    ],
)
def test_a_page_is_read_where_a_headline_names_the_war_and_somebody_and_no_other_matter(
    headline: str, open_: bool
) -> None:
    assert is_worth_reading(headline, judge(headline, "")) is open_


@given(st.text(max_size=200), st.text(max_size=400))
def test_reasons_are_bounded(title: str, text: str) -> None:
    verdict = judge(title, text)
    assert verdict.reason in (RELEVANT if verdict.relevant else IRRELEVANT)


VOCABULARY = (
    "putin zelensky ukraine russia rejects truce talks with gaza grain deal trump meets peace end the war . , on"
)
WORDS = st.sampled_from(VOCABULARY.split())


@given(st.lists(WORDS, max_size=14).map(" ".join))
def test_case_and_typography_do_not_change_a_verdict(headline: str) -> None:
    dressed = f"  ‘{headline.upper().replace('US', 'Us')}’ "
    assert judge(headline, "") == judge(dressed, "")


def test_the_word_lists_are_well_formed() -> None:
    lists = tomllib.loads(files("services.ingest").joinpath("relevance.toml").read_text(encoding="utf-8"))
    groups = {name for part in lists.values() for name in part}
    assert {rule.group for rule in RULES} <= groups
    assert {party for rule in RULES for parties in rule.among for party in parties} <= set(lists["who"])
    assert {veto for rule in RULES for veto in rule.vetoes} <= groups
    for part in lists.values():
        for group in part.values():
            phrases = group["phrases"]
            assert len(phrases) == len(set(phrases))
            for phrase in phrases:
                assert phrase == phrase.lower()
                assert phrase.isascii()
                for word in (w for step in phrase.split() for w in step.split("/") if w != ".."):
                    stem = word.removesuffix("*")
                    assert stem.replace("'", "").isalnum()
                    assert not word.endswith("*") or len(stem) >= STEM_KEY


# Words that begin phrases of every list, and words that begin none.
WORDS_OF_BOTH_KINDS = """
Ukraine Russia's Kyiv Putin Kremlin Trump's envoy Witkoff peace talks plan deal truce ceasefire Gaza Israel Istanbul
process negotiators summit coalition of the willing U.S. Zelenskyy’s lentils rain Mr. met said in on and.
"""
SOME_WORDS = WORDS_OF_BOTH_KINDS.split()


@given(
    st.lists(st.sampled_from(SOME_WORDS), min_size=1, max_size=8).map(" ".join),
    st.lists(st.lists(st.sampled_from(SOME_WORDS), min_size=1, max_size=9).map(" ".join), max_size=6).map(". ".join),
)
@settings(max_examples=300, deadline=None)
def test_looking_for_the_needed_words_first_changes_no_verdict(title: str, text: str) -> None:
    quick = judge(title, text)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("services.ingest.relevance._can_be_relevant", lambda title, text: True)
        assert judge(title, text) == quick

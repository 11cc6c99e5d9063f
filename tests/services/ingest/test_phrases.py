"""Phrases find the words they are made for and no others."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.ingest.phrases import Hit, Phrases, words_of


def found(phrase: str, text: str) -> list[Hit]:
    return Phrases({"x": [phrase]}).find(words_of(text))


@pytest.mark.parametrize(
    ("phrase", "text"),
    [
        ("peace talk*", "Peace talks resume"),
        ("cease fire", "A cease-fire at last"),
        ("talks/negotiation* on ukrain*", "negotiations on Ukraine's future"),
        ("end .. war", "bid to end Russia's long bloody terrible war"),
        ("end .. war", "End war"),
        ("zelensk*", "ZELENSKYY’s offer"),
        ("turkiye", "Türkiye hosts"),
        ("america envoy", "U.S. envoy, US envoy and the USA envoy"),
        ("witkoff", "Witkoff's plane"),
    ],
)
def test_a_phrase_is_found(phrase: str, text: str) -> None:
    assert found(phrase, text)


@pytest.mark.parametrize(
    ("phrase", "text"),
    [
        ("peace", "peaceful"),
        ("end .. war", "end of a very long and quite terrible war"),
        ("america", "tell us more about us"),
        ("peace talk*", "peace, said the minister, and talks"),
    ],
)
def test_a_phrase_is_not_found(phrase: str, text: str) -> None:
    assert not found(phrase, text)


def test_the_longer_phrase_takes_its_words_from_the_shorter() -> None:
    phrases = Phrases({"settlement": ["peace"], "other": ["nobel peace prize", "peace prize"]})
    assert [hit.group for hit in phrases.find(words_of("Nobel Peace Prize for peace"))] == ["other", "settlement"]


def test_words_within_a_gap_stay_free() -> None:
    phrases = Phrases({"end": ["end .. war"], "who": ["russia*"]})
    assert {hit.group for hit in phrases.find(words_of("end Russia's war"))} == {"end", "who"}


def test_words_that_are_spoken_for_are_not_taken_again() -> None:
    words = words_of("grain deal")
    matters = Phrases({"matter": ["grain deal"]}).find(words)
    assert Phrases({"deal": ["deal"]}).find(words, matters) == []


@given(st.text(max_size=200))
def test_any_text_has_words(text: str) -> None:
    words = words_of(text)
    assert all(word and " " not in word for word in words)
    hits = Phrases({"a": ["a .. b", "a*"], "b": ["b/c d"]}).find(words)
    taken = [at for hit in hits for at in hit.words]
    assert len(taken) == len(set(taken))

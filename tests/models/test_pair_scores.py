"""Pairs of whole articles: what is asked for, what is wrong, and what is neither."""

from models.pair_scores import Case, interval, pairs_of, score
from streams.records import Probabilities
from tests.streams.statements.sample import article, statements

FAVOR = Probabilities(favor=0.8, against=0.1, neither=0.1)
NEITHER = Probabilities(favor=0.1, against=0.1, neither=0.8)


def case(
    found: set[tuple[str, str]], pairs: set[tuple[str, str]], optional: set[tuple[str, str]], day: int = 1
) -> Case:
    return Case(article(date=f"2025-06-{day:02}"), frozenset(pairs), frozenset(optional), frozenset(found))


def test_a_pair_that_was_asked_for_is_a_hit_and_another_is_wrong() -> None:
    one = case({("ukraine", "favor"), ("russia", "against")}, {("ukraine", "favor"), ("france", "favor")}, set())
    assert (one.hits, one.wrong, one.missed) == (1, 1, 1)
    assert score([one]).f1 == 0.5


def test_an_optional_pair_is_neither_asked_for_nor_wrong() -> None:
    one = case({("russia", "against")}, set(), {("russia", "against"), ("france", "favor")})
    assert (one.hits, one.wrong, one.missed) == (0, 0, 0)


def test_no_pairs_at_all_are_a_score_of_zero() -> None:
    assert score([case(set(), set(), set())]) == (0.0, 0.0, 0.0)


def test_the_interval_holds_the_score_and_is_the_same_each_time() -> None:
    good, bad = {("ukraine", "favor")}, {("russia", "favor")}
    cases = [case(good if day % 3 else bad, good, set(), day) for day in range(1, 29)]
    low, high = interval(cases)
    assert low <= score(cases).f1 <= high
    assert (low, high) == interval(cases)


def test_only_speakers_in_office_and_stances_make_pairs() -> None:
    found = statements("Zelensky open to talks as US officials cheer truce")
    assert [one.capacity for one in found] == ["leader", "unnamed"]
    assert pairs_of(found, [FAVOR, FAVOR]) == {("ukraine", "favor")}
    assert pairs_of(found, [NEITHER, FAVOR]) == frozenset()

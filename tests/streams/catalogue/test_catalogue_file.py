"""A mistake in the actor file is one clear line that names the entry, never a guess."""

from datetime import date

import pytest

from streams.catalogue import parse_catalogue

SMALL = """
actors:
  ukraine: {name: Ukraine, demonym: [Ukrainian], seats: [Kyiv], head: president}
  estonia: {name: Estonia}
offices:
  president: {capacity: leader, unique: true, words: [president]}
people:
  volodymyr-zelensky: {name: Volodymyr Zelensky, offices: [ukraine president 2019-05-20]}
usage: {}
"""


def test_a_small_file_is_enough() -> None:
    catalogue = parse_catalogue(SMALL)
    assert set(catalogue.actors) == {"ukraine", "estonia"}
    assert catalogue.people["volodymyr-zelensky"].surnames == ("Zelensky",)


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        ("seats: [Kyiv]", "seat: [Kyiv]", "actors: ukraine: unknown key seat"),
        ("{name: Estonia}", "{also: [Eesti]}", "actors: estonia: name is missing"),
        ("{name: Estonia}", "Estonia", "actors: estonia: expected a mapping"),
        ("seats: [Kyiv]", "seats: Kyiv", "actors: ukraine: seats: expected a list of names"),
        ("seats: [Kyiv]", "seats: [no]", "actors: ukraine: seats: expected a list of names"),
        ("seats: [Kyiv]", "voices: {Rada: parliament}", "actors: ukraine: voices: Rada: parliament is not a capacity"),
        ("head: president", "head: king", "actors: ukraine: head: no office king"),
        ("capacity: leader", "capacity: boss", "offices: president: boss is not a capacity"),
        ("unique: true", "like: king", "offices: president: like: no office king"),
        ("unique: true", "actor: narnia", "offices: president: no actor narnia"),
        ("unique: true", "single: true", "offices: president: unknown key single"),
        ("ukraine president 2019-05-20", "narnia president 2019-05-20", "volodymyr-zelensky: .*: no actor narnia"),
        ("ukraine president 2019-05-20", "ukraine king 2019-05-20", "volodymyr-zelensky: .*: no office king"),
        ("ukraine president 2019-05-20", "ukraine president 2019-5-20", "volodymyr-zelensky: 2019-5-20 is not a date"),
        ("ukraine president 2019-05-20", "ukraine president 2019", "volodymyr-zelensky: 2019 is not a date"),
        ("ukraine president 2019-05-20", "ukraine president 2020-01 2019-01", "ends before it begins"),
        ("ukraine president 2019-05-20", "president", "volodymyr-zelensky: president: expected"),
        ("offices: [ukraine president 2019-05-20]", "offices: []", "volodymyr-zelensky: offices: expected"),
        ("offices: [ukraine president 2019-05-20]", "born: 1978", "people: volodymyr-zelensky: unknown key born"),
        ("usage: {}", "usage: {commons: [Kim]}", "usage: unknown key commons"),
        ("usage: {}", "usage: {homonyms: [Georgia]}", "usage: homonyms: expected a mapping"),
        ("usage: {}", "usages: {}", "the actor file: expected the sections"),
        ("people:", "people: []\nusage:\n  people:", "people: expected a mapping"),
        ("{name: Estonia}", "{name: '...'}", "has no letters"),
        ("actors:", "actors: [", "is not YAML"),
    ],
)
def test_a_mistake_names_its_entry(old: str, new: str, message: str) -> None:
    assert old in SMALL
    with pytest.raises(ValueError, match=message):
        parse_catalogue(SMALL.replace(old, new, 1))


def test_a_month_means_its_first_day_and_a_question_mark_long_ago() -> None:
    catalogue = parse_catalogue(SMALL.replace("2019-05-20]", '2019-05 2024-01-01, "estonia president ? 2019-01"]'))
    first, second = catalogue.people["volodymyr-zelensky"].tenures
    assert (first.since, first.until) == (date(2019, 5, 1), date(2024, 1, 1))
    assert (second.since, second.until) == (None, date(2019, 1, 1))

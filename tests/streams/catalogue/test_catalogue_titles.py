"""A title is read as whose it is, in what capacity, and who held it that day."""

from datetime import date

import pytest

from streams.catalogue import read_catalogue

CATALOGUE = read_catalogue()
NOW = date(2025, 3, 1)

TITLES = [
    ("Italy's foreign minister", "italy", "government", "antonio-tajani"),
    ("the Turkish president", "turkey", "leader", "recep-tayyip-erdogan"),
    ("Hungarian PM", "hungary", "leader", "viktor-orban"),
    ("German chancellor", "germany", "leader", "olaf-scholz"),
    ("UK defence secretary", "united-kingdom", "government", "john-healey"),
    ("the British foreign minister", "united-kingdom", "government", "david-lammy"),
    ("EU foreign policy chief", "european-union", "government", "kaja-kallas"),
    ("EU's top diplomat", "european-union", "government", "kaja-kallas"),
    ("NATO chief", "nato", "leader", "mark-rutte"),
    ("UN secretary-general", "united-nations", "leader", "antonio-guterres"),
    ("the pope", "vatican", "leader", "pope-francis"),
    ("Kremlin spokesman", "russia", "government", "dmitry-peskov"),
    ("Kremlin leader", "russia", "leader", "vladimir-putin"),
    ("Ukraine's president", "ukraine", "leader", "volodymyr-zelensky"),
    ("president of Ukraine", "ukraine", "leader", "volodymyr-zelensky"),
    ("president of the United States", "united-states", "leader", "donald-trump"),
    ("British prime minister", "united-kingdom", "leader", "keir-starmer"),
    ("European Council president", "european-union", "leader", "antonio-costa"),
    ("US secretary of state", "united-states", "government", "marco-rubio"),
    ("Pentagon chief", "united-states", "government", "pete-hegseth"),
    ("the taoiseach", "ireland", "leader", "micheal-martin"),
    ("Irish prime minister", "ireland", "leader", "micheal-martin"),
    ("Ukrainian commander-in-chief", "ukraine", "military", "oleksandr-syrskyi"),
    ("a senior Ukrainian official", "ukraine", "unnamed", None),
    ("US officials", "united-states", "unnamed", None),
    ("two diplomats", None, "unnamed", None),
    ("EU diplomat", "european-union", "unnamed", None),
    ("a source close to the Kremlin", "russia", "unnamed", None),
    ("Ukrainian foreign minister Dmytro Kuleba", "ukraine", "other", "dmytro-kuleba"),
    ("former Estonian prime minister", "estonia", "other", None),
    ("Germany's ex-chancellor", "germany", "other", None),
    ("former US ambassador to Ukraine", "united-states", "expert", None),
    ("Slovak opposition leader", "slovakia", "opposition", None),
    ("Italian opposition", "italy", "opposition", None),
    ("opposition leader", None, "opposition", None),
    ("Republican senator", "united-states", "legislature", None),
    ("Ukrainian lawmakers", "ukraine", "legislature", None),
    ("Polish Senate", "poland", "legislature", None),
    ("Duma speaker", "russia", "legislature", "vyacheslav-volodin"),
    ("Duma committee chief", "russia", "legislature", None),
    ("US general", "united-states", "military", None),
    ("a Ukrainian brigade commander", "ukraine", "military", None),
    ("US Ambassador to NATO", "united-states", "government", None),
    ("Russia's UN ambassador", "russia", "government", None),
    ("Trump's Ukraine envoy", "united-states", "government", None),
    ("Putin aide", "russia", "government", None),
    ("Zelensky's office", "ukraine", "government", None),
    ("Zelensky's chief of staff", "ukraine", "government", None),
    ("White House chief of staff", "united-states", "government", None),
    ("French chief of staff", "france", "military", "thierry-burkhard"),
    ("Biden administration", "united-states", "government", None),
    ("Russian deputy foreign minister", "russia", "government", None),
    ("US vice president", "united-states", "government", "jd-vance"),
    ("a spokesman for the Ukrainian foreign ministry", "ukraine", "government", None),
    ("an adviser to the French president", "france", "government", None),
    ("head of the Russian delegation", "russia", "government", None),
    ("Turkish foreign ministry", "turkey", "government", None),
    ("Kharkiv mayor", "ukraine", "other", None),
    ("Belgorod governor", "russia", "other", None),
    ("political analyst", "expert", "expert", None),
    ("a German professor", "germany", "expert", None),
    ("Indian foreign secretary", "india", "government", "vikram-misri"),
]


@pytest.mark.parametrize(("title", "actor", "capacity", "person"), TITLES)
def test_a_title_is_read(title: str, actor: str | None, capacity: str, person: str | None) -> None:
    mention = CATALOGUE.resolve(title, NOW)
    assert mention is not None
    assert (mention.actor, mention.capacity, mention.person) == (actor, capacity, person)


@pytest.mark.parametrize(("title", "actor", "capacity", "person"), TITLES)
def test_a_title_is_one_mention_of_a_sentence(title: str, actor: str | None, capacity: str, person: str | None) -> None:
    text = f"On Monday {title} spoke of a truce."
    mentions = CATALOGUE.find_mentions(text, NOW)
    if title == "political analyst":
        assert mentions == []  # without a determiner or a name it is anybody
        return
    (mention,) = mentions
    assert (mention.actor, mention.capacity, mention.person) == (actor, capacity, person)
    assert mention.text in title


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("American and British officials said", [("united-states", "unnamed"), ("united-kingdom", "unnamed")]),
        ("Leaders of Russia and Ukraine may meet", [("russia", "leader"), ("ukraine", "leader")]),
        ("The Ukrainian MP Ostap Dubenko said", [("ukraine", "legislature")]),
        ("Estonian Foreign Minister Juhan Kask told reporters that it was over", [("estonia", "government")]),
        (
            "General Mark Milley, chairman of the US Joint Chiefs,",
            [("united-states", "other"), ("united-states", "military")],
        ),
        ("Professor Charles Kupchan of Georgetown", [("expert", "expert")]),
    ],
)
def test_titles_in_running_text(text: str, expected: list[tuple[str, str]]) -> None:
    assert [(one.actor, one.capacity) for one in CATALOGUE.find_mentions(text, NOW)] == expected


def test_a_title_with_an_unknown_name_is_not_given_to_the_holder() -> None:
    (mention,) = CATALOGUE.find_mentions("They met Italian Foreign Minister Carlo Brambati on the day", NOW)
    assert mention.text == "Italian Foreign Minister Carlo Brambati"
    assert (mention.actor, mention.person) == ("italy", None)


def test_nobody_is_pope_between_two_popes() -> None:
    mention = CATALOGUE.resolve("the pope", date(2025, 4, 25))
    assert mention is not None
    assert (mention.actor, mention.person) == ("vatican", None)

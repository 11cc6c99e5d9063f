"""The sample timeline keeps what its README and expected.yaml promise."""

import re
from collections import defaultdict
from datetime import UTC, date, datetime, timedelta
from importlib.resources import files
from itertools import pairwise

import pytest
import yaml
from datasketch import MinHash

from services.newsroom.timeline import (
    NOTICE,
    SampleArticle,
    Shift,
    as_articles,
    read_expected,
    read_outlets,
    read_timeline,
)
from streams.records import Stance

TIMELINE = read_timeline()
EXPECTED = read_expected()
WRITTEN = [article for article in TIMELINE if not article.seed]
DAYS = timedelta(days=90)
ONE_OCCASION = timedelta(hours=72)


def events(actor: str, label: Stance, first: date, last: date) -> list[tuple[datetime, set[str]]]:
    """Occasions on which an actor said so, more than 72 hours apart, each with the outlets that told of it."""
    found: list[tuple[datetime, set[str]]] = []
    for article in TIMELINE:
        if article.about.get(actor) != label or not first <= article.published.date() <= last:
            continue
        if found and article.published - found[-1][0] <= ONE_OCCASION:
            found[-1][1].add(article.outlet)
        else:
            found.append((article.published, {article.outlet}))
    return found


def test_the_timeline_runs_from_february_2022_to_december_2025() -> None:
    assert (TIMELINE[0].published.year, TIMELINE[0].published.month) == (2022, 2)
    assert (TIMELINE[-1].published.year, TIMELINE[-1].published.month) == (2025, 12)
    assert len(WRITTEN) >= 170
    assert all(earlier.published < later.published for earlier, later in pairwise(TIMELINE))


def test_each_file_is_sorted_and_holds_the_months_of_its_name() -> None:
    for path in (files("services.newsroom") / "timeline").iterdir():
        if not (found := re.fullmatch(r"(\d{4})(?:-(\d\d)-to-(\d\d))?\.yaml", path.name)):
            continue
        dates = [entry["published"] for entry in yaml.safe_load(path.read_text())]
        first, last = int(found[2] or 1), int(found[3] or 12)
        assert all(date.year == int(found[1]) and first <= date.month <= last for date in dates), path.name
        assert len(path.read_text().splitlines()) < 650, f"{path.name} is unwieldy"


def test_ids_are_unique_and_outlets_are_known() -> None:
    assert len({article.id for article in TIMELINE}) == len(TIMELINE)
    assert {article.outlet for article in WRITTEN} == set(read_outlets())
    assert len(read_outlets()) == 8


def test_releases_are_far_enough_apart_for_the_clock() -> None:
    times = sorted([a.published for a in TIMELINE] + [a.edited.at for a in TIMELINE if a.edited is not None])
    assert min(later - earlier for earlier, later in pairwise(times)) >= timedelta(minutes=5)


def test_every_sample_says_that_it_is_one_and_no_seed_document_does() -> None:
    for article in TIMELINE:
        texts = [article.text] + ([article.edited.text] if article.edited is not None else [])
        assert all(text.endswith("\n\n" + NOTICE) is not article.seed for text in texts), article.id


def test_samples_quote_nobody() -> None:
    assert [article.id for article in WRITTEN if re.search('["“”„«»]', article.title + article.text)] == []


def test_copies_follow_an_original_of_another_outlet_and_resemble_it() -> None:
    by_id = {article.id: article for article in TIMELINE}
    copies = [article for article in TIMELINE if article.copy_of]
    assert len(copies) >= 15
    for copy in copies:
        original = by_id[copy.copy_of]
        assert not original.copy_of
        assert original.outlet != copy.outlet
        assert timedelta(0) < copy.published - original.published < timedelta(hours=12)
        assert copy.about == original.about
        assert copy.text != original.text
        assert _signature(copy).jaccard(_signature(original)) > 0.5, copy.id


def test_articles_that_are_no_copies_do_not_look_like_copies() -> None:
    articles = [article for article in WRITTEN if not article.copy_of]
    signatures = {article.id: _signature(article) for article in articles}
    near = [
        (a.id, b.id)
        for n, a in enumerate(articles)
        for b in articles[n + 1 :]
        if b.published - a.published < timedelta(days=7) and signatures[a.id].jaccard(signatures[b.id]) > 0.35
    ]
    assert near == []


def _signature(article: SampleArticle) -> MinHash:
    words = re.findall(r"\w+", (article.title + " " + article.text).lower())
    signature = MinHash(num_perm=128, seed=1)
    signature.update_batch([" ".join(words[n : n + 3]).encode() for n in range(len(words) - 2)])
    return signature


def test_off_topic_articles_are_plenty_and_take_no_side() -> None:
    off_topic = [article for article in TIMELINE if article.off_topic]
    assert len(off_topic) >= 25
    assert [article.id for article in off_topic if article.about] == []


def test_the_hard_cases_are_there() -> None:
    traps = {article.trap for article in TIMELINE}
    assert {
        "old-quote", "nested-speech", "anonymous", "corrected", "logistics", "progress-alone", "terms", "reported-by",
        "war-rhetoric", "aid", "other-conflict", "other-subject", "several-voices", "limited-truce", "prediction",
    } <= traps  # fmt: skip
    corrected = next(article for article in TIMELINE if article.trap == "corrected")
    assert corrected.edited is not None
    assert corrected.edited.text != corrected.text


@pytest.mark.parametrize("shift", EXPECTED.shifts, ids=lambda shift: f"{shift.actor}-{shift.since:%Y}")
def test_a_shift_has_evidence_enough_on_both_sides(shift: Shift) -> None:
    for label, first, last in (
        (shift.before, shift.since - DAYS, shift.since - timedelta(days=1)),
        (shift.after, shift.since, shift.since + DAYS),
    ):
        assert label in ("favor", "against")
        found = events(shift.actor, label, first, last)
        assert len(found) >= 6, (label, found)
        assert len(set[str]().union(*(outlets for _, outlets in found))) >= 2
    assert shift.since < shift.until


def test_shifts_of_one_actor_join_up_and_nothing_between_them_contradicts_for_long() -> None:
    by_actor: dict[str, list[Shift]] = defaultdict(list)
    for shift in sorted(EXPECTED.shifts, key=lambda shift: shift.since):
        by_actor[shift.actor].append(shift)
    for actor, shifts in by_actor.items():
        spans = [(shifts[0].before, date(2022, 2, 1), shifts[0].since)]
        spans += [(a.after, a.since, b.since) for a, b in pairwise(shifts)]
        spans += [(shifts[-1].after, shifts[-1].since, date(2025, 12, 31))]
        for earlier, later in pairwise(shifts):
            assert earlier.after == later.before
        for state, first, last in spans:
            other: Stance = "against" if state == "favor" else "favor"
            assert len(events(actor, other, first, last - timedelta(days=1))) <= 1, (actor, state)


@pytest.mark.parametrize("actor", [shift.actor for shift in EXPECTED.shifts])
def test_an_actor_that_shifts_is_never_silent_for_long(actor: str) -> None:
    times = [article.published for article in TIMELINE if article.about.get(actor) in ("favor", "against")]
    assert max(later - earlier for earlier, later in pairwise(times)) <= timedelta(days=85)


@pytest.mark.parametrize(("actor", "stance"), EXPECTED.steady.items())
def test_a_steady_actor_has_a_position_and_keeps_it(actor: str, stance: Stance) -> None:
    found = events(actor, stance, date(2022, 1, 1), date(2025, 12, 31))
    assert len(found) >= 10
    assert all(article.about.get(actor, stance) in (stance, "neither") for article in TIMELINE)
    known = [
        time
        for time, _ in found
        if len(span := [event for event in found if time - DAYS <= event[0] <= time]) >= 5
        and len(set[str]().union(*(outlets for _, outlets in span))) >= 2
    ]
    assert known, "five events from two outlets within ninety days, or the position stays unknown"


@pytest.mark.parametrize("actor", EXPECTED.mixed)
def test_a_mixed_actor_says_both_in_every_year(actor: str) -> None:
    for year in range(2022, 2026):
        for label in ("favor", "against"):
            assert events(actor, label, date(year, 1, 1), date(year, 12, 31)), (year, label)


def test_seed_documents_are_served_whole_under_a_sample_outlet() -> None:
    seeds = [article for article in TIMELINE if article.seed]
    assert [article.id for article in seeds] == ["seed-000", "seed-001", "seed-002", "seed-003"]
    for article in seeds:
        path = next(
            path
            for path in (files("models") / "corpus" / "seeds").iterdir()
            if path.name.startswith(article.id[-3:] + "_")
        )
        lines = [line.strip() for line in path.read_text(encoding="utf-8").splitlines() if line.strip()]
        left_out = set(lines) - set(article.text.split("\n\n"))
        assert left_out <= {article.title, "U.S."}
        assert article.title not in article.text


def test_articles_come_in_the_order_in_which_a_reader_sees_them() -> None:
    rows = as_articles(TIMELINE)
    assert all(set(row) == {"id", "title", "text", "published", "outlet", "url", "fetched"} for row in rows)
    times = [datetime.fromisoformat(row["fetched"]) for row in rows]
    assert times == sorted(times)
    assert all(time.tzinfo == UTC for time in times)
    twice = [row for row in rows if row["id"] == "2023-05-10-vilnius-corrected"]
    assert [row["published"] < row["fetched"] for row in twice] == [False, True]
    assert len(rows) == len(TIMELINE) + 1

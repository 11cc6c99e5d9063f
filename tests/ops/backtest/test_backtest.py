"""What the archive's run reports: exposure, exact intervals, the reference's verdicts, a control of whole events."""

import gzip
import json
import random
from datetime import UTC, date, datetime, timedelta
from itertools import pairwise
from pathlib import Path

import pytest
from msgspec.structs import replace

from ops.backtest.archive import read_articles
from ops.backtest.control import gather_blocks, permuted_alarms, shuffle
from ops.backtest.correlation import correlation
from ops.backtest.packet import pick, score
from ops.backtest.reference import REFERENCE, Reference, Shift, Stretch
from ops.backtest.run import dossiers_of, exposed_days, interval
from streams.records import Article, ShiftAlert
from tests.streams.made import START, Worker, reading, weeks_of

FAVOR, FLIP = weeks_of("favor", 0.0, 60), weeks_of("against", 60.0, 40)
ALERTS = Worker().take(*FAVOR, *FLIP).alerts
TURN = (START + timedelta(days=60)).date()
STEADY = Stretch("ruritania", "favor", START.date(), TURN, "sure", "invented")
MOVED = Shift("ruritania", "favor", "against", TURN, TURN + timedelta(days=5), "likely", "invented")


def reference(*stretches: Stretch, shifts: tuple[Shift, ...] = (), until: date = date(2030, 1, 1)) -> Reference:
    return Reference(until, stretches, shifts)


def test_the_interval_is_the_exact_one() -> None:
    """Garwood's for 0, 3 and 10 events, as tables of the Poisson distribution have it."""
    assert interval(0, 1.0) == pytest.approx((0.0, 3.689), abs=1e-3)
    assert interval(3, 1.0) == pytest.approx((0.619, 8.767), abs=1e-3)
    assert interval(10, 2.0) == pytest.approx((4.795 / 2, 18.390 / 2), abs=1e-3)


def test_only_days_with_enough_events_before_them_are_exposure() -> None:
    (dossier,) = dossiers_of(FAVOR).values()
    per_day = [event.count for event in dossier.events]
    assert per_day == pytest.approx([1.0] * 60)
    # Ten events stand before the tenth day ends, and after the last a tenth day still counts for 81 more.
    assert exposed_days(dossier, START, START + timedelta(days=400)) == 50 + 90 - 9
    assert exposed_days(dossier, START, START + timedelta(days=9)) == 0


def test_the_reference_tells_true_shifts_from_false_ones_and_from_what_it_cannot_know() -> None:
    confirmed = ALERTS[-1]
    assert (confirmed.status, confirmed.after) == ("confirmed", "against")
    assert reference(STEADY, shifts=(MOVED,)).verdict(confirmed).startswith("true shift, likely")
    long = Stretch("ruritania", "favor", START.date(), TURN + timedelta(days=90), "sure", "invented")
    assert reference(long).verdict(confirmed) == "steady in favor, sure"
    assert reference(long, until=TURN).verdict(confirmed) == "open"
    assert list(reference(shifts=(MOVED,)).missed([confirmed])) == []
    assert len(list(reference(shifts=(MOVED,)).missed([]))) == 1


def test_the_written_reference_has_no_gap_that_it_does_not_name_and_every_actor_to_its_end() -> None:
    written = Reference.read(REFERENCE)
    for actor in ("united-states", "ukraine", "russia"):
        stretches = written.steady(actor)
        assert stretches[-1].until == written.written_until
        for before, after in pairwise(stretches):
            assert timedelta(0) < after.since - before.until <= timedelta(days=2)
            assert before.until < after.since


def test_the_control_moves_whole_events_and_loses_none() -> None:
    told = [reading(f"c{n}-{m}", n + m / 24, "favor", "ABC"[m]) for n in range(0, 30, 3) for m in range(3)]
    blocks = gather_blocks(told)
    assert [len(block) for block in blocks] == [3] * 10
    shuffled = list(shuffle(blocks, STEADY, random.Random(1)))
    assert sorted(r.id for r in shuffled) == sorted(r.id for r in told)
    assert sorted(r.published for r in shuffled) == sorted(r.published for r in told)
    assert [r.id for r in shuffled] != [r.id for r in sorted(shuffled, key=lambda r: r.published)]


def test_an_actor_that_turns_within_a_stretch_has_alarms_in_no_order_but_its_own() -> None:
    stretch = Stretch("ruritania", "favor", START.date(), TURN + timedelta(days=60), "sure", "invented")
    control = permuted_alarms([*FAVOR, *FLIP], reference(stretch), 10)
    assert control.years == pytest.approx(10 * 95 / 365.25, abs=0.3)
    assert control.alarms <= 3


def test_readings_of_one_event_that_always_agree_are_fully_correlated() -> None:
    rng = random.Random(1)
    agreeing = [(float(n), [rng.random() < 0.5] * 3) for n in range(200)]
    independent = [(float(n), [rng.random() < 0.5 for _ in range(3)]) for n in range(200)]
    assert correlation({"a": agreeing}) == pytest.approx(1.0)
    assert abs(correlation({"a": independent})) < 0.15


def test_the_archive_s_relevant_headlines_become_articles(tmp_path: Path) -> None:
    titles = "Ruritania calls on Russia and Ukraine to begin peace talks", "A cat shows her kittens to the mayor"
    rows = [{"first_seen": "2025-08-01T10:00", "title": title, "outlet": "Lantern"} for title in titles]
    path = tmp_path / "archive.jsonl.gz"
    path.write_bytes(gzip.compress("".join(json.dumps(row) + "\n" for row in rows).encode()))
    (article,) = read_articles(path)
    assert (article.title, article.outlet, article.published) == (
        titles[0], "Lantern", datetime(2025, 8, 1, 10, tzinfo=UTC),
    )  # fmt: skip


def some_articles(days: int) -> list[tuple[Article, set[str]]]:
    return [
        (
            Article(id=f"a{n}", url="", outlet="Lantern", title=f"No. {n}", text="",
                    published=START + timedelta(days=n), fetched=START + timedelta(days=n)),
            {"ruritania"},
        )
        for n in range(days)
    ]  # fmt: skip


def test_a_packet_has_as_many_calm_windows_as_alerts_and_none_of_them_near_one() -> None:
    alert: ShiftAlert = ALERTS[-1]
    windows = pick([alert], some_articles(400), random.Random(1))
    assert sorted(window["answer"] for window in windows) == ["away", "no alert"]
    (calm,) = [window for window in windows if window["answer"] == "no alert"]
    assert abs(datetime.fromisoformat(calm["day"]) - alert.at) > timedelta(days=60)
    assert all(len(window["headlines"]) <= 61 for window in windows)


def test_neither_the_number_of_headlines_nor_an_overlap_gives_an_alert_away() -> None:
    """Two alerts ten days apart in a month of three headlines a day, among much that is quieter."""
    alert: ShiftAlert = ALERTS[-1]
    later = replace(alert, id="later", at=alert.at + timedelta(days=10))
    burst, quiet = {int((alert.at - START).days) + n for n in range(-20, 30)}, set(range(300, 350))
    articles = [
        (article, named)
        for article, named in some_articles(700)
        for _ in range(3 if (article.published - START).days in burst | quiet else 1)
    ]
    windows = pick([alert, later], articles, random.Random(3))
    calm = sorted(datetime.fromisoformat(one["day"]) for one in windows if one["answer"] == "no alert")
    assert len(calm) == 2
    assert abs((calm[1] - calm[0]) - timedelta(days=10)) <= timedelta(days=1)
    sizes = [len(one["headlines"]) for one in windows]
    assert max(sizes) <= 1.5 * min(sizes)


def test_precision_counts_cannot_tell_once_as_wrong_and_once_as_right(tmp_path: Path) -> None:
    judged, key = tmp_path / "judged.json", tmp_path / "key.json"
    key.write_text(json.dumps([{"answer": answer} for answer in ("away", "toward", "away", "no alert")]))
    judged.write_text(json.dumps([{"verdict": verdict} for verdict in ("away", "cannot tell", "none", "none")]))
    text = score(judged, key)
    assert "1/3 with those wrong" in text
    assert "2/3 with those right" in text
    judged.write_text(json.dumps([{"verdict": ""}] * 4))
    with pytest.raises(SystemExit, match="every window needs a verdict"):
        score(judged, key)

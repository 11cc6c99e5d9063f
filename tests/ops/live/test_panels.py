"""Every panel of every dashboard, asked of the real Prometheus, shows something that moves with what it claims."""

import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack

import pytest

from ops.grafana.dashboards.build import PAGES
from ops.grafana.dashboards.show import Query, Way
from tests.ops.live.other_model import write_model_that_is_against
from tests.ops.live.system import WAIT, System, running_system

pytestmark = [pytest.mark.journey, pytest.mark.timeout(1800)]

QUERIES = [
    pytest.param(query, id=f"{page}: {show.title} ({query.legend})")
    for page, (_, sections) in PAGES.items() for section in sections for show in section.shows for query in show.queries
    if query.way != "unseen"
]  # fmt: skip
# Rules that the disturbances below must make fire, in a Prometheus whose hours are seconds.
FIRING = (
    "ParleyFeedDead", "ParleyDeadLetters", "ParleyDeliveryFailing", "ParleyDeliveryParked", "ParleyHeld",
    "ParleyOutboxFull", "ParleyDown", "ParleyAgeBurnsFast", "ParleyRecordsKept", "ParleyWorkerDied",
)  # fmt: skip


class Run:
    """One run of the system: when each cause was set off, and the Prometheus that remembers it."""

    def __init__(self, system: System) -> None:
        self.system, self.prometheus = system, system.prometheus
        self.since: dict[str, float] = {"articles": time.time(), "time": time.time()}

    def disturb(self, cause: str, acts: Sequence[Callable[[], object]], sign: str) -> None:
        """Set a cause off, and wait until `sign` is true of the metrics."""
        self.since[cause] = time.time()
        for act in acts:
            act()
        self.system.until(f"{cause}: {sign}", lambda: self.prometheus.value(sign) is not None)
        # A panel must be scraped, and a rate needs a second point.
        time.sleep(2.5)

    def let_workers_die(self) -> None:
        """Kill both workers while the one that owns the partition has records in hand, and start them again."""
        self.system.until(
            "workers stopped with records in hand", lambda: self.system.stop_in_hand("stream", "stream-2")
        )
        for name in ("stream", "stream-2"):
            self.system.kill(name)
        for name in ("stream", "stream-2"):
            self.system.start(name)


@pytest.fixture(scope="module")
def run(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Run]:
    with running_system(tmp_path_factory.mktemp("ops")) as system, ExitStack() as stack:
        run, outlet = Run(system), system.outlet
        shown = 'sum(parley_alerts_total{kind="shift", status="confirmed"}) > 0'
        system.until("a confirmed shift", lambda: run.prometheus.value(shown) is not None, 600)
        gone, junk = (500, ""), (200, "<html><body>We are moving house.</body></html>")
        empty = "<item><guid>empty</guid></item>"
        run.disturb(
            "feed-has-gap", [lambda: outlet.show("another", "Truce talks go on", "x")], "parley_feed_gaps_total > 0"
        )
        run.disturb("long-article", [system.send_long_article], "sum(parley_text_skipped_total) > 0")
        run.disturb(
            "feed-has-bad-entries",
            [lambda: outlet.show("long", "Ceasefire talks", "x", empty)],
            "sum(parley_entries_bad_total) > 0",
        )
        run.disturb("feed-is-junk", [lambda: setattr(outlet, "feed", junk)], "sum(parley_documents_bad_total) > 0")
        outlet.show("long", "Ceasefire talks", "y")
        # What was scraped before the feed came back says nothing.
        time.sleep(2.5)
        heard = 'sum(parley_feeds_deaf) == 0 and sum(parley_feeds{state!="live"}) == 0'
        system.until("the feed heard again", lambda: run.prometheus.value(heard) is not None)
        run.disturb("feed-stops", [lambda: setattr(outlet, "feed", gone)], "parley_feeds_deaf > 0")
        # More than the newsroom shows within a rate's window, so that the median moves too.
        run.disturb(
            "late-articles", [lambda: system.send_late_articles(200)], "parley:articles_late:ratio_rate3d > 0.5"
        )
        run.disturb("bad-record", [system.send_bad_record], "sum(parley_dead_letters_total) > 0")
        run.disturb("newer-record", [system.send_newer_record], "sum(parley_records_kept_total) > 0")
        run.disturb("page-opens", [lambda: stack.enter_context(system.open_page())], "sum(parley_desk_viewers) > 0")
        run.disturb("verdict", [system.judge_alert], 'sum(parley_alerts_judged{what="correct"}) > 0')
        outlet.hook = 500  # 503 is what a gateway says: that counts as unreachable, not as failed.
        run.disturb("webhook-breaks", [system.raise_alert], 'sum(parley_deliveries_total{outcome="failed"}) > 0')
        outlet.hook = 410
        run.disturb("webhook-gone", [system.raise_alert], "sum(parley_deliveries_parked) > 0")
        run.disturb(
            "hold",
            [
                lambda: system.notify("--hold", "--why", "a test"),
                lambda: system.notify("--silence", "russia", "--until", "8h"),
            ],
            "max(parley_notify_held) == 1 and max(parley_silences) > 0",
        )
        run.disturb("worker-joins", [lambda: system.start("stream-2")], 'sum(parley_ready{job="stream"}) == 2')
        shared = 'count(count by (instance) (parley_lag_records{job="stream", topic="readings.v1"})) == 2'
        system.until("both workers show partitions", lambda: run.prometheus.value(shared) is not None)
        run.disturb(
            "worker-restarts",
            [lambda: system.end("stream-2"), lambda: system.start("stream-2")],
            f'max(process_start_time_seconds{{job="stream"}}) > {time.time()}',
        )
        run.disturb("worker-dies", [run.let_workers_die], "sum(parley_worker_deaths_total) > 0")
        other = str(write_model_that_is_against(system.folder / "other-model"))
        run.disturb(
            "model-changes",
            [
                lambda: system.end("stream-2"),
                lambda: system.end("stream"),
                lambda: system.start("stream", PARLEY_MODEL=other),
            ],
            'sum(parley_readings_reread_total{label="changed"}) > 0',
        )
        system.start("stream-2", PARLEY_MODEL=other)
        system.until("both workers show partitions again", lambda: run.prometheus.value(shared) is not None)
        run.disturb(
            "broker-stops",
            [lambda: outlet.show("new", "Truce talks fail", "z"), system.broker.take_down],
            "parley_outbox_articles > 0",
        )
        full = 'ALERTS{alertname="ParleyOutboxFull", alertstate="firing"}'
        system.until("the outbox fires its rule", lambda: run.prometheus.value(full) is not None)
        system.broker.bring_up()
        yield run


@pytest.mark.parametrize("query", QUERIES)
def test_a_panel_moves_with_what_it_claims_to_show(run: Run, query: Query) -> None:
    start = run.since[query.moves]
    before = run.prometheus.value(query.expr, start)
    values: list[float] = []
    for _ in range(20):
        values = run.prometheus.series(query.expr, start, time.time())
        if moved(query.way, before, values):
            return
        time.sleep(0.5)
    assert values, f"nothing is shown: {query.expr}"
    pytest.fail(f"{query.expr} goes not {query.way}: {before} before, {min(values)} to {max(values)} after")


def moved(way: Way, before: float | None, values: Sequence[float]) -> bool:
    """Whether what was shown before and the values since then differ as they must; nothing and a constant never do."""
    if way == "stays":
        return bool(values) and set(values) == {0.0}
    if way == "ends":
        return before is None and bool(values) and values[-1] == 0.0
    if way == "changes":
        return len({*values, *([] if before is None else [before])}) > 1
    if way == "up":
        # A counter with labels is not there before its first event.
        return bool(values) and max(values) > (before or 0.0)
    return before is not None and bool(values) and min(values) < before


@pytest.mark.parametrize("rule", FIRING)
def test_a_disturbance_of_the_real_processes_fires_its_rule(run: Run, rule: str) -> None:
    firing = f'ALERTS{{alertname="{rule}", alertstate="firing"}}'
    run.system.until(rule, lambda: bool(run.prometheus.series(firing, run.since["articles"], time.time())), WAIT)


def test_an_actor_is_shown_by_one_worker_only(run: Run) -> None:
    twice = 'count by (actor) (parley_position_probability{stance="favor"}) > 1'
    shown = 'parley_position_probability{stance="favor"}'
    # The workers have just lost their broker: they show nothing until they have shared the partitions again.
    run.system.until(
        "one owner for each actor", lambda: bool(run.prometheus.labels(shown)) and not run.prometheus.labels(twice)
    )


def test_a_shift_has_a_mark_where_it_was_raised(run: Run) -> None:
    marks = 'max by (actor) (parley_alert_last_timestamp_seconds{kind="shift", status="confirmed"})'
    moments = run.prometheus.series(marks, run.since["articles"], time.time())
    assert moments
    assert max(moments) > run.since["articles"]

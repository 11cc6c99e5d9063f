"""The dashboard "Pipeline": rate, errors and duration of each stage, what waits, and how old it is."""

from ops.grafana.dashboards.show import Cause, Query, Section, Show, Way

RATE = "[$__rate_interval]"


def quantiles(metric: str, cause: Cause = "articles", way: Way = "changes") -> tuple[Query, ...]:
    """The median and the 95th of 100 of a histogram."""
    return tuple(
        Query(
            f"histogram_quantile({share}, sum by (le) (rate({metric}_bucket{RATE})))",
            f"{round(share * 100)} of 100",
            cause,
            way,
        )
        for share in (0.5, 0.95)
    )


INGEST = (
    Show(
        "Visits",
        "Visits to feeds and pages a second, by outcome.",
        "reqps",
        (Query(f"sum by (kind, outcome) (rate(parley_fetches_total{RATE}))", "{{kind}} {{outcome}}", "articles"),),
    ),
    Show(
        "Visits that failed",
        "Share of the visits that neither brought news nor said that there is none.",
        "percentunit",
        (
            Query(
                f'sum(rate(parley_fetches_total{{outcome!~"fresh|unchanged"}}{RATE})) '
                f"/ sum(rate(parley_fetches_total{RATE}))",
                "failed",
                "feed-stops",
            ),
        ),
        most=1.0,
    ),
    Show("Duration of a visit", "Seconds from request to body.", "s", quantiles("parley_fetch_seconds")),
    Show(
        "Articles published",
        "Articles a second that the broker acknowledged.",
        "short",
        (Query(f"sum by (kind) (rate(parley_articles_in_total{RATE}))", "{{kind}}", "articles"),),
    ),
    Show(
        "Outbox",
        "Articles waiting on disk for the broker's acknowledgement.",
        "short",
        (Query("sum(parley_outbox_articles)", "waiting", "broker-stops"),),
    ),
    Show(
        "Articles not sent on",
        "Articles that did not go on since the ingester started, by reason.",
        "short",
        (Query("sum by (reason) (parley_articles_dropped_total)", "{{reason}}", "articles"),),
    ),
)
STREAM = (
    Show(
        "Articles read",
        "Articles a second that the workers are done with, by outcome.",
        "short",
        (Query(f"sum by (outcome) (rate(parley_articles_read_total{RATE}))", "{{outcome}}", "articles"),),
    ),
    Show(
        "Dead letters",
        "Records put aside since the workers started, by topic and reason.",
        "short",
        (Query("sum by (topic, reason) (parley_dead_letters_total)", "{{topic}} {{reason}}", "bad-record"),),
    ),
    Show(
        "Duration of a batch",
        "Seconds to find and read the statements of one batch.",
        "s",
        quantiles("parley_inference_seconds"),
    ),
    Show(
        "Lag",
        "Records between the last handled and the end of the topic.",
        "short",
        (Query("sum by (job, topic) (parley_lag_records)", "{{topic}}", "articles", "changes"),),
    ),
    Show(
        "Articles in a batch",
        "Mean size of an inference batch: 1 where nothing waits, the most that is allowed under load.",
        "short",
        (
            Query(
                f"sum(rate(parley_batch_articles_sum{RATE})) / sum(rate(parley_batch_articles_count{RATE}))",
                "articles",
                "articles",
                "changes",
            ),
        ),
    ),
    Show(
        "Partitions of each worker",
        "How many partitions each worker shows; a worker that ends gives its own to the others.",
        "short",
        (
            Query(
                'count by (instance) (parley_lag_records{job="stream", topic=~"readings[.].*"})',
                "{{instance}}",
                "worker-joins",
                "changes",
            ),
        ),
    ),
)
NOTIFY = (
    Show(
        "Deliveries",
        "Attempts a second, and states not told, by sink and outcome.",
        "short",
        (Query(f"sum by (sink, outcome) (rate(parley_deliveries_total{RATE}))", "{{sink}} {{outcome}}", "articles"),),
    ),
    Show(
        "Attempts that failed",
        "Attempts that brought nothing through since the notifier started, by sink and outcome.",
        "short",
        (
            Query(
                "sum by (sink, outcome) "
                '(parley_deliveries_total{outcome=~"failed|unreachable|refused|gone|throttled"})',
                "{{sink}} {{outcome}}",
                "webhook-breaks",
            ),
        ),
    ),
    Show(
        "Waiting and given up",
        "Alert states that wait for a sink, and those that were parked after the last retry.",
        "short",
        (
            Query("sum by (sink) (parley_deliveries_pending)", "{{sink}} waiting", "webhook-breaks"),
            Query("sum by (sink) (parley_deliveries_parked)", "{{sink}} given up", "webhook-gone"),
        ),
    ),
    Show(
        "Duration of a delivery",
        "Seconds of one attempt, by sink.",
        "s",
        (
            Query(
                f"sum by (sink) (rate(parley_delivery_seconds_sum{RATE})) "
                f"/ sum by (sink) (rate(parley_delivery_seconds_count{RATE}))",
                "{{sink}}",
                "articles",
                "changes",
            ),
        ),
    ),
    Show(
        "Canary, from ingester to notifier",
        "Mean seconds that a canary takes the whole way.",
        "s",
        (
            Query(
                f"sum(rate(parley_canary_seconds_sum{RATE})) / sum(rate(parley_canary_seconds_count{RATE}))",
                "seconds",
                "articles",
                "changes",
            ),
        ),
    ),
)
AGES = (
    Show(
        "Age when read",
        "Seconds from an article's publication until its statements are read; live articles only.",
        "s",
        quantiles("parley_publication_to_reading_seconds", "late-articles", "up"),
    ),
    Show(
        "Alerts by age",
        "Alerts since the workers started, all of them and those within six hours of the deciding evidence.",
        "short",
        (
            Query("sum(parley_publication_to_alert_seconds_count)", "all", "articles"),
            Query('sum(parley_publication_to_alert_seconds_bucket{le="21600.0"})', "within six hours", "articles"),
        ),
    ),
    Show(
        "Objective: articles read late",
        "Share of live articles read later than an hour after publication. 5 of 100 are allowed.",
        "percentunit",
        (
            Query("parley:articles_late:ratio_rate1h", "an hour", "late-articles"),
            Query("parley:articles_late:ratio_rate3d", "three days", "late-articles"),
        ),
        most=1.0,
    ),
)
PROCESSES = (
    Show(
        "Ready",
        "Processes that are connected and have recovered their state.",
        "short",
        (Query('sum by (job) (parley_ready{job=~"ingest|stream|notify|desk"})', "{{job}}", "worker-joins"),),
    ),
    Show(
        "Time since start",
        "How long each process has run; a fall is a restart.",
        "s",
        (
            Query(
                'time() - process_start_time_seconds{job=~"ingest|stream|notify|desk"}',
                "{{job}} {{instance}}",
                "worker-restarts",
                "changes",
            ),
        ),
    ),
    Show(
        "Memory",
        "Resident memory of each process.",
        "bytes",
        (
            Query(
                'process_resident_memory_bytes{job=~"ingest|stream|notify|desk"}',
                "{{job}} {{instance}}",
                "worker-joins",
            ),
        ),
    ),
    Show(
        "Processor time",
        "Cores in use by each process.",
        "short",
        (
            Query(
                f'rate(process_cpu_seconds_total{{job=~"ingest|stream|notify|desk"}}{RATE})',
                "{{job}} {{instance}}",
                "articles",
                "changes",
            ),
        ),
    ),
)

SECTIONS = (
    Section("Ingest: feeds to articles.v1", INGEST),
    Section("Stream: articles.v1 to alerts.v1", STREAM),
    Section("Notify: alerts.v1 to people", NOTIFY),
    Section("Age, and the objective", AGES),
    Section("Processes", PROCESSES),
)

"""Each stage of the pipeline: its rate, its errors, its duration, and what waits before it."""

from ops.grafana.dashboards.rates import RATE, quantiles
from ops.grafana.dashboards.show import Query, Show

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
        "Articles waiting on disk for the broker's acknowledgement, and sends that it did not take, by its error, "
        "since the ingester started. Nothing is lost; look at Kafka where it grows.",
        "short",
        (
            Query("sum(parley_outbox_articles)", "waiting", "broker-stops"),
            Query("sum by (error) (parley_publish_failures_total)", "{{error}}", "broker-stops", "unseen"),
        ),
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
        "Size of a batch",
        "Articles and statements in an inference batch, on average: 1 article where nothing waits, the most that is "
        "allowed under load.",
        "short",
        (
            Query(
                f"sum(rate(parley_batch_articles_sum{RATE})) / sum(rate(parley_batch_articles_count{RATE}))",
                "articles",
                "articles",
                "changes",
            ),
            Query(
                f"sum(rate(parley_batch_statements_sum{RATE})) / sum(rate(parley_batch_statements_count{RATE}))",
                "statements",
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
DESK = (
    Show(
        "Records shown",
        "Records a second that the desk's pages took in, by topic and outcome; malformed ones are not shown there, and "
        "the worker puts them aside.",
        "short",
        (
            Query(
                f"sum by (topic, outcome) (rate(parley_desk_records_total{RATE}))", "{{topic}} {{outcome}}", "articles"
            ),
        ),
    ),
    Show(
        "Pages that follow",
        "Open pages that are told of news as it comes. A shift without any is one that nobody watches.",
        "short",
        (Query('sum(parley_desk_viewers{job="desk"})', "pages", "page-opens"),),
    ),
    Show(
        "Articles dropped for their age",
        "Articles whose text the desk dropped since it started; quotes, and what alerts rest on, stay. Set "
        "PARLEY_DESK_ARTICLE_DAYS to keep them longer.",
        "short",
        (Query('sum(parley_desk_articles_pruned_total{job="desk"})', "articles", "articles"),),
    ),
)

"""The dashboard "Pipeline": every stage from feed to people, how old what comes out is, and the processes."""

from ops.grafana.dashboards.processes import PROCESSES
from ops.grafana.dashboards.rates import quantiles
from ops.grafana.dashboards.show import Query, Section, Show
from ops.grafana.dashboards.stages import DESK, INGEST, NOTIFY, STREAM

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
SECTIONS = (
    Section("Ingest: feeds to articles.v1", INGEST),
    Section("Stream: articles.v1 to alerts.v1", STREAM),
    Section("Notify: alerts.v1 to people", NOTIFY),
    Section("Desk: topics to pages", DESK),
    Section("Age, and the objective", AGES),
    Section("Processes", PROCESSES),
)

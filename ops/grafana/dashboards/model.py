"""The dashboard "Model": what the stance reader answers, how sure it is, and whether that drifts."""

from ops.grafana.dashboards.model_change import CHANGE
from ops.grafana.dashboards.rates import RATE
from ops.grafana.dashboards.show import Query, Section, Show

SECTIONS = (
    Section(
        "Labels",
        (
            Show(
                "Label mix",
                "Share of each label among the readings. Most of the news takes no stance.",
                "percentunit",
                (
                    Query(
                        f"sum by (label) (rate(parley_readings_total{RATE})) "
                        f"/ ignoring (label) group_left sum(rate(parley_readings_total{RATE}))",
                        "{{label}}",
                        "articles",
                        "changes",
                    ),
                ),
                most=1.0,
            ),
            Show(
                "Readings by actor and label",
                "Readings since the workers started.",
                "short",
                (Query("sum by (actor, label) (parley_readings_total)", "{{actor}} {{label}}", "articles"),),
                width=16,
            ),
        ),
    ),
    Section(
        "Confidence",
        (
            Show(
                "Mean confidence",
                "Mean probability of the likeliest label.",
                "percentunit",
                (
                    Query(
                        f"sum(rate(parley_reading_confidence_sum{RATE})) "
                        f"/ sum(rate(parley_reading_confidence_count{RATE}))",
                        "now",
                        "articles",
                        "changes",
                    ),
                    Query("parley:confidence:mean1d", "a day", "articles", "changes"),
                ),
                most=1.0,
            ),
            Show(
                "Readings in doubt",
                "Share of the readings whose likeliest label has a probability of 0.6 at most.",
                "percentunit",
                (
                    Query(
                        f'sum(rate(parley_reading_confidence_bucket{{le="0.6"}}{RATE})) '
                        f"/ sum(rate(parley_reading_confidence_count{RATE}))",
                        "in doubt",
                        "articles",
                        "changes",
                    ),
                ),
                most=1.0,
            ),
            Show(
                "Models in use",
                "Workers by the version of the model that they read with; two versions mean a change is under way.",
                "short",
                (Query("count by (version) (parley_model_info == 1)", "{{version}}", "worker-joins"),),
                kind="number",
            ),
        ),
    ),
    Section(
        "Drift",
        (
            Show(
                "Confidence against the week before",
                "Mean confidence of a day less that of the week before it. Beyond 0.05 an operator is told.",
                "none",
                (Query("parley:confidence:drift", "difference", "articles", "changes"),),
                least=None,
            ),
            Show(
                "Labels against the week before",
                "Share of a day's readings that would need another label to look like the week before it.",
                "percentunit",
                (Query("parley:label_share:drift", "moved", "articles", "changes"),),
                most=1.0,
            ),
            Show(
                "Text not read",
                "Texts or parts of them that were passed over since the workers started, by reason.",
                "short",
                (Query("sum by (reason) (parley_text_skipped_total)", "{{reason}}", "long-article"),),
            ),
            Show(
                "Readings that move nothing",
                "Readings with a stance that moved no position since the workers started, by reason: old quotes, what "
                "others report, what is forgotten. Where one grows beside the others, read some of them on the desk.",
                "short",
                (Query("sum by (reason) (parley_readings_ignored_total)", "{{reason}}", "articles"),),
            ),
        ),
    ),
    Section("After a change of the model", CHANGE),
)

"""The expressions that several dashboards share: how often, and how long; knows no panel."""

from ops.grafana.dashboards.show import Cause, Query, Way

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

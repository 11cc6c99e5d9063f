"""What a panel shows -> a Grafana panel; knows nothing of what the metrics mean."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Literal

from grafana_foundation_sdk.builders import bargauge, common, dashboard, prometheus, stat, table, timeseries
from grafana_foundation_sdk.models.common import LegendDisplayMode, LegendPlacement
from grafana_foundation_sdk.models.dashboard import DataSourceRef, GridPos
from grafana_foundation_sdk.models.prometheus import PromQueryFormat

SOURCE = DataSourceRef(type_val="prometheus", uid="prometheus")
WIDTH = 24
HEIGHT = 8

# What makes a panel's value move, and which way; the test on the running system does it and looks.
Cause = Literal[
    "articles", "feed-stops", "feed-is-junk", "feed-has-bad-entries", "feed-has-gap", "long-article", "late-articles",
    "bad-record", "newer-record", "broker-stops", "webhook-breaks", "webhook-gone", "worker-joins",
    "worker-restarts", "worker-dies", "model-changes", "page-opens", "verdict", "hold", "time",
]  # fmt: skip
# `stays` is for faults that healthy processes cannot be brought to: what counts them is there, and says 0.
# `ends` is for what is done too soon to be seen under way: it is shown only since its cause, and says 0 in the end.
# `unseen` is what the running system is not brought to, and what is not shown before it happens: nothing is looked at.
Way = Literal["up", "down", "changes", "stays", "ends", "unseen"]


@dataclass(frozen=True)
class Query:
    """A PromQL expression, the legend of its series, and what moves the sum of its values which way."""

    expr: str
    legend: str
    moves: Cause
    way: Way = "up"


@dataclass(frozen=True)
class Show:
    """One panel: `unit` is Grafana's name of it; `width` counts in 24ths of the page; `link` leads to the evidence."""

    title: str
    description: str
    unit: str
    queries: Sequence[Query]
    kind: Literal["lines", "number", "table", "bars"] = "lines"
    width: int = 8
    link: str | None = None
    least: float | None = 0.0
    most: float | None = None


@dataclass(frozen=True)
class Section:
    """A row of the page and its panels, laid out from left to right, a new line where one does not fit."""

    title: str
    shows: Sequence[Show]


def lay_out(page: dashboard.Dashboard, sections: Sequence[Section]) -> dashboard.Dashboard:
    """Add every section to the page, each panel at a place of its own."""
    number, top = 1, 0
    for section in sections:
        page.with_row(dashboard.Row(section.title).id(number).grid_pos(GridPos(h=1, w=WIDTH, x=0, y=top)))
        number, top, left = number + 1, top + 1, 0
        for show in section.shows:
            if left + show.width > WIDTH:
                top, left = top + HEIGHT, 0
            place = GridPos(h=HEIGHT, w=show.width, x=left, y=top)
            page.with_panel(_panel(show).id(number).grid_pos(place))
            number, left = number + 1, left + show.width
        top += HEIGHT
    return page


def _panel(show: Show) -> Any:
    kinds: dict[str, Any] = {
        "lines": timeseries.Panel,
        "number": stat.Panel,
        "table": table.Panel,
        "bars": bargauge.Panel,
    }
    panel: Any = kinds[show.kind]().title(show.title).description(show.description).unit(show.unit).datasource(SOURCE)
    if show.least is not None:
        panel = panel.min(show.least)
    if show.most is not None:
        panel = panel.max(show.most)
    if show.link is not None:
        panel = panel.data_links([dashboard.DashboardLink("Evidence on the desk").url(show.link).target_blank(True)])
    if show.kind == "lines":
        legend = common.VizLegendOptions().show_legend(True).display_mode(LegendDisplayMode.LIST)
        panel = panel.legend(legend.placement(LegendPlacement.BOTTOM)).span_nulls(False).fill_opacity(8)
    for letter, query in zip("ABCDEFGH", show.queries, strict=False):
        target = prometheus.Dataquery().expr(query.expr).legend_format(query.legend).ref_id(letter).datasource(SOURCE)
        target = target.range() if show.kind == "lines" else target.instant()
        if show.kind == "table":
            target = target.format(PromQueryFormat.TABLE)
        panel = panel.with_target(target)
    return panel

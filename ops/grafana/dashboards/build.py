"""The dashboards as Grafana reads them: their names, variables and annotations, and the files they are written to."""

import json
from pathlib import Path
from typing import Any

from grafana_foundation_sdk.builders import dashboard
from grafana_foundation_sdk.cog.encoder import JSONEncoder
from grafana_foundation_sdk.models.dashboard import DashboardCursorSync, VariableRefresh

from ops.grafana.dashboards import desk, feeds, model, pipeline
from ops.grafana.dashboards.show import SOURCE, Section, lay_out

FOLDER = Path(__file__).parents[1] / "json"
DESK = "http://127.0.0.1:8440"
PAGES: dict[str, tuple[str, tuple[Section, ...]]] = {
    "desk": ("Desk", desk.SECTIONS),
    "pipeline": ("Pipeline", pipeline.SECTIONS),
    "feeds": ("Feeds", feeds.SECTIONS),
    "model": ("Model", model.SECTIONS),
}
# The value of the series is the time of the mark, so that a shift stands where it was raised and not where a rate
# noticed it.
SHIFTS = {
    "name": "Confirmed shifts",
    "datasource": {"type": "prometheus", "uid": "prometheus"},
    "enable": True,
    "iconColor": "orange",
    "expr": 'max by (actor) (parley_alert_last_timestamp_seconds{kind="shift", status="confirmed"}) * 1000',
    "useValueForTime": "on",
    "titleFormat": "{{actor}} has shifted",
    "tagKeys": "actor",
    "step": "60s",
}


def build(name: str) -> str:
    """Return the dashboard's JSON, the same for the same code."""
    title, sections = PAGES[name]
    page = (
        dashboard.Dashboard(title)
        .uid(f"parley-{name}")
        .tags(["parley"])
        .readonly()
        .refresh("30s")
        .time("now-7d" if name in {"desk", "model"} else "now-6h", "now")
        .timezone("utc")
        .tooltip(DashboardCursorSync.CROSSHAIR)
        .link(dashboard.DashboardLink("Parley").type("dashboards").tags(["parley"]).as_dropdown(False))  # type: ignore[arg-type]
    )
    if name == "desk":
        page = page.with_variable(dashboard.TextBoxVariable("desk").label("Address of the desk").default_value(DESK))
        actors = dashboard.QueryVariable("actor").label("Actor").datasource(SOURCE).multi(True).include_all(True)
        actors = actors.query("label_values(parley_position_probability, actor)").all_value(".*")
        page = page.with_variable(actors.refresh(VariableRefresh.ON_TIME_RANGE_CHANGED))
    written: dict[str, Any] = json.loads(JSONEncoder(sort_keys=True).encode(lay_out(page, sections).build()))
    if name == "desk":
        written["annotations"] = {"list": [SHIFTS]}
    return json.dumps(written, indent=1, sort_keys=True) + "\n"


def write() -> None:
    """Write every dashboard to its file."""
    FOLDER.mkdir(exist_ok=True)
    for name in PAGES:
        (FOLDER / f"{name}.json").write_text(build(name))

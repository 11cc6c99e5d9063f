"""The dashboards' files are those that the code writes; every panel has a place, a unit and words of its own."""

import json
import re
from collections.abc import Iterable
from itertools import combinations
from typing import Any

import pytest
import yaml

from ops.grafana.dashboards.build import FOLDER, PAGES, build
from tests.ops.checks.test_prometheus import GENERIC, ROOT, RULES, known_metrics, named_in

WRITTEN: dict[str, dict[str, Any]] = {name: json.loads((FOLDER / f"{name}.json").read_text()) for name in PAGES}
PANELS = [(name, panel) for name, page in WRITTEN.items() for panel in page["panels"] if panel["type"] != "row"]

every_page = pytest.mark.parametrize("page", WRITTEN.values(), ids=WRITTEN)
every_panel = pytest.mark.parametrize(
    "panel", [panel for _, panel in PANELS], ids=[f"{n}: {p['title']}" for n, p in PANELS]
)


@pytest.mark.parametrize("name", PAGES)
def test_the_file_is_what_the_code_writes(name: str) -> None:
    assert (FOLDER / f"{name}.json").read_text() == build(name), "run `make ops-files`, and commit what it wrote"


def test_no_file_is_left_of_a_dashboard_that_is_gone() -> None:
    assert {file.stem for file in FOLDER.iterdir()} == set(PAGES) == {"desk", "pipeline", "feeds", "model"}


@every_page
def test_panels_stay_within_the_page_and_off_each_other(page: dict[str, Any]) -> None:
    places = [panel["gridPos"] for panel in page["panels"]]
    for place in places:
        assert place["x"] >= 0
        assert place["x"] + place["w"] <= 24
        assert place["w"] >= 6
    for one, other in combinations(places, 2):
        beside = one["x"] + one["w"] <= other["x"] or other["x"] + other["w"] <= one["x"]
        above = one["y"] + one["h"] <= other["y"] or other["y"] + other["h"] <= one["y"]
        assert beside or above, (one, other)


@every_page
def test_titles_and_ids_are_unique(page: dict[str, Any]) -> None:
    for key in ("title", "id"):
        values = [panel[key] for panel in page["panels"]]
        assert len(values) == len(set(values))
    assert page["editable"] is False
    assert page["uid"].startswith("parley-")


@every_panel
def test_a_panel_has_a_title_a_description_and_a_unit(panel: dict[str, Any]) -> None:
    assert panel["title"][0].isupper()
    assert panel["description"].endswith((".", "?"))
    assert panel["fieldConfig"]["defaults"]["unit"]
    assert panel["datasource"] == {"type": "prometheus", "uid": "prometheus"}
    assert panel["targets"]


@every_panel
def test_a_panel_reads_only_what_exists_and_hides_no_absence(panel: dict[str, Any]) -> None:
    recorded = {rule["record"] for rule in RULES if "record" in rule}
    for target in panel["targets"]:
        read = named_in(target["expr"])
        assert read
        assert read <= known_metrics() | recorded | GENERIC
        assert "vector(" not in target["expr"]
        assert "or on" not in target["expr"]
        assert target["legendFormat"]


# What no panel shows, and why.
NOT_SHOWN = {
    "parley_reader_hangs_total": "its worker ends at once, mostly before it is scraped; what is seen is the restart",
}


def shown_of(names: set[str], expressions: Iterable[str]) -> set[str]:
    """The metrics that the expressions read, by themselves or through what the rules record, at any depth."""
    recorded = {rule["record"]: rule["expr"] for rule in RULES if "record" in rule}
    read: set[str] = set()
    waiting = list(expressions)
    while waiting:
        for name in named_in(waiting.pop()) - read:
            read.add(name)
            waiting += [recorded[name]] if name in recorded else []
    return read & names


def test_every_metric_is_on_a_dashboard_or_has_a_reason_not_to_be() -> None:
    expressions = [target["expr"] for _, panel in PANELS for target in panel["targets"]]
    marks = [mark["expr"] for page in WRITTEN.values() for mark in page.get("annotations", {}).get("list", [])]
    shown = shown_of(known_metrics(), [*expressions, *marks])
    families = {re.sub("_(bucket|sum|count)$", "", name) for name in known_metrics()}
    seen = {re.sub("_(bucket|sum|count)$", "", name) for name in shown}
    assert families - seen == set(NOT_SHOWN), "show it where somebody looks for it, or say here why not"
    assert all(NOT_SHOWN.values())


def test_a_metric_that_only_a_rule_reads_counts_as_shown_where_a_panel_shows_the_rule() -> None:
    through = shown_of(known_metrics(), ["parley:label_share:drift"])
    assert through == {"parley_readings_total"}
    assert shown_of(known_metrics(), ["parley_unheard_of"]) == set()


def test_shifts_are_marked_and_positions_lead_to_their_evidence() -> None:
    desk = WRITTEN["desk"]
    (marks,) = desk["annotations"]["list"]
    assert 'status="confirmed"' in marks["expr"]
    positions = next(panel for panel in desk["panels"] if panel["title"] == "Where actors stand")
    (link,) = positions["fieldConfig"]["defaults"]["links"]
    assert link["url"] == "${desk}/actors/${__field.labels.actor}"
    assert {variable["name"] for variable in desk["templating"]["list"]} == {"desk", "actor"}


def test_the_data_source_that_panels_ask_for_is_provisioned() -> None:
    (source,) = yaml.safe_load((ROOT / "ops/grafana/provisioning/datasources/prometheus.yml").read_text())[
        "datasources"
    ]
    assert (source["type"], source["uid"]) == ("prometheus", "prometheus")
    (provider,) = yaml.safe_load((ROOT / "ops/grafana/provisioning/dashboards/parley.yml").read_text())["providers"]
    mounts = yaml.safe_load((ROOT / "docker-compose.yml").read_text())["services"]["grafana"]["volumes"]
    assert f"./ops/grafana/json:{provider['options']['path']}:ro" in mounts
    assert re.search("wget", (ROOT / "docker-compose.yml").read_text())

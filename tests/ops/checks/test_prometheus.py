"""Every alert rule fires in its unit test, keeps still in another moment, and leads to a section of the runbook."""

import re
import shutil
import subprocess
from pathlib import Path
from typing import Any

import pytest
import yaml
from prometheus_client.metrics import MetricWrapperBase

from services import metrics

ROOT = Path(__file__).parents[3]
FOLDER = ROOT / "ops/prometheus"
RULES = [rule for file in sorted(FOLDER.glob("rules/*.yml")) for group in yaml.safe_load(file.read_text())["groups"]
         for rule in group["rules"]]  # fmt: skip
ALERTS: list[dict[str, Any]] = [rule for rule in RULES if "alert" in rule]
TESTS = sorted(FOLDER.glob("tests/*.yml"))
CASES = [case for file in TESTS for test in yaml.safe_load(file.read_text())["tests"]
         for case in test.get("alert_rule_test", [])]  # fmt: skip
# Ours, and those that every Python process and Prometheus itself show.
GENERIC = {"up", "process_start_time_seconds", "process_resident_memory_bytes", "process_cpu_seconds_total"}
needs_promtool = pytest.mark.skipif(shutil.which("promtool") is None, reason="promtool is not here: `make packages`")
needs_amtool = pytest.mark.skipif(shutil.which("amtool") is None, reason="amtool is not here: `make packages`")


def known_metrics() -> set[str]:
    """The names under which this process's own metrics appear, with what histograms and counters add."""
    names = set()
    for family in (value for value in vars(metrics).values() if isinstance(value, MetricWrapperBase)):
        for described in family.describe():
            tails = {"counter": ("_total",), "histogram": ("_bucket", "_sum", "_count")}.get(described.type, ("",))
            names |= {described.name + tail for tail in tails}
    return names


def named_in(expression: str) -> set[str]:
    """The metrics that an expression reads: words with an underscore or a colon that are no function, label or text."""
    bare = re.sub(r'"[^"]*"|\{[^}]*\}|(by|on|ignoring|group_left|group_right|without) \([^)]*\)', "", expression)
    return {
        word for word in re.findall(r"[a-z_:0-9]+", bare) if word.startswith(("parley", "process_")) or word == "up"
    }


@pytest.mark.parametrize("rule", ALERTS, ids=[rule["alert"] for rule in ALERTS])
def test_a_rule_fires_in_its_test_and_keeps_still_in_another_moment(rule: dict[str, Any]) -> None:
    cases = [case["exp_alerts"] for case in CASES if case["alertname"] == rule["alert"]]
    assert any(cases)
    assert any(expected == [] for expected in cases) or rule["alert"] == "ParleyDown"


@pytest.mark.parametrize("rule", ALERTS, ids=[rule["alert"] for rule in ALERTS])
def test_a_rule_says_how_urgent_it_is_and_where_help_stands(rule: dict[str, Any]) -> None:
    assert rule["labels"]["severity"] in {"page", "ticket"}
    assert rule["annotations"]["summary"]
    file, _, section = rule["annotations"]["runbook"].partition("#")
    headings = re.findall(r"^#+ (.+)$", (ROOT / file).read_text(), re.MULTILINE)
    assert section in {re.sub(r"[^a-z0-9 -]", "", heading.lower()).replace(" ", "-") for heading in headings}


@pytest.mark.parametrize("rule", RULES, ids=[rule.get("alert") or rule["record"] for rule in RULES])
def test_a_rule_reads_only_metrics_that_exist(rule: dict[str, Any]) -> None:
    recorded = {rule["record"] for rule in RULES if "record" in rule}
    read = named_in(rule["expr"])
    assert read
    assert read <= known_metrics() | recorded | GENERIC
    assert "vector(0)" not in rule["expr"]


@needs_promtool
@pytest.mark.parametrize("file", TESTS, ids=[file.stem for file in TESTS])
def test_the_rules_pass_their_unit_tests(file: Path) -> None:
    result = subprocess.run(
        ["promtool", "test", "rules", file.name],
        cwd=file.parent,
        capture_output=True,
        text=True,
        timeout=240,
        check=False,
    )
    assert result.returncode == 0, result.stdout + result.stderr


@needs_promtool
def test_the_configuration_is_valid() -> None:
    result = subprocess.run(
        ["promtool", "check", "config", "prometheus.yml"],
        cwd=FOLDER,
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert result.returncode == 0, result.stdout + result.stderr
    assert "1 rule files found" in result.stdout


@needs_amtool
def test_the_alertmanager_takes_its_configuration() -> None:
    file = ROOT / "ops/alertmanager/alertmanager.yml"
    result = subprocess.run(["amtool", "check-config", file], capture_output=True, text=True, timeout=60, check=False)
    assert result.returncode == 0, result.stdout + result.stderr

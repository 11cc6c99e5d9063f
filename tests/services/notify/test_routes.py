"""The file of routes: what it says reaches whom, and every problem in it is one line that says what to do."""

import base64
from pathlib import Path
from typing import get_args

import pytest
from msgspec.structs import replace
from pydantic import SecretStr

from services.notify.references import Problem
from services.notify.routes import KINDS, SinkPlan, read_routes
from services.notify.taste import EVERYTHING, NEWS, Grouping, Taste
from streams.records import AlertKind, AlertStatus, ShiftAlert
from tests.services.notify.samples import alert

EXAMPLE = Path(__file__).parents[3] / "ops" / "routes.example.yaml"
KEY = "whsec_" + base64.b64encode(b"k" * 32).decode()
ENVIRONMENT = {"HOOK": "https://hooks.example/SECRETPATH", "TOKEN": "xoxb-123456789-SECRETTOKEN", "KEY": KEY}
HOOK = "{type: slack, webhook: {env: HOOK}}"
SINK = "sinks: {desk: {type: slack, webhook: {env: HOOK}}}\n"


def named(name: str) -> SecretStr | None:
    return SecretStr(ENVIRONMENT[name]) if name in ENVIRONMENT else None


def read(text: str, folder: Path = Path()) -> tuple[list[SinkPlan], list[Problem]]:
    return read_routes(text, folder, named, {"ruritania", "graustark"}, {"jane-doe"})


def taste_of(route: str) -> Taste:
    plans, problems = read(f"{SINK}routes:\n  - {{to: desk{', ' if route else ''}{route}}}\n")
    assert problems == []
    return Taste(every_state=False, digests=True, rules=plans[0].rules)


@pytest.mark.parametrize(
    ("route", "told", "not_told"),
    [
        ("actors: [graustark]", alert(actor="graustark"), alert()),
        ("actors: [graustark]", replace(alert(kind="ally-split"), other="graustark"), alert(kind="ally-split")),
        ("people: [jane-doe]", alert(speaker="jane-doe"), alert()),
        ("kinds: [first-position]", alert(kind="first-position"), alert()),
        ("status: [confirmed]", alert(status="confirmed"), alert()),
        ("probability: 0.93", alert(), replace(alert(), probability=0.92)),
        ("", alert(), alert(kind="first-position")),
    ],
)
def test_a_route_tells_what_it_names(route: str, told: ShiftAlert, not_told: ShiftAlert) -> None:
    taste = taste_of(route)
    assert taste.wants(told)
    assert not taste.wants(not_told)


def test_conditions_of_one_route_all_hold_and_any_of_several_routes_does() -> None:
    text = (
        SINK + "routes:\n- {to: [desk], actors: [graustark], status: [confirmed]}\n- {to: [desk], people: [jane-doe]}\n"
    )
    ((plan,), problems) = read(text)
    assert problems == []
    taste = Taste(False, True, plan.rules)
    assert taste.wants(alert(actor="graustark", status="confirmed"))
    assert not taste.wants(alert(actor="graustark"))
    assert taste.wants(alert(speaker="jane-doe"))


def test_no_route_ever_leads_a_canary_to_people() -> None:
    for kind_of_rule in (EVERYTHING, NEWS):
        assert not Taste(True, True, (kind_of_rule,)).wants(alert(kind="canary"))
    assert "canary" not in KINDS
    _, problems = read(f"{SINK}routes:\n- {{to: [desk], kinds: [canary]}}\n")
    assert len(problems) == 1


def test_the_example_is_what_it_says_it_is(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    text = EXAMPLE.read_text().replace("/run/secrets/", "")
    (tmp_path / "slack_desk").write_text("https://hooks.example/SECRETPATH\n")
    (tmp_path / "slack_bot_token").write_text("xoxb-123456789-SECRETTOKEN\n")
    monkeypatch.setitem(ENVIRONMENT, "ARCHIVE_URL", "https://archive.example/in")
    monkeypatch.setitem(ENVIRONMENT, "ARCHIVE_KEY", KEY)
    plans, problems = read_routes(text, tmp_path, named, {"ukraine", "russia"}, set())
    assert problems == []
    desk, team, archive = plans
    assert desk.grouping == Grouping(600.0, 5)
    assert (team.channel, archive.type) == ("C0123456789", "webhook")
    assert [secret.get_secret_value() for secret in archive.signing] == [KEY]


@pytest.mark.parametrize(
    ("sinks", "routes", "line", "words"),
    [
        ("desk: {type: slack, webhook: https://hooks.example/SECRETPATH}", "{to: desk}", 2, "{env: NAME}"),
        ("desk: {type: slack, webhook: {env: NOPE}}", "{to: desk}", 2, "no NOPE"),
        ("desk: {type: slack, webhook: {env: PARLEY_X}}", "{to: desk}", 2, "settings"),
        ("desk: {type: slack, webhook: {env: TOKEN}}", "{to: desk}", 2, "not a web address"),
        ("desk: {type: slack, webhook: {file: nowhere}}", "{to: desk}", 2, "cannot be read"),
        ("desk: {type: slack}", "{to: desk}", 2, "either `webhook`"),
        ("desk: {type: slack, token: {env: HOOK}, channel: C0123456789}", "{to: desk}", 2, "xoxb-"),
        ("desk: {type: slack, token: {env: TOKEN}, channel: '#desk'}", "{to: desk}", 2, "C0123456789"),
        ("desk: {type: webhook, url: {env: HOOK}, secret: {env: TOKEN}}", "{to: desk}", 2, "24 to 64 bytes"),
        ("desk: {type: webhook, ulr: {env: HOOK}}", "{to: desk}", 2, "did you mean url?"),
        ("desk: {type: mail}", "{to: desk}", 2, "slack or webhook"),
        ("The Desk: {type: webhook, url: {env: HOOK}}", "{to: The Desk}", 2, "small letters"),
        ("canary: {type: webhook, url: {env: HOOK}}", "{to: canary}", 2, "not terminal or canary"),
        ("desk: {type: slack, webhook: {env: HOOK}, digest: {window: soon, count: 5}}", "{to: desk}", 2, "10m"),
        ("desk: {type: slack, webhook: {env: HOOK}, digest: {window: 5m, count: 0}}", "{to: desk}", 2, "whole number"),
        ("desk: {type: slack, webhook: {env: HOOK}}", "{to: dekc}", 4, "did you mean desk?"),
        ("desk: {type: slack, webhook: {env: HOOK}}", "{to: desk, actors: [rurtania]}", 4, "did you mean ruritania?"),
        ("desk: {type: slack, webhook: {env: HOOK}}", "{to: desk, kinds: []}", 4, "write a list"),
        ("desk: {type: slack, webhook: {env: HOOK}}", "{to: desk, status: [done]}", 4, "confirmed"),
        ("desk: {type: slack, webhook: {env: HOOK}}", "{to: desk, probability: 90}", 4, "from 0 to 1"),
        ("desk: {type: slack, webhook: {env: HOOK}}", "{actors: [ruritania]}", 4, "to: [SINK]"),
        ("desk: {type: slack, webhook: {env: HOOK}}", "desk", 4, "to: [SINK]"),
    ],
)
def test_a_problem_names_its_line_and_what_to_do_and_shows_no_secret(
    sinks: str, routes: str, line: int, words: str
) -> None:
    _, problems = read(f"sinks:\n  {sinks}\nroutes:\n  - {routes}\n")
    shown = [problem.show(Path("r.yaml")) for problem in problems]
    assert any(f"r.yaml:{line}:" in one and words in one for one in shown), shown
    assert not any("SECRET" in one or KEY in one for one in shown)
    assert all("\n" not in one for one in shown)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "[]",
        "sinks: {}",
        "routes: []",
        "a: 1",
        "sinks: [1",
        "sinks: {1: 2}\nroutes: [1]",
        "\t",
        "&a [*a]",
        "!!python/x 1",
    ],
)
def test_a_file_that_is_no_file_of_routes_is_a_problem_and_no_traceback(text: str) -> None:
    plans, problems = read(text)
    assert plans == []
    assert problems


def test_a_name_that_stands_there_twice_is_a_problem() -> None:
    text = f"sinks:\n  a: {HOOK}\n  a: {HOOK}\nroutes:\n- {{to: a}}\n"
    _, problems = read(text)
    assert [problem.line for problem in problems] == [3]


def test_a_sink_to_which_no_route_leads_is_a_problem() -> None:
    text = f"sinks:\n  a: {HOOK}\n  b: {HOOK}\nroutes:\n- {{to: a}}\n"
    _, problems = read(text)
    assert [(problem.line, problem.where) for problem in problems] == [(3, "sinks.b")]


def test_every_kind_and_status_that_alerts_have_can_be_routed() -> None:
    kinds = ", ".join(kind for kind in get_args(AlertKind) if kind != "canary")
    statuses = ", ".join(get_args(AlertStatus))
    assert taste_of(f"kinds: [{kinds}], status: [{statuses}]").wants(alert())

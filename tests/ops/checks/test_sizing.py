"""The runbook's sizing follows from the figures that are kept, and the arithmetic from them is what it says."""

from pathlib import Path

import pytest
import yaml

from ops.sizing.estimate import Load, estimate
from ops.sizing.figures import read_figures
from ops.sizing.render import LIMIT, put_into, render

ROOT = Path(__file__).parents[3]


def test_the_runbook_shows_what_follows_from_the_figures() -> None:
    text = (ROOT / "ops/RUNBOOK.md").read_text()
    assert put_into(text, render(read_figures())) == text


def test_ten_times_the_articles_take_ten_times_as_much() -> None:
    figures = read_figures()
    one, ten = (estimate(figures, Load(articles, actors=0)) for articles in (100_000, 1_000_000))
    assert ten == pytest.approx([10 * value for value in one])


def test_a_day_s_readings_are_what_the_relevant_articles_say() -> None:
    figures, load = read_figures(), Load(86_400, peak=1.0, relevant=0.5)
    needs = estimate(figures, load)
    assert (needs.shown, needs.read) == (1.0, 0.5)
    assert needs.rows == pytest.approx(43_200 * figures.readings * 30)
    assert needs.disk_readings_a_day == pytest.approx(43_200 * figures.readings * figures.reading_bytes / 1e9)
    assert needs.cores_reading == pytest.approx(0.5 / figures.read)


def test_the_limit_is_the_composition_s() -> None:
    services = yaml.safe_load((ROOT / "docker-compose.yml").read_text())["services"]
    assert services["stream"]["deploy"]["resources"]["limits"]["memory"] == f"{LIMIT:g}g"


def test_a_text_without_the_marks_is_refused() -> None:
    with pytest.raises(ValueError, match="has no"):
        put_into("# Runbook", "a section")

"""Settings are read once, an unknown one fails, and secrets never print."""

import pytest

from services.errors import UsageProblem
from services.settings import read_settings


def test_options_win_over_the_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PARLEY_KAFKA", "from-environment:9092")
    assert read_settings().kafka == "from-environment:9092"
    assert read_settings(kafka="from-option:9092").kafka == "from-option:9092"
    assert read_settings(kafka=None).kafka == "from-environment:9092"


def test_an_unknown_setting_fails_at_start(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PARLEY_KAFKAA", "x:1")
    with pytest.raises(UsageProblem, match="PARLEY_KAFKAA"):
        read_settings()


def test_an_empty_setting_is_no_setting(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PARLEY_SLACK", "")
    assert read_settings().slack is None


def test_secrets_do_not_print(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PARLEY_SLACK", "https://hooks.example/T0/very-secret")
    settings = read_settings(webhook_secret="whsec_other-secret")
    assert "secret" not in repr(settings).replace("webhook_secret", "")
    assert "secret" not in str(settings).replace("webhook_secret", "")


def test_a_bad_value_is_named_but_not_shown(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PARLEY_METRICS_PORT", "seventy-thousand")
    with pytest.raises(UsageProblem, match="PARLEY_METRICS_PORT") as caught:
        read_settings()
    assert "seventy" not in str(caught.value)

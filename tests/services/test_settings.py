"""Settings are read once, an unknown one fails, and secrets never print."""

from pathlib import Path

import pytest

from services.errors import UsageProblem
from services.settings import read_named_secret, read_settings


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
    for shown in (repr(settings), str(settings)):
        assert "very-secret" not in shown
        assert "other-secret" not in shown


def test_a_bad_value_is_named_but_not_shown(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PARLEY_METRICS_PORT", "seventy-thousand")
    with pytest.raises(UsageProblem, match="PARLEY_METRICS_PORT") as caught:
        read_settings()
    assert "seventy" not in str(caught.value)


def test_secrets_may_be_files_and_the_environment_wins(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    (tmp_path / "slack").write_text("https://hooks.example/T0/from-file\n")
    (tmp_path / "webhook").write_text("https://desk.example/from-file")
    (tmp_path / "webhook_secret").write_text("\n")
    (tmp_path / "desk_slack").write_text("https://hooks.example/T1")
    monkeypatch.setenv("PARLEY_SECRETS", str(tmp_path))
    monkeypatch.setenv("PARLEY_WEBHOOK", "https://desk.example/from-environment")
    settings = read_settings()
    assert settings.slack is not None
    assert settings.slack.get_secret_value() == "https://hooks.example/T0/from-file"
    assert settings.webhook is not None
    assert settings.webhook.get_secret_value() == "https://desk.example/from-environment"
    assert settings.webhook_secret is None
    named = read_named_secret("DESK_SLACK")
    assert named is not None
    assert named.get_secret_value() == "https://hooks.example/T1"
    assert read_named_secret("OTHER") is None


def test_a_directory_of_secrets_that_is_not_there_is_named(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("PARLEY_SECRETS", str(tmp_path / "nowhere"))
    with pytest.raises(UsageProblem, match="PARLEY_SECRETS"):
        read_settings()

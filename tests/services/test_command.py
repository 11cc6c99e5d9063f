"""`parley` as a person types it: what it says when the call is wrong."""

import subprocess
import sys
from pathlib import Path

import pytest

from services.__main__ import VERBS


def parley(*arguments: str, env: dict[str, str] | None = None) -> "subprocess.CompletedProcess[str]":
    base = {"PATH": "/usr/bin:/bin", "HOME": "/nonexistent"}
    return subprocess.run(
        [sys.executable, "-m", "services", *arguments],
        capture_output=True,
        text=True,
        env={**base, **(env or {})},
        timeout=120,
        check=False,
    )


def assert_one_clear_line(result: "subprocess.CompletedProcess[str]", *words: str) -> None:
    assert result.returncode == 2
    assert result.stdout == ""
    lines = result.stderr.strip().splitlines()
    assert len(lines) == 1, result.stderr
    for word in words:
        assert word in lines[0]


@pytest.mark.parametrize("verb", sorted(VERBS))
def test_every_verb_teaches_with_an_example(verb: str) -> None:
    result = parley(verb, "--help")
    assert result.returncode == 0, result.stderr
    assert f"parley {verb}" in result.stdout
    assert "Example" in result.stdout


@pytest.mark.parametrize("verb", sorted(VERBS))
def test_an_unknown_option_is_one_clear_line(verb: str) -> None:
    assert_one_clear_line(parley(verb, "--no-such-option"), "--no-such-option", verb)


def test_an_unknown_verb_is_one_clear_line() -> None:
    assert_one_clear_line(parley("frobnicate"), "frobnicate")


@pytest.mark.parametrize("verb", sorted(VERBS))
def test_a_misspelt_setting_is_one_clear_line(verb: str) -> None:
    arguments = {
        "ingest": ["--feeds", "services/ingest/feeds.opml"],
        "dead-letters": ["list"],
        "newsroom": ["--dump"],
        "feedback": ["export"],
        "shadow": [str(Path(__file__).parent)],
        "explain": ["an-alert"],
        "trace": ["an-article"],
        **{name: [__file__] for name in ("parse", "relevance", "read", "classify", "replay", "train")},
    }.get(verb, [])
    assert_one_clear_line(parley(verb, *arguments, env={"PARLEY_WEBHOK": "https://x"}), "PARLEY_WEBHOK")


def test_a_setting_out_of_range_never_prints_its_value() -> None:
    result = parley("notify", env={"PARLEY_DIGEST_AGE": "-31337"})
    assert_one_clear_line(result, "PARLEY_DIGEST_AGE")
    assert "31337" not in result.stderr


@pytest.mark.parametrize("verb", ["up", "ingest"])
def test_a_missing_feed_list_is_one_clear_line(verb: str) -> None:
    assert_one_clear_line(parley(verb, "--feeds", "no-such.opml"), "no-such.opml")


@pytest.mark.parametrize("verb", ["up", "ingest"])
def test_an_unreadable_feed_list_is_one_clear_line(verb: str, tmp_path: Path) -> None:
    broken = tmp_path / "broken.opml"
    broken.write_bytes(b"\x00\x01 this is no outline")
    assert_one_clear_line(parley(verb, "--feeds", str(broken)), "broken.opml")


@pytest.mark.parametrize("verb", ["stream", "read", "classify", "replay", "evaluate"])
def test_a_directory_without_a_model_is_one_clear_line(verb: str, tmp_path: Path) -> None:
    arguments = {"stream": ["--kafka", "127.0.0.1:9"], "evaluate": []}.get(verb, [__file__])
    assert_one_clear_line(parley(verb, *arguments, "--model", str(tmp_path)), "no stance model", str(tmp_path))


def test_the_first_lines_of_output_can_be_piped_away() -> None:
    result = subprocess.run(
        ["bash", "-c", f"{sys.executable} -m services --help | head -1"],
        capture_output=True,
        text=True,
        check=False,
        timeout=120,
    )
    assert "Usage" in result.stdout
    assert "Traceback" not in result.stderr

"""The Dockerfile holds to the rules that linters have for such files, and to ours: small, and nobody special."""

import json
import re
from pathlib import Path
from typing import Any

import pytest
from dockerfile_parse import DockerfileParser  # type: ignore[import-untyped]

ROOT = Path(__file__).parents[3]
FILE = ROOT / "ops/image/Dockerfile"
STEPS: list[dict[str, Any]] = [
    step for step in DockerfileParser(str(FILE)).structure if step["instruction"] != "COMMENT"
]


def values(instruction: str, stage: int | None = None) -> list[str]:
    stages, count = [], -1
    for step in STEPS:
        count += step["instruction"] == "FROM"
        if step["instruction"] == instruction and stage in (None, count):
            stages.append(step["value"])
    return stages


def test_it_is_built_in_two_stages_from_one_pinned_image() -> None:
    images = [value.split()[0] for value in values("FROM")]
    assert len(images) == 2
    assert len(set(images)) == 1
    assert re.fullmatch(r"[a-z]+:\d+\.\d+\.\d+-slim-[a-z]+", images[0])
    assert [value for value in values("COPY", 1) if not value.startswith("--from=build ")] == []


def test_it_runs_as_a_user_by_number_that_is_not_root() -> None:
    users = values("USER", 1)
    assert re.fullmatch(r"[1-9]\d*:[1-9]\d*", users[-1])
    order = [step["instruction"] for step in STEPS]
    assert order.index("USER") > max(i for i, name in enumerate(order) if name == "RUN")


def test_commands_are_lists_and_health_is_asked_for() -> None:
    assert json.loads(values("ENTRYPOINT")[-1]) == ["parley"]
    assert isinstance(json.loads(values("CMD")[-1]), list)
    options, _, command = values("HEALTHCHECK")[-1].partition("CMD ")
    assert {"--interval", "--timeout", "--start-period", "--retries"} <= {
        part.split("=")[0] for part in options.split()
    }
    assert b"parley_ready 1.0".decode() in json.loads(command)[2]


def test_its_labels_say_what_it_is() -> None:
    labels = set(re.findall(r"org\.opencontainers\.image\.(\w+)=", " ".join(values("LABEL"))))
    assert {"title", "description", "version", "licenses", "documentation"} <= labels
    version = re.search(r'^version = "(.*)"', (ROOT / "pyproject.toml").read_text(), re.MULTILINE)
    assert version is not None
    assert f'version="{version[1]}"' in " ".join(values("LABEL"))


@pytest.mark.parametrize("command", values("RUN"))
def test_an_installing_step_leaves_no_rubbish(command: str) -> None:
    for install in re.findall(r"pip install[^&|;]*", command):
        assert "--no-cache-dir" in install
        assert "--require-hashes" in install or "--no-deps" in install
    assert not re.search(r"\b(sudo|apt|curl|wget|ssh|vim)\b", command)
    assert "apt-get upgrade" not in command
    assert not re.search(r"\bcd\b", command), "WORKDIR instead"
    if "|" in command.replace("||", ""):
        assert any("pipefail" in shell for shell in values("SHELL"))


def test_nothing_is_added_from_the_network_and_no_secret_is_in_it() -> None:
    assert values("ADD") == []
    assert not re.search(r"(?i)(password|token|secret)\s*=", " ".join(values("ENV") + values("ARG")))
    assert all(value.startswith("/") for value in values("WORKDIR"))


def test_the_runtime_has_no_torch() -> None:
    names = re.findall(r"^([a-z0-9_.-]+)==", (ROOT / "ops/requirements/runtime.txt").read_text(), re.MULTILINE)
    assert len(names) > 30
    assert not {"torch", "tensorflow", "pytest", "scikit-learn", "onnx"} & set(names)
    assert not [name for name in names if name.startswith("nvidia")]


def test_what_the_build_copies_is_let_into_its_context() -> None:
    allowed = {line[1:] for line in (ROOT / ".dockerignore").read_text().split() if line.startswith("!")}
    for value in values("COPY", 0):
        for source in value.split()[:-1]:
            assert source in allowed
            assert (ROOT / source).exists()

"""The image's installing steps, replayed in a clean folder from the files that the build's context lets in."""

import os
import re
import shutil
import subprocess
from pathlib import Path

import pytest
from dockerfile_parse import DockerfileParser  # type: ignore[import-untyped]

pytestmark = [pytest.mark.journey, pytest.mark.timeout(900)]

ROOT = Path(__file__).parents[3]
STEPS = DockerfileParser(str(ROOT / "ops/image/Dockerfile")).structure


def test_the_steps_of_the_image_make_a_parley_that_reads(tmp_path: Path) -> None:
    source, target = tmp_path / "src", tmp_path / "parley"
    source.mkdir()
    stage = 0
    env = {"PATH": os.environ["PATH"], "HOME": str(tmp_path), "HF_HUB_OFFLINE": "1"}
    for step in STEPS:
        stage += step["instruction"] == "FROM"
        if stage != 1:
            continue
        if step["instruction"] == "COPY":
            *files, place = step["value"].split()
            for name in files:
                to = source / (Path(place).relative_to("/src") if not place.endswith("/") else Path(name).name)
                if (ROOT / name).is_dir():
                    shutil.copytree(ROOT / name, to, ignore=shutil.ignore_patterns("__pycache__", "runs"))
                else:
                    shutil.copy(ROOT / name, to)
        if step["instruction"] == "RUN":
            # The packages may come from this machine's cache: what is tried is the steps and not the network.
            command = step["value"].replace("/opt/parley", str(target)).replace("--no-cache-dir ", "")
            command = re.sub(r"^python ", "python3.11 ", command)
            result = subprocess.run(
                ["bash", "-o", "pipefail", "-ec", command], cwd=source, env=env, capture_output=True, text=True,
                timeout=600, check=False,
            )  # fmt: skip
            assert result.returncode == 0, result.stdout + result.stderr
    assert not list(target.glob("lib/*/site-packages/torch"))
    said = subprocess.run(
        [target / "bin" / "parley", "classify"], input='{"text": "Kremlin rules out talks", "speaker": "Kremlin"}\n',
        cwd=tmp_path, env=env, capture_output=True, text=True, timeout=180, check=False,
    )  # fmt: skip
    assert said.returncode == 0, said.stderr
    assert "against" in said.stdout
    megabytes = sum(file.stat().st_size for file in target.rglob("*") if file.is_file()) / 1e6
    assert megabytes < 1000, f"{megabytes:.0f} MB"

"""`.env.example` names every setting, and compose only such as exist."""

import os
import re
import subprocess
import sys
from pathlib import Path

import yaml

from ops.env_example import FILE, write_example
from services.settings import PREFIX, Settings

ROOT = Path(__file__).parents[3]
COMPOSE = yaml.safe_load((ROOT / "docker-compose.yml").read_text())


def test_the_example_names_every_setting_with_its_default() -> None:
    names = set(re.findall(rf"^#{PREFIX}(\w+)=", FILE.read_text(), re.MULTILINE))
    assert names == {name.upper() for name in Settings.model_fields}
    assert FILE.read_text() == write_example(), "run `make ops-files`, and commit what it wrote"


def test_every_line_of_the_example_can_be_taken_over() -> None:
    lines = dict(re.findall(rf"^#({PREFIX}\w+)=(.+)$", FILE.read_text(), re.MULTILINE))
    assert len(lines) > 20
    result = subprocess.run(
        [
            sys.executable,
            "-c",
            "from services.settings import read_settings, Settings; assert read_settings() == Settings()",
        ],
        env={"PATH": os.environ["PATH"], "PYTHONPATH": str(ROOT), **lines},
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert result.returncode == 0, result.stderr


def test_compose_sets_only_settings_that_exist() -> None:
    known = {PREFIX + name.upper() for name in Settings.model_fields}
    for name, service in COMPOSE["services"].items():
        given = {key for key in service.get("environment", {}) if key.startswith(PREFIX)}
        assert given <= known, name


def test_every_variable_that_compose_reads_is_in_the_example() -> None:
    read = set(re.findall(r"\$\{(\w+)", (ROOT / "docker-compose.yml").read_text()))
    assert read <= set(re.findall(r"^#(\w+)=", FILE.read_text(), re.MULTILINE))
    # Whatever stands in .env reaches the processes as well, which refuse a setting that they do not know.
    assert not [name for name in read if name.startswith(PREFIX)]

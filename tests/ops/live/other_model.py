"""The exported model -> one that calls every statement a stance against; the files and the checks are the real ones."""

import json
import shutil
from pathlib import Path

import msgspec
from msgspec.structs import replace

from models.exported_model import DESCRIPTION, EXPORTED, read_description, version_of

# Log-odds that no statement has.
FAR = 50.0


def write_model_that_is_against(directory: Path) -> Path:
    """Write it, under a version of its own, and return the directory."""
    shutil.copytree(EXPORTED, directory)
    old = read_description(directory)
    bias = tuple(FAR if label == "against" else value for label, value in zip(old.labels, old.bias, strict=True))
    version = version_of(old.files, old.corpus, old.code, old.temperature, bias)
    (directory / DESCRIPTION).write_text(json.dumps(msgspec.to_builtins(replace(old, bias=bias, version=version))))
    return directory

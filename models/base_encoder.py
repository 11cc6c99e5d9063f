"""Finds the pretrained encoder that training starts from: an installed package's weights, or a directory."""

from importlib.util import find_spec
from pathlib import Path
from typing import Final

NEEDED: Final = ("config.json", "tokenizer.json", "model.safetensors")


class EncoderMissing(ValueError):
    """No encoder of that name is installed, and no such directory holds one; the message says what to do."""


def find_encoder(name: str) -> Path:
    """Return the directory with `config.json`, `tokenizer.json` and weights; raises EncoderMissing."""
    directory = Path(name)
    if not directory.is_dir():
        found = find_spec(name.replace("-", "_"))
        if found is None or not found.submodule_search_locations:
            raise EncoderMissing(f"encoder {name}: no such package or directory; `make train` installs the default one")
        directory = Path(found.submodule_search_locations[0]) / "model"
    for file in NEEDED:
        if not (directory / file).is_file():
            raise EncoderMissing(f"encoder {name}: {directory} has no {file}")
    return directory

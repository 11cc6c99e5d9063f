"""`docker run --rm -v VOLUME:PLACE[:ro] … IMAGE COMMAND` -> the command on the volumes' directories."""

import subprocess
from collections.abc import Callable
from pathlib import Path

PREFIX = "parley_"


def run_with_volumes(volume: Callable[[str], Path], rest: list[str]) -> int:
    """Run the command with each place replaced by the volume's, or the host's, directory; returns its exit code."""
    places: dict[str, Path] = {}
    while rest[0] == "-v":
        source, place = rest[1].split(":")[:2]
        places[place] = volume(source.removeprefix(PREFIX)) if source.startswith(PREFIX) else Path(source)
        # Docker makes what is not there.
        places[place].mkdir(parents=True, exist_ok=True)
        rest = rest[2:]
    _image, *command = rest
    return subprocess.run([replace(word, places) for word in command], check=False).returncode


def replace(word: str, places: dict[str, Path]) -> str:
    """The word with each place's path, where it begins with one, on this machine."""
    for place, directory in sorted(places.items(), key=lambda item: -len(item[0])):
        if word == place or word.startswith(f"{place}/"):
            return str(directory) + word.removeprefix(place)
    return word

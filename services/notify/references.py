"""What a file of routes refers to, and what is wrong with it: secrets by the names of variables and files.

Never holds a secret itself, and never shows one.
"""

import difflib
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, NamedTuple

from pydantic import SecretStr

from services.errors import UsageProblem
from services.notify.addresses import check_secrets, check_url
from services.notify.yaml_lines import Lines, as_mapping
from services.notify.yaml_lines import Path as Place

Named = Callable[[str], SecretStr | None]


class Problem(NamedTuple):
    """What is wrong, on which line of the file, and what to do."""

    line: int
    where: str
    what: str

    def show(self, file: Path) -> str:
        return f"{file}:{self.line}: {self.where}: {self.what}" if self.where else f"{file}:{self.line}: {self.what}"


@dataclass
class Reading:
    """One reading of a file; problems gather here. `named` looks up an environment variable."""

    lines: Lines
    folder: Path
    named: Named
    problems: list[Problem] = field(default_factory=list)

    def wrong(self, place: Place, what: str) -> None:
        where = "".join(f"[{part + 1}]" if isinstance(part, int) else f".{part}" for part in place).lstrip(".")
        self.problems.append(Problem(self.lines.line(place), where, what))

    def keys(self, value: dict[str, Any], known: Iterable[str], place: Place) -> None:
        known = tuple(known)
        for key in value:
            if key not in known:
                self.wrong((*place, key), f"unknown key; {closest(key, known)}")

    def secret(self, value: object, place: Place) -> SecretStr | None:
        entry = as_mapping(value)
        if entry is None or set(entry) not in ({"env"}, {"file"}):
            self.wrong(place, "a secret does not stand in this file; write {env: NAME} or {file: PATH}")
            return None
        name = str(next(iter(entry.values())))
        if "env" in entry:
            if name.startswith("PARLEY_"):
                self.wrong(place, f"{name}: names that begin with PARLEY_ are settings; give it another one")
                return None
            found = self.named(name)
            if found is None:
                self.wrong(place, f"the environment has no {name}; set it where `parley notify` runs")
            return found
        path = self.folder / name
        try:
            text = path.read_text().strip()
        except (OSError, UnicodeDecodeError) as error:
            reason = getattr(error, "strerror", None) or "it is no text"
            self.wrong(place, f"{path} cannot be read ({reason}); name a file with the secret alone in it")
            return None
        if not text:
            self.wrong(place, f"{path} is empty; put the secret into it")
        return SecretStr(text) if text else None

    def url(self, entry: Any, key: str, place: Place) -> SecretStr | None:
        if key not in entry:
            self.wrong(place, f"`{key}` is missing; write {key}: {{env: NAME}} or {key}: {{file: PATH}}")
            return None
        found = self.secret(entry[key], (*place, key))
        if found is None:
            return None
        try:
            check_url(found.get_secret_value(), key)
        except UsageProblem:
            self.wrong((*place, key), "what it refers to is not a web address; it must look like https://host/<secret>")
            return None
        return found

    def signing(self, secret: SecretStr, place: Place) -> tuple[SecretStr, ...]:
        try:
            return tuple(SecretStr(key) for key in check_secrets(secret.get_secret_value()))
        except UsageProblem as error:
            self.wrong(place, str(error).partition(": ")[2])
            return ()


def closest(word: str, known: Iterable[str]) -> str:
    """What to write instead of a word that is not known."""
    known = sorted(known)
    near = difflib.get_close_matches(word, known, 1)
    if near:
        return f"did you mean {near[0]}?"
    return f"write one of {', '.join(known)}" if len(known) <= 12 else "see streams/actors.yaml for the ids"

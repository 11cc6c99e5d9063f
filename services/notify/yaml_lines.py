"""YAML text -> plain data that remembers its lines, so that a problem can be named by the line it stands on."""

from collections.abc import Iterator, Mapping
from typing import Any

import yaml

Path = tuple[str | int, ...]
DEEPEST = 20  # An alias may lead back to what holds it.


class BadYaml(ValueError):
    """The text is no YAML; `line` is where that shows."""

    def __init__(self, line: int, what: str) -> None:
        super().__init__(what)
        self.line = line


class Lines:
    """The data of one document. `line(path)` is where a value stands, or the nearest thing above it that does."""

    def __init__(self, text: str) -> None:
        """Raises BadYaml."""
        try:
            root = yaml.compose(text, yaml.SafeLoader)
            self.data: Any = yaml.safe_load(text)
        except yaml.MarkedYAMLError as error:
            mark = error.problem_mark or error.context_mark
            raise BadYaml(mark.line + 1 if mark else 1, str(error.problem or error.context)) from None
        except yaml.YAMLError as error:
            raise BadYaml(1, " ".join(str(error).split())) from None
        self._lines: dict[Path, int] = {}
        self.twice: list[Path] = []
        for path, line in _walk(root, ()):
            if path in self._lines and not any(path[: len(one)] == one for one in self.twice):
                self.twice.append(path)
            self._lines[path] = line

    def line(self, path: Path) -> int:
        while path and path not in self._lines:
            path = path[:-1]
        return self._lines.get(path, 1)


def _walk(node: yaml.Node | None, path: Path) -> Iterator[tuple[Path, int]]:
    if len(path) > DEEPEST:
        return
    if isinstance(node, yaml.MappingNode):
        for key, value in node.value:
            here = (*path, str(key.value))
            yield here, key.start_mark.line + 1
            yield from _walk(value, here)
    elif isinstance(node, yaml.SequenceNode):
        for number, value in enumerate(node.value):
            yield (*path, number), value.start_mark.line + 1
            yield from _walk(value, (*path, number))


def as_mapping(value: object) -> Mapping[str, Any] | None:
    """The value where it is a mapping whose keys are texts."""
    return value if isinstance(value, dict) and all(isinstance(key, str) for key in value) else None

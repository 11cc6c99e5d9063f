"""A Dockerfile -> what hadolint's published rules find in it, by their numbers; those that can apply to ours.

Left out: rules for package managers that ours must not call at all (one rule of our own stands for them), for ONBUILD,
and those that need a schema of labels. ShellCheck's rules are not here.
"""

import json
import re
import shlex
from collections import Counter
from collections.abc import Callable, Iterator
from io import BytesIO
from itertools import pairwise
from typing import NamedTuple

from dockerfile_parse import DockerfileParser  # type: ignore[import-untyped]

POINTLESS = "ssh vim shutdown service ps free top kill mount ifconfig nano telnet"
MANAGERS = "apt apt-get apk yum dnf zypper npm yarn gem go"
RESERVED = {"scratch", "context"}
LARGE_UID = 99_999


class Step(NamedTuple):
    """An instruction in its stage, with its flags taken off the value."""

    stage: int
    name: str
    flags: dict[str, str]
    value: str

    @property
    def words(self) -> list[str]:
        return shlex.split(self.value)

    @property
    def calls(self) -> list[list[str]]:
        """The commands of a RUN, each as its words."""
        parts = re.split(r"&&|\|\||[;|\n]", self.value) if self.name == "RUN" else []
        return [words for part in parts if (words := shlex.split(part))]


Rule = Callable[[list[Step]], Iterator[str]]


def read_steps(text: str) -> list[Step]:
    parser = DockerfileParser(fileobj=BytesIO(text.encode()))
    steps, stage = [], -1
    for one in parser.structure:
        if one["instruction"] == "COMMENT":
            continue
        stage += one["instruction"] == "FROM"
        flags, rest = {}, one["value"]
        while one["instruction"] in {"FROM", "COPY", "ADD", "HEALTHCHECK"} and rest.startswith("--"):
            flag, _, rest = rest.partition(" ")
            key, _, value = flag.partition("=")
            flags[key] = value
            rest = rest.lstrip()
        steps.append(Step(stage, one["instruction"], flags, rest))
    return steps


def find_problems(text: str) -> set[str]:
    """Return the numbers of the rules that the file breaks."""
    steps = read_steps(text)
    return {number for rule in (_stages, _instructions, _places, _values, _runs) for number in rule(steps)}


def _stages(steps: list[Step]) -> Iterator[str]:
    if steps[0].name not in {"FROM", "ARG"}:
        yield "DL3061"
    aliases: list[str] = []
    for step in steps:
        if step.name == "FROM":
            image, *alias = step.words
            if image not in aliases and ":" not in image:
                yield "DL3006"
            if image.endswith(":latest"):
                yield "DL3007"
            if "/" in image:
                yield "DL3026"  # Which registry serves the image is the engine's business.
            if "--platform" in step.flags:
                yield "DL3029"
            name = alias[1] if alias else ""
            if name and name in aliases:
                yield "DL3024"
            if name in RESERVED:
                yield "DL3063"
            aliases.append(name)
        if step.name == "COPY" and "--from" in step.flags:
            if step.flags["--from"] == aliases[-1]:
                yield "DL3023"
            elif step.flags["--from"] not in aliases:
                yield "DL3022"


def _instructions(steps: list[Step]) -> Iterator[str]:
    last = steps[-1].stage
    often = Counter((step.stage, step.name) for step in steps)
    for name, number in (("HEALTHCHECK", "DL3012"), ("CMD", "DL4003"), ("ENTRYPOINT", "DL4004")):
        if any(often[stage, name] > 1 for stage in range(last + 1)):
            yield number
    if not often[last, "HEALTHCHECK"]:
        yield "DL3057"
    users = [step.value for step in steps if step.name == "USER" and step.stage == last]
    if not users or users[-1].split(":")[0] in {"root", "0"}:
        yield "DL3002"
    if any(step.name == "MAINTAINER" for step in steps):
        yield "DL4000"
    for before, after in pairwise(steps):
        if before.name == after.name == "RUN":
            yield "DL3059"


def _places(steps: list[Step]) -> Iterator[str]:
    placed: set[int] = set()
    for step in steps:
        match step.name:
            case "WORKDIR":
                placed.add(step.stage)
                if not step.value.startswith("/"):
                    yield "DL3000"
            case "ADD":
                yield "DL3020"
            case "COPY":
                *sources, target = step.words
                if len(sources) > 1 and not target.endswith("/"):
                    yield "DL3021"
                if not target.startswith("/") and step.stage not in placed:
                    yield "DL3045"


def _values(steps: list[Step]) -> Iterator[str]:
    for step in steps:
        match step.name:
            case "CMD" | "ENTRYPOINT":
                if not step.value.startswith("["):
                    yield "DL3025"
            case "EXPOSE":
                if any(int(word.split("/")[0]) > 65_535 for word in step.words):
                    yield "DL3011"
            case "ENV":
                names = {word.partition("=")[0] for word in step.words}
                texts = " ".join(word.partition("=")[2] for word in step.words)
                # PATH of the image before is meant where it is extended.
                if {name for name in names - {"PATH"} if re.search(rf"\$\{{?{name}\b", texts)}:
                    yield "DL3044"
            case "LABEL":
                yield from _labels(dict(word.split("=", 1) for word in step.words))


def _labels(labels: dict[str, str]) -> Iterator[str]:
    for key, value in labels.items():
        if not re.fullmatch(r"[a-z0-9]+([._-][a-z0-9]+)*", key):
            yield "DL3048"
        if not value:
            yield "DL3051"
        if key.endswith(".version") and not re.fullmatch(r"\d+\.\d+\.\d+(-[\w.]+)?", value):
            yield "DL3056"


def _runs(steps: list[Step]) -> Iterator[str]:
    safe: set[int] = set()
    for step in steps:
        if step.name == "SHELL" and "pipefail" in json.loads(step.value):
            safe.add(step.stage)
        if step.name == "RUN" and re.search(r"(?<!\|)\|(?!\|)", step.value) and step.stage not in safe:
            yield "DL4006"
        for call in step.calls:
            yield from _call(call)
    fetchers = {call[0] for step in steps for call in step.calls} & {"wget", "curl"}
    if len(fetchers) == 2:
        yield "DL4001"


def _call(words: list[str]) -> Iterator[str]:
    name = words[0].rpartition("/")[2]
    if name in POINTLESS.split():
        yield "DL3001"
    if name == "cd":
        yield "DL3003"
    if name == "sudo":
        yield "DL3004"
    if name in MANAGERS.split():
        yield "ours: the image installs from the lock file alone"
    if name == "ln" and "/bin/sh" in words:
        yield "DL4005"
    if name == "useradd" and not {"-l", "--no-log-init"} & set(words):
        uids = [words[place + 1] for place, word in enumerate(words) if word in {"-u", "--uid"}]
        if any(int(uid) > LARGE_UID for uid in uids):
            yield "DL3046"
    if name.startswith("pip") and "install" in words:
        if "--no-cache-dir" not in words:
            yield "DL3042"
        wanted = [word for word in words[words.index("install") + 1 :] if not word.startswith("-")]
        if not {"-r", "--requirement"} & set(words) and any("==" not in one and one != "." for one in wanted):
            yield "DL3013"

"""`docker` where there is no engine: what the runbook calls -> the composition's commands as local processes.

It knows the verbs that ops/RUNBOOK.md uses and refuses every other. What it proves nothing about: the image, its base,
namespaces, limits, mounts, users and the network between containers.
"""

import os
import sys
from pathlib import Path

from tests.ops.live.stand_in.composition import Composition, Refused
from tests.ops.live.stand_in.volumes import run_with_volumes


def main(arguments: list[str]) -> int:
    composition = Composition(Path(os.environ["STAND_IN"]), Path.cwd())
    try:
        match arguments:
            case ["run", "--rm", *rest]:
                return run_with_volumes(composition.local.volume, rest)
            case ["compose", "exec", "-T", service, *command] | ["compose", "exec", service, *command]:
                return composition.execute(service, command)
            case ["compose", "run", "--rm", "--no-deps", service, *command]:
                return composition.run_once(service, command)
            case ["compose", "ps" | "logs" as what, *rest]:
                show(composition, what, rest)
            case ["compose", what, *rest]:
                change(composition, what, rest)
            case _:
                raise Refused(" ".join(arguments))
    except Refused as refused:
        sys.stderr.write(f"docker (stand-in): does not know {refused}\n")
        return 125
    return 0


def show(composition: Composition, what: str, rest: list[str]) -> None:
    match what, rest:
        case "ps", []:
            sys.stdout.writelines(f"{line}\n" for line in composition.containers())
        case "logs", ["--tail", count, service]:
            sys.stdout.writelines(f"{line}\n" for line in composition.last_lines(service, int(count)))
        case _:
            raise Refused(f"{what} {rest}")


def change(composition: Composition, what: str, rest: list[str]) -> None:
    match what, rest:
        case "build", []:
            composition.build()
        case "create", []:
            composition.create()
        case "up", _:
            up(composition, rest)
        case "stop", services:
            composition.stop(services)
        case "start", services:
            composition.start(services)
        case "down", []:
            composition.stop([])
        case "down", ["--volumes"]:
            composition.stop([])
            composition.delete_volumes()
        case _:
            raise Refused(f"{what} {rest}")


def up(composition: Composition, rest: list[str]) -> None:
    build = force = alone = False
    scale: dict[str, int] = {}
    services = []
    words = iter(rest)
    for word in words:
        match word:
            case "--build":
                build = True
            case "--detach":
                pass
            case "--force-recreate":
                force = True
            case "--no-deps":
                alone = True
            case "--scale":
                name, _, count = next(words).partition("=")
                scale[name] = int(count)
            case _ if word.startswith("-"):
                raise Refused(f"up {word}")
            case _:
                services.append(word)
    if build:
        composition.build()
    composition.bring_up(services, force=force, alone=alone, scale=scale)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))

"""Which right each of Parley's processes needs on which topic and group of a Kafka with ACLs.

    .venv/bin/python -m ops.kafka.acls          one line for each, as arguments of kafka-acls.sh

Written with one user for each process, named as below. No process writes to a topic that only another one writes to.
There are no transactions and no idempotent producers, so no right on the cluster or on a transactional id is needed.
"""

from collections.abc import Iterator
from typing import NamedTuple

from services.notify.connect import GROUP as NOTIFIERS
from streams.topics import ALERTS, ARTICLES, CHANGELOG, GROUP, POSITIONS, READINGS, TOPICS

DEAD = [topic.dead for topic in TOPICS]
EVERY = [*(topic.name for topic in TOPICS), CHANGELOG.name, *DEAD]


class Right(NamedTuple):
    """One `operation` on one `resource` ("topic" or "group") for one user."""

    user: str
    operation: str
    resource: str
    name: str


class Needs(NamedTuple):
    """What a process does with topics (it may describe them all, to see that they are as they should be)."""

    user: str
    reads: tuple[str, ...] = ()
    writes: tuple[str, ...] = ()
    groups: tuple[str, ...] = ()


NEEDS = (
    Needs("parley-ingest", writes=(ARTICLES.name, READINGS.name)),
    Needs(
        "parley-stream",
        reads=(ARTICLES.name, READINGS.name, CHANGELOG.name),
        writes=(READINGS.name, POSITIONS.name, ALERTS.name, CHANGELOG.name, ARTICLES.dead, READINGS.dead),
        groups=(GROUP,),
    ),
    Needs("parley-notify", reads=(ALERTS.name,), writes=(ALERTS.dead,), groups=(NOTIFIERS,)),
    Needs("parley-desk", reads=tuple(topic.name for topic in TOPICS), writes=(READINGS.name,)),
    # Whoever runs `parley dead-letters`.
    Needs("parley-operator", reads=tuple(EVERY), writes=(*(topic.name for topic in TOPICS), *DEAD)),
)


def rights() -> Iterator[Right]:
    """Yield every right, one by one."""
    for needs in NEEDS:
        for topic in EVERY:
            yield Right(needs.user, "describe", "topic", topic)
        for topic in needs.reads:
            yield Right(needs.user, "read", "topic", topic)
        for topic in needs.writes:
            yield Right(needs.user, "write", "topic", topic)
        for group in needs.groups:
            yield Right(needs.user, "read", "group", group)


def main() -> None:
    for right in rights():
        print(
            f"--add --allow-principal User:{right.user} --operation {right.operation} --{right.resource} {right.name}"
        )


if __name__ == "__main__":
    main()

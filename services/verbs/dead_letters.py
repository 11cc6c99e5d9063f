"""`parley dead-letters`: shows what was put aside, and puts it back or lets it be."""

from collections.abc import Callable
from typing import Any

import click

SHOWN = 120


def _broker_and_filters(function: Callable[..., None]) -> Callable[..., None]:
    options = (
        click.option("--kafka", help="Bootstrap servers, host:port, comma-separated."),
        click.option("--kafka-api-version", help="Protocol version to pin; 2.3 means the embedded broker."),
        click.option("--topic", multiple=True, help="Only letters from this topic. Repeatable, like the next three."),
        click.option("--reason", multiple=True, help="Only letters with this reason (the word before the colon)."),
        click.option("--partition", multiple=True, type=click.IntRange(0), help="Only from this source partition."),
        click.option("--offset", multiple=True, type=click.IntRange(0), help="Only those with this source offset."),
    )
    for option in reversed(options):
        function = option(function)
    return function


@click.group(name="dead-letters")
def command() -> None:
    """See to records that could not be handled.

    Such a record goes to <topic>.dead as it came, with the reason and where it was. It stays there, listed, until it is
    replayed (sent to its topic again, once what was wrong is mended) or dropped.

    Example: parley dead-letters list --kafka broker:9092

    Example: parley dead-letters replay --kafka broker:9092 --topic articles.v1 --reason statements-failed
    """


@command.command(name="list")
@_broker_and_filters
@click.option("--json", "as_json", is_flag=True, help="JSON lines, with whole reasons.")
def list_letters(as_json: bool, **options: Any) -> None:
    """Show each letter: where it lies, its source, since when, why, its key and how it begins.

    Example: parley dead-letters list --kafka broker:9092 --topic alerts.v1
    """
    import msgspec

    from services.dead_letters import show

    letters, wanted = _open(options)
    count = 0
    with letters:
        for letter in letters.waiting(wanted):
            count += 1
            key, value = _plain(letter.key), _plain(letter.value)
            if as_json:
                row = {
                    "letter": show(letter.place),
                    "source": show(letter.source),
                    "at": letter.at,
                    "reason": letter.reason,
                    "key": key,
                    "value": value,
                }
                click.echo(msgspec.json.encode(row).decode())
            else:
                reason = _plain(letter.reason.encode())
                click.echo(
                    f"{show(letter.place)} · from {show(letter.source)} · {letter.at:%Y-%m-%d %H:%M} UTC · {reason} · "
                    f"key {key or '(none)'} · {value or '(no value)'}"
                )
    click.echo(f"{count} dead letters wait", err=True)


@command.command()
@_broker_and_filters
@click.option("--all", "everything", is_flag=True, help="All that wait; needed where no filter is given.")
def replay(everything: bool, **options: Any) -> None:
    """Send letters to the topics they came from again, and mark them as seen to.

    Example: parley dead-letters replay --kafka broker:9092 --topic articles.v1 --offset 1207
    """
    _see_to("replay", everything, options)


@command.command()
@_broker_and_filters
@click.option("--all", "everything", is_flag=True, help="All that wait; needed where no filter is given.")
def drop(everything: bool, **options: Any) -> None:
    """Mark letters as seen to without doing anything about them. They stay on their topic, and are no longer listed.

    Example: parley dead-letters drop --kafka broker:9092 --reason malformed
    """
    _see_to("drop", everything, options)


def _see_to(what: str, everything: bool, options: dict[str, Any]) -> None:
    from services.errors import UsageProblem

    if not everything and not any(options[name] for name in ("topic", "reason", "partition", "offset")):
        raise UsageProblem(f"dead-letters {what}: say which with --topic, --reason, --partition, --offset, or --all")
    letters, wanted = _open(options)
    count = 0
    with letters:
        act = letters.replay if what == "replay" else letters.drop
        for letter in letters.waiting(wanted):
            act(letter)
            count += 1
    click.echo(f"{count} dead letters {'replayed' if what == 'replay' else 'dropped'}")


def _open(options: dict[str, Any]) -> tuple[Any, Any]:
    from services.dead_letters import DeadLetters, Filter
    from services.settings import read_settings

    names = {"topic": "topics", "reason": "reasons", "partition": "partitions", "offset": "offsets"}
    wanted = Filter(**{field: frozenset(options.pop(option)) for option, field in names.items()})
    settings = read_settings(**options)
    return DeadLetters(settings.kafka, settings.kafka_api_version), wanted


def _plain(raw: bytes | None) -> str | None:
    """The first characters, without any that a terminal would act on."""
    if raw is None:
        return None
    text = raw[: 4 * SHOWN].decode(errors="replace")[:SHOWN]
    return "".join(letter if letter.isprintable() else "·" for letter in text)

"""The worker as a process for fault tests: the real agents with a reader of stances that can be slow, raise or kill.

What a test has to know of the inside goes to a journal, a file of JSON lines. Nothing of this is in the product: the
composition root takes any reader, and sends are watched from outside.
"""

import argparse
import asyncio
import json
import os
import re
import signal
import time
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any

from services.logs import start_logging
from services.settings import Settings, read_settings
from services.stream import run
from streams import acks, in_hand, tables
from streams.produce import Producer, Send
from streams.records import Probabilities, Statement
from streams.topics import ALERTS, CHANGELOG, READINGS, decode_alert

ROUND = re.compile(r"round (\d+)")
STANCES = {
    "favor": Probabilities(favor=0.9, against=0.03, neither=0.07),
    "against": Probabilities(favor=0.03, against=0.9, neither=0.07),
}


class Journal:
    """Lines that outlive the process."""

    def __init__(self, path: Path) -> None:
        self.before = [json.loads(line) for line in path.read_bytes().splitlines()] if path.exists() else []
        self._file = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_APPEND)

    def __call__(self, event: str, **facts: object) -> None:
        os.write(self._file, json.dumps({"event": event, "pid": os.getpid(), **facts}).encode() + b"\n")


def make_reader(options: argparse.Namespace, journal: Journal) -> Any:
    """Return what stands for the model: to it, everybody says the same."""

    def read(statements: Sequence[Statement]) -> list[Probabilities]:
        rounds = [int(found[1]) for statement in statements if (found := ROUND.search(statement.quote))]
        journal("reading", rounds=rounds)
        time.sleep(options.slow)
        while options.hold_reading and not os.path.exists(options.hold_reading):
            time.sleep(0.02)
        if set(rounds) & set(options.hang_on):
            hang(options.hang)
        if options.broken or set(rounds) & set(options.raise_on):
            raise ValueError(f"the reader was told to fail on {rounds}")
        if set(rounds) & set(options.die_on):
            os.kill(os.getpid(), signal.SIGKILL)
        journal("read", rounds=rounds)
        return [STANCES[options.stance]] * len(statements)

    return read


def hang(how: str) -> None:
    """Do not return for as long as any test runs, with the interpreter's lock or without it."""
    if how == "holds":
        # Takes 2 to the power of 60 steps, and lets no other thread run meanwhile.
        re.match(r"(a|aa)+$", "a" * 90 + "b")
    time.sleep(3600)


def cancelled() -> asyncio.Future[None]:
    """Return a future that somebody has cancelled."""
    future: asyncio.Future[None] = asyncio.get_running_loop().create_future()
    future.cancel()
    return future


def watch_sends(options: argparse.Namespace, journal: Journal) -> None:
    """Stop, hold or kill the process at the sends that a test is about."""
    send_all = Producer.send_all
    writes = 0
    died = {(fact["event"], state) for fact in journal.before if "states" in fact for state in fact["states"]}

    async def watched(self: Producer, sends: Iterable[Send]) -> None:
        nonlocal writes
        sends = list(sends)
        rows = [send.key.decode() for send in sends if send.topic == CHANGELOG.name and send.key]
        if rows:
            writes += 1
            if writes == options.freeze_at_write:
                journal("freezing", rows=rows)
                os.kill(os.getpid(), signal.SIGSTOP)
                journal("woke")
        alerts = [send for send in sends if send.topic == ALERTS.name]
        states = [f"{alert.id}.{alert.revision}" for alert in (decode_alert(send.value) for send in alerts)]
        if alerts and options.die == "before-alert" and ("before-alert", states[0]) not in died:
            await send_all(self, [send for send in sends if send.topic != ALERTS.name])
            journal("before-alert", states=states)
            os.kill(os.getpid(), signal.SIGKILL)
        if alerts and options.hold_alerts:
            await send_all(self, [send for send in sends if send.topic != ALERTS.name])
            journal("before-alert")
            while not os.path.exists(options.hold_alerts):  # noqa: ASYNC110, ASYNC240  Another process makes it.
                await asyncio.sleep(0.02)
            sends = alerts
        if options.wedge and any(send.topic == READINGS.name for send in sends):
            journal("wedged")
            await (asyncio.Event().wait() if options.wedge == "waits" else cancelled())
        await send_all(self, sends)
        again = [send for send in sends if send.topic == READINGS.name and b'"former":{' in (send.value or b"")]
        if again and options.die == "after-rereading":
            journal("after-rereading", readings=len(again))
            os.kill(os.getpid(), signal.SIGKILL)
        if alerts and options.die == "after-alert" and ("after-alert", states[0]) not in died:
            journal("after-alert", states=states)
            os.kill(os.getpid(), signal.SIGKILL)

    Producer.send_all = watched  # type: ignore[method-assign]


def switch_off(guard: str) -> None:
    """Take one guard out, to see that the tests notice."""
    if guard == "awaiting":
        start = Producer._start

        async def send_all(self: Producer, sends: Iterable[Send]) -> None:
            for send in sends:
                await start(self, send)

        Producer.send_all = send_all  # type: ignore[method-assign]
    elif guard == "notes":
        in_hand.InHand.spent = lambda *_: False  # type: ignore[method-assign]
    elif guard == "followed":
        tables.EvidenceTable.followed = lambda *_: False  # type: ignore[method-assign]
    elif guard == "done-last":
        generation = acks.Acks.generation

        def arrived(self: Any, event: Any) -> int:
            self._app.consumer.done(event.message)
            return generation(self, event)

        acks.Acks.generation = arrived  # type: ignore[method-assign]


def parse() -> tuple[argparse.Namespace, Settings]:
    parser = argparse.ArgumentParser()
    parser.add_argument("--journal", type=Path, required=True)
    parser.add_argument("--slow", type=float, default=0.0)
    parser.add_argument("--raise-on", type=int, nargs="*", default=[])
    parser.add_argument("--die-on", type=int, nargs="*", default=[])
    parser.add_argument("--hang-on", type=int, nargs="*", default=[])
    parser.add_argument("--hang", choices=["sleeps", "holds"], default="sleeps")
    parser.add_argument("--broken", action="store_true")
    parser.add_argument("--hold-alerts", default="")
    parser.add_argument("--hold-reading", default="")
    parser.add_argument("--stance", choices=[*STANCES], default="favor")
    parser.add_argument("--die", choices=["", "before-alert", "after-alert", "after-rereading"], default="")
    parser.add_argument("--wedge", choices=["", "waits", "cancelled"], default="")
    parser.add_argument("--freeze-at-write", type=int, default=0)
    # As what tests put on the evidence log, so that there is nothing to be read again unless a test says so.
    parser.add_argument("--model", default="made")
    parser.add_argument("--without", choices=["", "awaiting", "notes", "followed", "done-last"], default="")
    return parser.parse_args(), read_settings()


def main() -> None:
    options, settings = parse()
    start_logging(settings.log_level)
    journal = Journal(options.journal)
    if options.without:
        switch_off(options.without)
    watch_sends(options, journal)
    journal("started")
    run.serve(settings, make_reader(options, journal), options.model)


if __name__ == "__main__":
    main()

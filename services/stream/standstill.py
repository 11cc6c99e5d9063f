"""A group's places and this worker's signs of life -> the end of a worker that stands still; never touches a record.

Whatever wedges a worker without ending it (a client that waits for an answer that never comes, a task that was lost)
looks the same from outside: records wait, nothing is committed, and the process lives. Its supervisor would leave it so
for ever. So the worker looks at itself as a stranger would, over a connection of its own, and ends when it has to.
"""

import logging
import threading
import time
from collections.abc import Callable, Hashable, Iterable
from typing import Final

from services.broker.group_view import GroupView, Waits

log = logging.getLogger("parley.stream")

LOOKS: Final = 12
# What another worker has may be that worker's fault, and is given more time.
OTHERS: Final = 2


class Standstill:
    """Judges what it is shown; times are seconds of one clock."""

    def __init__(self, patience: float) -> None:
        self._patience = patience
        self._since: dict[Waits, float] = {}
        self._alive: Hashable = None
        self._alive_at = 0.0

    def look(self, now: float, waiting: Iterable[Waits], signs: Hashable, own: set[tuple[str, int]]) -> list[Waits]:
        """Return the places that wait too long, while this worker did nothing.

        `signs` is anything that changes when the worker does something. Of partitions that are not its `own`, the
        worker is a bystander; but its own may be none, because it never got its share.
        """
        if signs != self._alive or not self._since:
            self._alive, self._alive_at = signs, now
        self._since = {place: self._since.get(place, now) for place in waiting}
        idle = now - self._alive_at
        return [
            place
            for place, since in self._since.items()
            if min(now - since, idle) >= self._patience * (1 if (place.topic, place.partition) in own else OTHERS)
        ]

    def forget(self) -> None:
        """Begin anew: what happened meanwhile is not known."""
        self._since = {}


def watch_progress(
    connect: Callable[[], GroupView],
    signs: Callable[[], Hashable],
    own: Callable[[], set[tuple[str, int]]],
    end: Callable[[str], None],
    patience: float,
) -> None:
    """Look for as long as the process lives; call `end` with the reason when the worker stands still.

    A broker that does not answer is no reason: a worker can do nothing without it either.
    """

    def watch() -> None:
        judge = Standstill(patience)
        view: GroupView | None = None
        failures, seeing = 0, False
        while True:
            time.sleep(patience / LOOKS)
            try:
                view = view or connect()
                late = judge.look(time.monotonic(), view.waiting(), signs(), own())
                late = [place for place in late if view.readable(place)]
            # Not KafkaError alone: kafka-python lets out others when a connection closes under it.
            except Exception as error:
                judge.forget()
                _close(view)
                view = None
                failures, seeing = failures + 1, False
                if failures == LOOKS:
                    what = f"{type(error).__name__}: {error}"
                    log.warning("for %.0f s the worker could not see whether its group goes on (%s)", patience, what)
                continue
            if not seeing:
                log.info("the worker sees its group from outside")
            failures, seeing = 0, True
            if late:
                places = ", ".join(f"{place.topic}/{place.partition} from {place.offset} on" for place in sorted(late))
                end(f"nothing was done or committed for {patience:.0f} s, and records wait: {places}")

    threading.Thread(target=watch, name="standstill", daemon=True).start()


def _close(view: GroupView | None) -> None:
    try:
        if view is not None:
            view.close()
    except Exception as error:
        log.debug("closing: %s", error)

"""One sink's loop: reads what the sink is owed, decides, sends, and writes down what came of it.

Every sink has its own, so that a dead one delays no other.
"""

import asyncio
import logging
from collections.abc import Callable
from concurrent.futures import Executor
from random import Random
from typing import ParamSpec, TypeVar

from services import metrics
from services.logs import about
from services.notify.decide import Drop, Wait, decide
from services.notify.deliver.channel import Channel
from services.notify.deliveries import (
    bind_digest,
    count_states,
    drop,
    end_sink,
    has_ended,
    park_waiting,
    read_owed,
    read_recent,
    write_settlement,
)
from services.notify.hold import read_hold
from services.notify.ledger import Ledger
from services.notify.message import Tell
from services.notify.outcome import Outcome, Verdict
from services.notify.settle import SUPERSEDED, Settlement, settle
from services.notify.silences import read_silences
from services.notify.taste import Silence
from streams.records import ShiftAlert

log = logging.getLogger("parley.notify")
P = ParamSpec("P")
T = TypeVar("T")

LOOK_EVERY = 5.0  # `parley notify --replay-parked` changes the ledger from another process.
ENDED = "the receiver ended the subscription"


class Dispatcher:
    """Tells one channel everything it is owed until it is stopped.

    `clock` gives wall time in seconds, `caught_up` says that the topic holds nothing that was not recorded, and
    `disk` is the thread that ledger calls are made in, since they wait for the disk.
    """

    def __init__(
        self,
        channel: Channel,
        ledger: Ledger,
        disk: Executor,
        digest_age: float,
        clock: Callable[[], float],
        random: Random,
        caught_up: Callable[[], bool],
    ) -> None:
        self.channel = channel
        self._ledger, self._disk, self._digest_age = ledger, disk, digest_age
        self._clock, self._random, self._caught_up = clock, random, caught_up
        self._wake = asyncio.Event()
        self._stopping = False
        self._quiet_until = 0.0
        # A rule asks whether attempts fail while none gets through: the first of each must show as growth.
        metrics.start_at_zero(metrics.DELIVERIES, *((channel.name, str(verdict)) for verdict in Verdict))

    def nudge(self) -> None:
        """Look at the ledger again, now. Call it in the loop's own thread."""
        self._wake.set()

    def stop(self) -> None:
        """Begin nothing new; an attempt that is under way goes on."""
        self._stopping = True
        self._wake.set()

    async def run(self) -> None:
        """Deliver until `stop`; raises ParleyError when the ledger cannot be used."""
        name = self.channel.name
        while not self._stopping:
            self._wake.clear()
            await self._show_queue()
            now = self._clock()
            if await self._call(has_ended, self._ledger, name, self.channel.address):
                parked = await self._call(park_waiting, self._ledger, name, ENDED, now)
                self._count("parked", parked)
                await self._rest(now, None)
            elif await self._call(read_hold, self._ledger):
                await self._rest(now, None)
            elif self._quiet_until > now:
                await self._rest(now, self._quiet_until)
            else:
                await self._step(now)

    async def _step(self, now: float) -> None:
        name, taste = self.channel.name, self.channel.taste
        owed, told = await self._call(read_owed, self._ledger, name, now)
        # A silence that ended before a state came must not keep it back, so the clock is read after what is owed was.
        silences = await self._call(read_silences, self._ledger, self._clock())
        recent: list[float] = []
        if taste.grouping is not None:
            recent = await self._call(read_recent, self._ledger, name, now - taste.grouping.window)

        def silenced(state: ShiftAlert) -> Silence | None:
            return next((silence for silence in silences if silence.covers(state, name)), None)

        match decide(owed, told, taste, now, self._digest_age, self._caught_up(), recent, silenced):
            case Wait(until):
                await self._rest(now, until)
            case Drop(states, reason, state):
                await self._call(drop, self._ledger, name, [one.key for one in states], state, reason, now)
                self._count(state, len(states))
                for id, revision in [one.key for one in states if state != SUPERSEDED]:
                    log.info(
                        "%s: %s.%d is not told: %s", name, id, revision, reason,
                        extra=about(f"alert-{state}", sink=name, alert=id, revision=revision),
                    )  # fmt: skip
            case Tell() as tell:
                if tell.digest:
                    await self._call(bind_digest, self._ledger, name, tell.digest, [one.key for one in tell.states])
                await self._tell(tell, now)

    async def _tell(self, tell: Tell, now: float) -> None:
        name = self.channel.name
        with metrics.DELIVERY_SECONDS.labels(name).time():
            outcome = await self._attempt(tell, now)
        after = self._clock()
        settlement = settle(tell, outcome, self.channel.schedule, after, self._random)
        in_digest = tell.digest is not None
        await self._call(
            write_settlement, self._ledger, name, settlement, outcome.reason, after, outcome.message, in_digest
        )
        if settlement.ended:
            await self._call(end_sink, self._ledger, name, self.channel.address, after)
        self._quiet_until = max(after + self.channel.spacing, settlement.quiet_until or 0.0)
        self._count(outcome.verdict, 1)
        self._count(SUPERSEDED, len(settlement.superseded))
        self._count("parked", len(settlement.parked))
        self._log(tell, outcome, settlement, after)

    def _log(self, tell: Tell, outcome: Outcome, settlement: Settlement, after: float) -> None:
        name, newest = self.channel.name, tell.stories[0].newest
        what = tell.digest or "{}.{}".format(*newest.key)
        ids: dict[str, object] = {
            "alerts": [f"{one.state.id}.{one.state.revision}" for one in tell.states],
            "digest": tell.digest,
        }
        if not tell.digest:
            ids |= {"alert": newest.state.id, "revision": newest.state.revision}
        if outcome.verdict is Verdict.DELIVERED:
            level = logging.DEBUG if self.channel.taste.canaries else logging.INFO
            extra = about("alert-told", sink=name, **ids)
            log.log(level, "%s: told %s, %d alert states", name, what, len(tell.states), extra=extra)
        elif settlement.parked:
            log.error(
                "%s: %s is given up: %s (%d states parked; `parley notify --replay-parked` sends them again)",
                name, what, outcome.reason, len(settlement.parked), extra=about("alert-parked", sink=name, **ids),
            )  # fmt: skip
        else:
            later = min((retry.due for retry in settlement.retries), default=after) - after
            log.warning(
                "%s: %s was not taken: %s; next attempt in %.0f s", name, what, outcome.reason, later,
                extra=about("alert-not-taken", sink=name, **ids),
            )  # fmt: skip

    async def _attempt(self, tell: Tell, now: float) -> Outcome:
        try:
            return await self.channel.deliver(tell, now)
        except BrokenPipeError:
            raise
        except Exception as error:
            # An alert that we cannot put into words must not keep the next one from being told.
            log.exception("%s: the message could not be made", self.channel.name)
            return Outcome(Verdict.REFUSED, f"not sent: {type(error).__name__}")

    async def _rest(self, now: float, until: float | None) -> None:
        """Sleep until `until`, a nudge, or the next look at the ledger."""
        seconds = LOOK_EVERY if until is None else min(max(until - now, 0.0), LOOK_EVERY)
        try:
            async with asyncio.timeout(seconds):
                await self._wake.wait()
        except TimeoutError:
            return

    async def _show_queue(self) -> None:
        waiting, parked = await self._call(count_states, self._ledger, self.channel.name)
        metrics.PENDING.labels(self.channel.name).set(waiting)
        metrics.PARKED.labels(self.channel.name).set(parked)

    async def _call(self, function: Callable[P, T], *args: P.args, **kwargs: P.kwargs) -> T:
        loop = asyncio.get_running_loop()
        return await loop.run_in_executor(self._disk, lambda: function(*args, **kwargs))

    def _count(self, outcome: str, states: int) -> None:
        if states:
            metrics.DELIVERIES.labels(self.channel.name, outcome).inc(states)

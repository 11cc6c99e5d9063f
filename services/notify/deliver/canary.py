"""Where canaries end: notes when the newest one was sent and how long it took; tells nobody anything."""

from services import metrics
from services.notify.backoff import STEADY
from services.notify.message import Tell
from services.notify.outcome import Outcome, Verdict
from services.notify.record import CANARY_SINK
from services.notify.taste import EVERYTHING, Taste


class Canaries:
    """A sink without a place. What it is owed goes through the ledger like everything else."""

    name = CANARY_SINK
    address = CANARY_SINK
    taste = Taste(every_state=True, digests=False, rules=(EVERYTHING,), canaries=True)
    schedule = STEADY
    spacing = 0.0

    def __init__(self) -> None:
        self._newest = 0.0

    async def deliver(self, tell: Tell, now: float) -> Outcome:
        """Note it, unless a newer one came before: after an outage, or a replay of the log, old ones come through."""
        for one in tell.states:
            sent = one.state.since.timestamp()
            if sent > self._newest:
                self._newest = sent
                metrics.CANARY_SEEN.set(sent)
                metrics.CANARY_SECONDS.observe(max(0.0, now - sent))
        return Outcome(Verdict.DELIVERED)

    async def test(self, now: float) -> Outcome:
        return Outcome(Verdict.DELIVERED)

    async def close(self) -> None:
        return

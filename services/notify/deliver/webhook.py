"""Posts a message to a generic webhook as the Standard Webhooks specification has it, signed where there is a key."""

from collections.abc import Sequence
from datetime import UTC, datetime

from standardwebhooks import Webhook as Signer

from services.notify.backoff import STANDARD
from services.notify.deliver.post import TIMEOUT, Post, failed
from services.notify.message import Tell
from services.notify.outcome import Outcome, Verdict
from services.notify.render.trial import trial_webhook
from services.notify.render.webhook import render_webhook
from services.notify.taste import EVERYTHING, Taste

# A machine is told everything, each state on its own, and chooses for itself.
TASTE = Taste(every_state=True, digests=True, rules=(EVERYTHING,))


class Webhook:
    """A receiver of alert events. Several secrets give several signatures, so that a key can be exchanged."""

    schedule = STANDARD
    spacing = 0.0

    def __init__(
        self,
        url: str,
        address: str,
        secrets: Sequence[str],
        timeout: float = TIMEOUT,
        name: str = "webhook",
        taste: Taste = TASTE,
    ) -> None:
        self.name, self.address, self.taste = name, address, taste
        self._post = Post(url, timeout)
        self._signers = [Signer(secret) for secret in secrets]

    async def deliver(self, tell: Tell, now: float) -> Outcome:
        event = render_webhook(tell)
        return await self._send(event.id, event.body, int(now))

    async def test(self, now: float) -> Outcome:
        return await self._send(f"test.{int(now)}", trial_webhook(datetime.fromtimestamp(int(now), UTC)), int(now))

    async def close(self) -> None:
        await self._post.close()

    async def _send(self, id: str, body: bytes, second: int) -> Outcome:
        answer = await self._post.send(body, self._headers(id, body, second))
        if isinstance(answer, Outcome):
            return answer
        if 200 <= answer.status < 300:
            return Outcome(Verdict.DELIVERED)
        if answer.status == 410:
            return Outcome(Verdict.GONE, "status 410: the receiver ended the subscription")
        return failed(answer)

    def _headers(self, id: str, body: bytes, second: int) -> dict[str, str]:
        """The timestamp is the attempt's, so that a receiver can refuse what was recorded and sent again later."""
        at = datetime.fromtimestamp(second, UTC)
        headers = {"Content-Type": "application/json", "webhook-id": id, "webhook-timestamp": str(second)}
        if self._signers:
            text = body.decode()
            headers["webhook-signature"] = " ".join(signer.sign(id, at, text) for signer in self._signers)
        return headers

"""One HTTP POST, as an outcome or an answer: never follows a redirect, never shows where it went."""

import time
from dataclasses import dataclass

import aiohttp

from services.notify.backoff import parse_retry_after
from services.notify.outcome import Outcome, Verdict

TIMEOUT = 20.0
ANSWER_MOST = 1024


@dataclass(frozen=True, slots=True)
class Answer:
    """The receiver's status, its Retry-After in seconds, and the start of its body."""

    status: int
    retry_after: float | None
    body: str


class Post:
    """Posts to one address, which is kept out of every message, log line and representation."""

    def __init__(self, url: str, timeout: float = TIMEOUT, answer_most: int = ANSWER_MOST) -> None:
        self._url, self._timeout, self._answer_most = url, timeout, answer_most
        self._session: aiohttp.ClientSession | None = None

    async def send(self, body: bytes, headers: dict[str, str]) -> Answer | Outcome:
        """Return what the receiver answered, or Unreachable where there was no answer."""
        try:
            async with self._open().post(self._url, data=body, headers=headers, allow_redirects=False) as response:
                retry_after = parse_retry_after(response.headers.get("Retry-After"), time.time())
                return Answer(response.status, retry_after, await _start(response, self._answer_most))
        except aiohttp.ConnectionTimeoutError:
            return Outcome(Verdict.UNREACHABLE, "no connection in time")
        except TimeoutError:
            return Outcome(Verdict.UNREACHABLE, "no answer in time", unknown=True)
        except aiohttp.ClientConnectorError as error:
            # The text of the exception holds the address; its kind says enough.
            return Outcome(Verdict.UNREACHABLE, type(error).__name__)
        except (aiohttp.ClientError, OSError) as error:
            return Outcome(Verdict.UNREACHABLE, type(error).__name__, unknown=True)

    async def close(self) -> None:
        if self._session is not None:
            await self._session.close()

    def _open(self) -> aiohttp.ClientSession:
        if self._session is None:
            # A connection that was kept open may be closed by the other side just as we write to it, and then nobody
            # knows whether the message arrived. A few messages an hour do not need it.
            self._session = aiohttp.ClientSession(
                connector=aiohttp.TCPConnector(force_close=True, limit=4),
                cookie_jar=aiohttp.DummyCookieJar(),
                timeout=aiohttp.ClientTimeout(total=self._timeout, connect=self._timeout / 2),
                headers={"User-Agent": "Parley"},
                auto_decompress=False,
            )
        return self._session


async def _start(response: aiohttp.ClientResponse, most: int) -> str:
    """What came of the body's start. The status is the answer, so a body that breaks off changes nothing."""
    body = b""
    try:
        async for chunk in response.content.iter_any():
            body += chunk
            if len(body) >= most:
                break
    except (TimeoutError, aiohttp.ClientError, OSError):
        return body[:most].decode("utf-8", "replace")
    return body[:most].decode("utf-8", "replace")


def failed(answer: Answer) -> Outcome:
    """The outcome of an answer that says: not now."""
    reason = f"status {answer.status}"
    if 300 <= answer.status < 400:
        reason += " (redirects are not followed)"
    if answer.status in {429, 503} and answer.retry_after is not None:
        return Outcome(Verdict.THROTTLED, reason, answer.retry_after)
    if answer.status in {502, 503, 504}:
        # A gateway speaks; what the receiver behind it did is not known.
        return Outcome(Verdict.UNREACHABLE, reason, unknown=answer.status != 503)
    return Outcome(Verdict.FAILED, reason)

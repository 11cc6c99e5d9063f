"""Prints a message on standard output; from a thread of its own, since whoever reads may have stopped reading."""

import asyncio
from collections.abc import Mapping
from concurrent.futures import ThreadPoolExecutor
from typing import Literal, TextIO

from services.notify.backoff import STEADY
from services.notify.deliver.webhook import TASTE as EVERYTHING
from services.notify.message import Tell
from services.notify.outcome import Outcome, Verdict
from services.notify.render.terminal import render_lines, render_text
from services.notify.render.trial import trial_text

Form = Literal["text", "json"]
TASTES = {
    "text": EVERYTHING._replace(every_state=False),
    # Another program reads: every state, a line each.
    "json": EVERYTHING._replace(digests=False),
}


class Terminal:
    """Standard output, as blocks of text or as JSON lines."""

    name = "terminal"
    address = "stdout"
    schedule = STEADY
    spacing = 0.0

    def __init__(self, stream: TextIO, form: Form, names: Mapping[str, str]) -> None:
        self.taste = TASTES[form]
        self._stream, self._form, self._names = stream, form, names
        self._thread = ThreadPoolExecutor(1, thread_name_prefix="terminal")

    async def deliver(self, tell: Tell, now: float) -> Outcome:
        """Print and flush; raises BrokenPipeError when nobody reads any more."""
        return await self._print(render_lines(tell) if self._form == "json" else render_text(tell, self._names))

    async def test(self, now: float) -> Outcome:
        return await self._print(trial_text())

    async def close(self) -> None:
        self._thread.shutdown(wait=False)

    async def _print(self, text: str) -> Outcome:
        try:
            await asyncio.get_running_loop().run_in_executor(self._thread, self._write, text)
        except BrokenPipeError:
            raise
        except (OSError, ValueError) as error:
            return Outcome(Verdict.FAILED, type(error).__name__, unknown=True)
        return Outcome(Verdict.DELIVERED)

    def _write(self, text: str) -> None:
        # A terminal in a small encoding must not lose an alert for the sake of an arrow.
        encoding = self._stream.encoding or "utf-8"
        self._stream.write(text.encode(encoding, "replace").decode(encoding))
        self._stream.flush()

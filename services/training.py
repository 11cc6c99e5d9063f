"""Shows how far a training is: a bar in a terminal, a line now and then elsewhere."""

import sys
import time
from math import isnan
from types import TracebackType
from typing import Self

import click
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TaskID, TextColumn, TimeRemainingColumn

LINE_SECONDS = 30.0


class TrainingBar:
    """A progress bar on standard error, one task per stage; plain lines when that is no terminal."""

    def __init__(self) -> None:
        self._terminal = sys.stderr.isatty()
        self._progress = Progress(
            TextColumn("{task.description}"),
            BarColumn(),
            MofNCompleteColumn(),
            TextColumn("loss {task.fields[loss]:.3f}"),
            TimeRemainingColumn(),
            disable=not self._terminal,
        )
        self._tasks: dict[str, TaskID] = {}
        self._said = 0.0
        self._loss = float("nan")

    def __enter__(self) -> Self:
        self._progress.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._progress.stop()

    def advance(self, stage: str, step: int, steps: int, loss: float) -> None:
        """Note that `step` of `steps` is done; `loss` is not a number for steps done in an earlier run."""
        if not isnan(loss):
            self._loss = loss if isnan(self._loss) else 0.95 * self._loss + 0.05 * loss
        if self._terminal:
            if stage not in self._tasks:
                self._tasks[stage] = self._progress.add_task(stage, total=steps, loss=self._loss)
            self._progress.update(self._tasks[stage], completed=step, loss=self._loss)
        elif step == steps or time.monotonic() - self._said > LINE_SECONDS:
            self._said = time.monotonic()
            click.echo(f"{stage}: step {step} of {steps}, loss {self._loss:.3f}", err=True)

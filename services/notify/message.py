"""What a sink is owed and what one message holds: data alone, which is decided on, worded and sent elsewhere."""

from dataclasses import dataclass
from typing import Final

from streams.records import ShiftAlert

MANY: Final = "burst."  # How the id of a digest begins that is told because many alerts came at once.


@dataclass(frozen=True, slots=True)
class Owed:
    """An alert's state that a sink has not been told yet.

    `written` is the Kafka record's time, `recorded` when the ledger took it, `due` the next attempt: seconds since the
    epoch. `alone` keeps it out of digests: one it was in has been refused. `message` is what the sink calls the message
    that first told of the alert, where it gives its messages names, and `in_digest` whether that was a digest.
    """

    state: ShiftAlert
    written: float
    recorded: float
    due: float
    attempts: int = 0
    first_try: float | None = None
    digest: str | None = None
    alone: bool = False
    message: str = ""
    in_digest: bool = False

    @property
    def key(self) -> tuple[str, int]:
        return self.state.id, self.state.revision


@dataclass(frozen=True, slots=True)
class Story:
    """One alert in a message: the state that is told, and earlier ones that were never told."""

    newest: Owed
    earlier: tuple[Owed, ...] = ()

    @property
    def states(self) -> tuple[Owed, ...]:
        return (*self.earlier, self.newest)


@dataclass(frozen=True, slots=True)
class Tell:
    """Send these stories in one message; `digest` is its id where it is a digest."""

    stories: tuple[Story, ...]
    reason: str
    digest: str | None = None

    @property
    def states(self) -> tuple[Owed, ...]:
        return tuple(state for story in self.stories for state in story.states)

    @property
    def many(self) -> bool:
        """Whether it is a digest because many alerts came at once, and not because they are late."""
        return self.digest is not None and self.digest.startswith(MANY)

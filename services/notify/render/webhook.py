"""A message -> the body and id of a Standard Webhooks event: pure. The same message gives the same bytes."""

from typing import NamedTuple

from msgspec import Struct

from services.notify.message import Tell
from streams.records import ShiftAlert, Time
from streams.topics import encode


class AlertEvent(Struct, frozen=True):
    """One state of one alert; `type` is `alert.` and its status, `timestamp` the stream's time of that state."""

    type: str
    timestamp: Time
    data: ShiftAlert


class Digest(Struct, frozen=True):
    """States that come late and together, in order within each alert."""

    id: str
    alerts: tuple[ShiftAlert, ...]


class DigestEvent(Struct, frozen=True):
    """`type` is `alert.digest`, `timestamp` the stream's time of the newest state in it."""

    type: str
    timestamp: Time
    data: Digest


class Event(NamedTuple):
    """What is posted: the idempotency key and the body."""

    id: str
    body: bytes


def render_webhook(tell: Tell) -> Event:
    """Return the event; its id is the alert's id and its state's revision, or the digest's own id."""
    if tell.digest:
        states = tuple(one.state for one in tell.states)
        newest = max(state.at for state in states)
        return Event(tell.digest, encode(DigestEvent("alert.digest", newest, Digest(tell.digest, states))))
    state = tell.stories[0].newest.state
    return Event(f"{state.id}.{state.revision}", encode(AlertEvent(f"alert.{state.status}", state.at, state)))

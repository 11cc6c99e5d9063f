"""Two runs of a replay -> which alerts were added, dropped or moved, and why; judges neither.

Alerts are the same when their ids are, or else when the same key made the same passage within 45 days: another
reading, at another time, may have raised it. What was merely pending and closed again counts as an alert as well.
"""

from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime, timedelta
from typing import Final, Literal

import msgspec

from services.replay_record import Header, Run, Said
from streams.records import ShiftAlert, State, Time

SAME_PASSAGE: Final = timedelta(days=45)
# Evidence this long before an alert can have decided it.
DECIDING: Final = timedelta(days=90)
# A probability that moved less than this reads the same.
READ_ALIKE: Final = 0.02
SHOWN: Final = 5


class Life(msgspec.Struct, frozen=True, kw_only=True):
    """How far an alert came. `status` is its last one, the times are when it was raised and when it was confirmed."""

    id: str
    before: State
    after: State
    status: str
    raised: Time
    confirmed: Time | None = None


class Change(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """One alert that is not what it was. `was` is None for an added one, `now` for a dropped one."""

    change: Literal["added", "dropped", "moved"]
    kind: str
    actor: str
    speaker: str | None = None
    was: Life | None = None
    now: Life | None = None
    why: tuple[str, ...] = ()


def compare(old: Run, new: Run) -> Iterator[Change]:
    """Yield the changes from `old` to `new`, in the order of the stream; nothing where the alerts are the same."""
    general = _compare_headers(old.header, new.header)
    pairs = _pair(_lives(old.told), _lives(new.told))
    found = [(head, was, now) for head, was, now in pairs if was != now]
    for head, was, now in sorted(found, key=lambda pair: (_time(pair[1], pair[2]), pair[0])):
        kind, actor, speaker = head
        key = f"{actor}/{speaker}" if speaker else actor
        until = max(life.confirmed or life.raised for life in (was, now) if life is not None)
        readings = _compare_readings(old.said.get(key, {}), new.said.get(key, {}), until - DECIDING, until)
        yield Change(
            change="added" if was is None else "dropped" if now is None else "moved",
            kind=kind,
            actor=actor,
            speaker=speaker or None,
            was=was,
            now=now,
            why=(*readings, *general) or ("the same readings, model, settings and thresholds: the code differs",),
        )


Head = tuple[str, str, str]


def _lives(told: Iterable[ShiftAlert]) -> dict[tuple[Head, str], Life]:
    lives: dict[tuple[Head, str], Life] = {}
    for alert in told:
        place = ((alert.kind, alert.actor, alert.speaker or ""), alert.id)
        known = lives.get(place)
        confirmed = alert.at if alert.status == "confirmed" else known.confirmed if known else None
        raised = known.raised if known else alert.at
        lives[place] = Life(
            id=alert.id, before=alert.before, after=alert.after, status=alert.status, raised=raised, confirmed=confirmed
        )
    return lives


def _pair(
    old: dict[tuple[Head, str], Life], new: dict[tuple[Head, str], Life]
) -> Iterator[tuple[Head, Life | None, Life | None]]:
    left = {place: life for place, life in new.items() if place not in old}
    unmatched = []
    for place, was in old.items():
        if place in new:
            yield place[0], was, new[place]
        else:
            unmatched.append((place[0], was))
    for head, was in unmatched:
        like = [
            (abs(life.raised - was.raised), place)
            for place, life in left.items()
            if place[0] == head
            and (life.before, life.after) == (was.before, was.after)
            and abs(life.raised - was.raised) <= SAME_PASSAGE
        ]
        yield head, was, left.pop(min(like)[1]) if like else None
    for place, life in left.items():
        yield place[0], None, life


def _time(was: Life | None, now: Life | None) -> datetime:
    return min(life.raised for life in (was, now) if life is not None)


def _compare_headers(old: Header, new: Header) -> tuple[str, ...]:
    why = []
    if old.model != new.model:
        why.append(f"model {old.model} -> {new.model}")
    why += [
        f"setting {name}: {old.settings.get(name)} -> {new.settings.get(name)}"
        for name in sorted({*old.settings, *new.settings})
        if old.settings.get(name) != new.settings.get(name)
    ]
    if old.thresholds != new.thresholds:
        why.append(f"table of thresholds {old.thresholds} -> {new.thresholds}")
    return tuple(why)


def _compare_readings(
    old: dict[str, Said], new: dict[str, Said], since: datetime, until: datetime
) -> tuple[str, ...]:  # fmt: skip
    why: list[tuple[datetime, str, str]] = []
    for place in {*old, *new}:
        was, now = old.get(place), new.get(place)
        said = now or was
        if said is None or not since <= said.at <= until:
            continue
        what = _difference(was, now)
        if what:
            why.append((said.at, place, f"{what}: {said.title[:100]!r} ({said.at:%Y-%m-%d}, reading {place})"))
    return _shorten([text for *_, text in sorted(why, reverse=True)])


def _difference(was: Said | None, now: Said | None) -> str:
    if was is None or now is None:
        return f"now read as {now.label}" if now else f"no longer read as {was.label}" if was else ""
    if was.label != now.label:
        return f"read as {now.label} instead of {was.label}"
    if max(abs(was.favor - now.favor), abs(was.against - now.against)) > READ_ALIKE:
        side = "favor" if now.label == "favor" else "against"
        return f"read as {side} at {getattr(now, side):.2f} instead of {getattr(was, side):.2f}"
    return ""


def _shorten(texts: Sequence[str]) -> tuple[str, ...]:
    more = len(texts) - SHOWN
    return (*texts[:SHOWN], f"and {more} more readings") if more > 0 else tuple(texts)

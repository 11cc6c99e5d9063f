"""Finds the words of a statement that name who speaks, from what the caller says of the speaker; never a stance."""

from collections.abc import Callable, Sequence
from datetime import date
from typing import Final

from models.spans import Span, locate
from streams.catalogue import Mention

FindMentions = Callable[[str, date], Sequence[Mention]]
Resolve = Callable[[str, date], Mention | None]

# Names change office. Without a date, a name is tried in these years, the latest first.
YEARS: Final = tuple(date(year, 7, 1) for year in (2026, 2025, 2024, 2023, 2022))


def find_speaker(
    text: str, actor: str | None, speaker: str | None, day: date | None, find_mentions: FindMentions, resolve: Resolve
) -> Span | None:
    """Return the offsets of the speaker's words in `text`, or None where it does not name the speaker.

    The given words win; else the first mention of the actor, by id or by name, that can speak (an adjective cannot).
    """
    if speaker and (found := locate(text, speaker)):
        return found
    for name in (actor, speaker):
        for on in (day,) if day else YEARS:
            meant = resolve(name, on) if name else None
            if meant is None or meant.actor is None:
                continue
            for mention in find_mentions(text, on):
                same = mention.person == meant.person if meant.person else mention.actor == meant.actor
                if same and mention.kind != "demonym":
                    return mention.start, mention.end
    return locate(text, actor) if actor else None

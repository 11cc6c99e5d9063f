"""A change of the feed list's file -> the feeds to watch from now on; never writes the list."""

import asyncio
import logging
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Final

from services.errors import UsageProblem
from services.ingest.opml import Source, read_opml

log = logging.getLogger("parley.ingest")

LOOK_SECONDS: Final = 1.0

Stamp = tuple[int, int, int] | None


async def follow_list(place: str, relist: Callable[[Sequence[Source]], None]) -> None:
    """Call `relist` whenever the file changes, until cancelled. A list at an address is read at the start alone.

    A file that cannot be read, or is half written, changes nothing: the list as it was is better than none.
    """
    if place.startswith(("http://", "https://")):
        return
    path = Path(place)
    known = _stamp(path)
    while True:
        await asyncio.sleep(LOOK_SECONDS)
        stamp = _stamp(path)
        if stamp in (known, None):
            continue
        known = stamp
        try:
            sources = await asyncio.get_running_loop().run_in_executor(None, read_opml, place)
        except UsageProblem as error:
            log.warning("%s; the list as it was is kept", error)
            continue
        log.info("feeds %s: changed, %d feeds", place, len(sources))
        relist(sources)


def _stamp(path: Path) -> Stamp:
    """What tells a file from its successor: one that is put in its place has another number, if the same time."""
    try:
        found = path.stat()
    except OSError:
        return None
    return (found.st_mtime_ns, found.st_size, found.st_ino)

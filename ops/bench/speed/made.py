"""A reading made up for a measurement: its words, article and signature follow from its name."""

from datetime import datetime

from streams.records import Probabilities, Reading, content_id

SURE = Probabilities(favor=0.94, against=0.02, neither=0.04)


def make_reading(name: str, actor: str, outlet: str, at: datetime, model: str = "bench") -> Reading:
    """Return a government's statement in favor, which is a copy of no other."""
    return Reading(
        id=content_id(name),
        article=name,
        revision=0,
        actor=actor,
        speaker=actor,
        capacity="government",
        quote=f"Statement {name}.",
        start=0,
        end=20,
        probabilities=SURE,
        model=model,
        outlet=outlet,
        url="",
        title=name,
        published=at,
        fetched=at,
        signature=tuple(int(content_id(name, place)[:8], 16) for place in range(64)),
    )

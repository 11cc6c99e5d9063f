"""A single text and what is known of its speaker -> a statement as the stance reader takes it; reads nothing."""

from datetime import date

from models.spans import Span
from services.classify.speaker import YEARS
from streams.catalogue import Catalogue
from streams.records import Statement
from streams.statements.claims import find_claim


def make_statement(
    text: str, span: Span | None, actor: str | None, day: date | None, catalogue: Catalogue
) -> Statement:
    """Return the text as the statement of `actor` (its id or name), whose words stand at `span`, if at all."""
    meant = catalogue.resolve(actor, day or YEARS[0]) if actor else None
    spoken_for = meant.actor if meant is not None and meant.actor is not None else "other"
    start, end = span if span is not None else (-1, -1)
    return Statement(
        speaker=text[start:end] if span is not None else spoken_for,
        actor=spoken_for,
        capacity="other",
        quote=text,
        start=0,
        end=len(text),
        speaker_start=start,
        speaker_end=end,
        claim_about=_claim(text, span, spoken_for, day, catalogue) if span is not None else None,
    )


def _claim(text: str, span: Span, actor: str, day: date | None, catalogue: Catalogue) -> str | None:
    """Whom the text is a claim about; without a date only where it is so in every year, since offices change."""
    found = {find_claim(text, span, actor, catalogue.find_mentions(text, on)) for on in ((day,) if day else YEARS)}
    return found.pop() if len(found) == 1 else None

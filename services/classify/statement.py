"""A single text and what is known of its speaker -> a statement as the stance reader takes it; reads nothing."""

from datetime import date

from models.spans import Span
from services.classify.speaker import YEARS, find_speaker
from streams.catalogue import Catalogue
from streams.records import Statement
from streams.statements.claims import find_claim


def find_statement(
    text: str, actor: str | None, speaker: str | None, day: date | None, catalogue: Catalogue
) -> Statement:
    """Return the text as a statement whose speaker's words are found by what the caller says of the speaker."""
    span = find_speaker(text, actor, speaker, day, catalogue.find_mentions, catalogue.resolve)
    return make_statement(text, span, actor, day, catalogue)


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
    claims = (find_claim(text, span, actor, catalogue.find_mentions(text, on)) for on in ((day,) if day else YEARS))
    first = next(claims)
    return first if first is not None and all(claim == first for claim in claims) else None

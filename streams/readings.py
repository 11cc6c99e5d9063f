"""An article's statements and their stances to its readings; the one place where they meet."""

from collections.abc import Sequence

from streams.records import Article, Probabilities, Reading, Statement, reading_id


def make_readings(
    article: Article, statements: Sequence[Statement], probabilities: Sequence[Probabilities], model: str
) -> tuple[Reading, ...]:
    """Return one reading for each statement, in order; the same words of the same speaker count once.

    `probabilities` belong to `statements` one by one (ValueError where their numbers differ); `model` is the version
    of what read them.
    """
    readings: dict[str, Reading] = {}
    for statement, stance in zip(statements, probabilities, strict=True):
        id_ = reading_id(article.id, article.revision, statement)
        if id_ in readings:
            continue
        readings[id_] = Reading(
            id=id_,
            article=article.id,
            revision=article.revision,
            actor=statement.actor,
            speaker=statement.speaker,
            capacity=statement.capacity,
            quote=statement.quote,
            start=statement.start,
            end=statement.end,
            probabilities=stance,
            model=model,
            outlet=article.outlet,
            url=article.url,
            title=article.title,
            published=article.published,
            fetched=article.fetched,
            signature=article.signature,
            backfill=article.backfill,
            condition=statement.condition,
            reported_by=statement.reported_by,
            scope=statement.scope,
            terms=statement.terms,
            old=statement.old,
            speaker_start=statement.speaker_start,
            speaker_end=statement.speaker_end,
            claim_about=statement.claim_about,
        )
    return tuple(readings.values())

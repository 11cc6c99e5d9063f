"""A batch of raw article records -> readings, or the reason why one is put aside; never sends anything."""

from collections.abc import Callable, Sequence
from typing import NamedTuple

from streams.canary import canary_statement, is_canary
from streams.catalogue import Catalogue
from streams.readings import make_readings
from streams.records import Article, Probabilities, Reading, Statement
from streams.statements import Skipped, read_article
from streams.topics import Malformed, decode_article

ReadStances = Callable[[Sequence[Statement]], Sequence[Probabilities]]


class Outcome(NamedTuple):
    """What became of one record. `reason` is set when it must be put aside, and `detail` says more.

    `skipped` counts, by reason, what of the text was passed over.
    """

    article: Article | None
    readings: tuple[Reading, ...]
    reason: str = ""
    detail: str = ""
    skipped: tuple[Skipped, ...] = ()


def read_batch(
    raws: Sequence[bytes | None], catalogue: Catalogue, read_stances: ReadStances, model: str
) -> list[Outcome]:
    """Return one outcome per record, in order.

    All statements of the batch meet the model in one call, which is where the time goes. What `read_stances` raises
    goes through: a broken model is not the record's fault.
    """
    found = [_find(raw, catalogue) for raw in raws]
    probabilities = list(read_stances([statement for _, statements in found for statement in statements]))
    outcomes, start = [], 0
    for outcome, statements in found:
        end = start + len(statements)
        if outcome.article is None or outcome.reason:
            outcomes.append(outcome)
        else:
            readings = make_readings(outcome.article, statements, probabilities[start:end], model)
            outcomes.append(outcome._replace(readings=readings))
        start = end
    return outcomes


def _find(raw: bytes | None, catalogue: Catalogue) -> tuple[Outcome, tuple[Statement, ...]]:
    try:
        article = decode_article(raw)
    except Malformed as error:
        return Outcome(None, (), "malformed", str(error)), ()
    try:
        found = read_article(article, catalogue)
        # The canary's words are looked through like any others, and then speak for the canary alone.
        statements = (canary_statement(article),) if is_canary(article) else found.statements
        return Outcome(article, (), skipped=found.skipped), statements
    except Exception as error:
        return Outcome(article, (), "statements-failed", f"{type(error).__name__}: {error}"), ()

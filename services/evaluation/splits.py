"""Trains on the corpus with something whole left out, asks for it, and shows the answers beside plain classifiers."""

from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any, NamedTuple

import msgspec
import numpy as np
from numpy.typing import NDArray

from models.calibration import probabilities
from models.corpus.periods import Period, period_of
from models.corpus.rows import LABELS, Row, corpus_hash
from models.corpus.seed_annotations import read_annotations
from models.experiment import Experiment
from models.scores import Scores, interval, score
from models.splits import Round, deal_rounds, draw_groups
from services.evaluation.baselines import Baselines
from streams.catalogue import Catalogue
from streams.records import content_id

READER = "stance reader"
Chances = NDArray[np.float64]
Advance = Callable[[str, int, int, float], None]
Ask = Callable[[Experiment, Sequence[Row], Sequence[Row], Path, Callable[[float], None]], NDArray[np.float32]]


class Answered(NamedTuple):
    """Rows that were asked together, and each classifier's probabilities for them."""

    split: str
    name: str
    rows: list[Row]
    chances: dict[str, Chances]


class SplitScores(NamedTuple):
    """`low` and `high` are the 95 % interval of the reader's macro-F1, drawn by group."""

    rows: int
    low: float
    high: float
    scores: dict[str, Scores]


def answer_rounds(
    rows: Sequence[Row],
    catalogue: Catalogue,
    experiment: Experiment,
    share: float,
    runs: Path,
    advance: Advance,
    ask: Ask,
) -> list[Answered]:
    """Train every round on a share of its groups and return what is answered; a finished round is read from `runs`."""
    periods: list[Period | None] = [period_of(row, catalogue) for row in rows]
    rounds = deal_rounds(rows, read_annotations(), periods)
    run = runs / f"splits-{content_id(msgspec.json.encode(experiment), corpus_hash(rows), share)[:8]}"
    run.mkdir(parents=True, exist_ok=True)
    baselines = Baselines()
    answered = []
    for each in rounds:
        learnt = draw_groups(each.learnt, share)
        asked = [row for part in each.parts for row in part.rows]
        chances = {READER: _asked(each, learnt, asked, experiment, run, advance, ask)}
        chances |= _asked_of_baselines(each, learnt, asked, run, baselines)
        answered += _cut(each, chances)
    return answered


def _asked_of_baselines(
    each: Round, learnt: list[Row], asked: list[Row], run: Path, baselines: Baselines
) -> dict[str, Chances]:
    kept = run / f"{each.name.replace(' ', '-')}.npz"
    if not kept.exists():
        answers: dict[str, Any] = dict(baselines.ask(learnt, asked))
        np.savez(kept, **answers)
    with np.load(kept) as found:
        return {name: found[name] for name in found.files}


def _asked(
    each: Round, learnt: list[Row], asked: list[Row], experiment: Experiment, run: Path, advance: Advance, ask: Ask
) -> Chances:
    kept = run / f"{each.name.replace(' ', '-')}.npy"
    if kept.exists():
        logits = np.load(kept)
    else:
        steps = experiment.epochs * ((len(learnt) + experiment.batch - 1) // experiment.batch)
        done = 0

        def count(loss: float) -> None:
            nonlocal done
            done += 1
            advance(each.name, done, steps, loss)

        logits = ask(experiment, learnt, asked, run / each.name.replace(" ", "-"), count)
        np.save(kept, logits)
    # Uncalibrated on purpose: held-out rows have the shares of labels of those that were learnt from.
    return probabilities(logits.astype(np.float64), 1.0, (0.0, 0.0, 0.0))


def _cut(each: Round, chances: Mapping[str, Chances]) -> list[Answered]:
    answered, start = [], 0
    for part in each.parts:
        end = start + len(part.rows)
        answered.append(
            Answered(part.split, part.name, part.rows, {name: found[start:end] for name, found in chances.items()})
        )
        start = end
    return answered


def score_splits(answered: Sequence[Answered]) -> dict[tuple[str, str], SplitScores]:
    """Return the scores of each split over all its parts, under ("split", ""), and of each part of it."""
    by: dict[tuple[str, str], list[Answered]] = defaultdict(list)
    for each in answered:
        by[each.split, ""].append(each)
        by[each.split, each.name].append(each)
    return {key: _score(parts) for key, parts in by.items() if any(part.rows for part in parts)}


def _score(parts: Sequence[Answered]) -> SplitScores:
    rows = [row for part in parts for row in part.rows]
    labels = np.array([LABELS.index(row.label) for row in rows], np.int64)
    chances = {name: np.concatenate([part.chances[name] for part in parts]) for name in parts[0].chances}
    low, high = interval(labels, chances[READER].argmax(1), [row.group for row in rows])
    return SplitScores(len(rows), low, high, {name: score(labels, found) for name, found in chances.items()})


def render_splits(head: str, found: Mapping[tuple[str, str], SplitScores]) -> str:
    """Return one table: macro-F1 and, in brackets, the share of `neither` read as a stance, for each classifier."""
    names = list(next(iter(found.values())).scores)
    lines = [head, "", f"{'split':40}{'rows':>6}" + "".join(f"{name:>32}" for name in names)]
    splits = [key for key in found if not key[1]]
    for split, _ in splits:
        parts = [key for key in found if key[0] == split and key[1]]
        lines += ["", _line(split, found[split, ""])]
        lines += [_line(f"  {name}", found[split, name]) for _, name in parts] if len(parts) > 1 else []
    return "\n".join(lines)


def _line(name: str, found: SplitScores) -> str:
    shown = []
    for classifier, scores in found.scores.items():
        between = f" {found.low:.2f} to {found.high:.2f}" if classifier == READER else ""
        shown.append(f"{scores.macro_f1:.3f}{between} ({scores.neither_as_stance:.2f})".rjust(32))
    return f"{name[:39]:40}{found.rows:6d}" + "".join(shown)

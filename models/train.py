"""Trains one experiment on the corpus, exports the result and measures it; never reads what is kept for measuring."""

from collections.abc import Callable
from pathlib import Path
from typing import Final, NamedTuple

import msgspec
import numpy as np
import torch
from numpy.typing import NDArray
from tokenizers import Tokenizer

from models.base_encoder import find_encoder
from models.batches import Dealer
from models.calibration import calibrate, probabilities
from models.corpus.rows import LABELS, ROWS, Row, corpus_hash, read_corpus
from models.experiment import Experiment
from models.export import describe, export_graph
from models.exported_model import Description
from models.fit import fit, logits_of
from models.inputs import Inputs
from models.network import StanceNetwork
from models.predict import StanceReader
from models.scores import score
from streams.records import content_id

AGREEMENT: Final = 0.99
DISTILLED: Final = 0  # the seed of the network that several are distilled into

Advance = Callable[[str, int, int, float], None]


class ExportDisagrees(RuntimeError):
    """The 8-bit model reads too many rows differently from the network it was made from."""


class Trained(NamedTuple):
    """The exported model's description, and how many rows were learnt from and held out."""

    description: Description
    learnt: int
    held_out: int


def train(
    name: str, experiment: Experiment, runs: Path, exported: Path, advance: Advance, directory: Path = ROWS
) -> Trained:
    """Train `experiment`, write the exported model to `exported` and return what it is.

    `runs` keeps a checkpoint per epoch under a name that the experiment and the corpus decide, so a stopped training
    goes on where it was and a changed one starts anew. `advance` is told (stage, step, steps, loss). One thread: two
    processes of two threads each were ten times slower than two of one.
    """
    torch.set_num_threads(1)
    encoder = find_encoder(experiment.encoder)
    rows = read_corpus(directory)
    corpus = corpus_hash(rows)
    learnt = [row for row in rows if not row.held_out]
    held_out = [row for row in rows if row.held_out]
    run = runs / f"{name}-{content_id(msgspec.json.encode(experiment), corpus)[:8]}"
    run.mkdir(parents=True, exist_ok=True)
    inputs = Inputs(Tokenizer.from_file(str(encoder / "tokenizer.json")), experiment.max_tokens)
    dealer = Dealer(learnt, inputs, experiment.batch, experiment.unmarked, by_group=experiment.margin > 0)
    networks = [_fit(experiment, encoder, dealer, seed, run, advance) for seed in experiment.seeds]
    network = networks[0]
    if len(networks) > 1:
        teacher = np.mean([_softmax(logits_of(each, inputs, _texts(learnt))) for each in networks], axis=0)
        network = _fit(experiment, encoder, dealer, DISTILLED, run, advance, teacher.astype(np.float32))
    export_graph(network, exported)
    plain = logits_of(network, inputs, _texts(held_out))
    settings = {"name": name, **msgspec.to_builtins(experiment)}
    describe(exported, encoder, corpus, settings, 1.0, (0.0, 0.0, 0.0), {})
    description = _describe_measured(exported, encoder, corpus, settings, held_out, plain)
    return Trained(description, len(learnt), len(held_out))


def _texts(rows: list[Row]) -> list[tuple[str, tuple[int, int] | None]]:
    return [(row.text, row.span) for row in rows]


def _softmax(logits: NDArray[np.float32]) -> NDArray[np.float64]:
    return probabilities(logits.astype(np.float64), 1.0, (0.0, 0.0, 0.0))


def _fit(
    experiment: Experiment,
    encoder: Path,
    dealer: Dealer,
    seed: int,
    run: Path,
    advance: Advance,
    teacher: NDArray[np.float32] | None = None,
) -> StanceNetwork:
    torch.manual_seed(seed)
    network = StanceNetwork.from_encoder(encoder, experiment.dropout)
    steps = len(dealer) * (experiment.epochs if teacher is None else experiment.distil_epochs)
    stage = f"seed {seed}" if teacher is None else "distilling"
    done = 0

    def count(loss: float) -> None:
        nonlocal done
        done += 1
        advance(stage, done, steps, loss)

    return fit(experiment, dealer, network, seed, run, count, teacher)


def _describe_measured(
    exported: Path,
    encoder: Path,
    corpus: str,
    settings: dict[str, object],
    held_out: list[Row],
    plain: NDArray[np.float32],
) -> Description:
    """Calibrate and score the model as exported, not the network: its 8-bit logits are what will be read."""
    reader = StanceReader.load(exported, threads=1)
    found = [(row, logits) for row, logits in zip(held_out, reader.logits(_texts(held_out)), strict=True)]
    logits = np.array([np.zeros(3) if each is None else each for _, each in found])
    agreement = float((logits.argmax(1) == plain.argmax(1)).mean())
    if agreement < AGREEMENT:
        raise ExportDisagrees(f"the 8-bit model agrees with the network on {agreement:.4f} of rows, below {AGREEMENT}")
    labels = np.array([LABELS.index(row.label) for row, _ in found], np.int64)
    temperature, bias = calibrate(logits, labels)
    scores = score(labels, probabilities(logits, temperature, bias))
    measured = {
        "held_out_rows": float(len(held_out)),
        "held_out_macro_f1": round(scores.macro_f1, 4),
        "held_out_neither_as_stance": round(scores.neither_as_stance, 4),
        "held_out_calibration_error": round(scores.calibration_error, 4),
        "int8_agreement": round(agreement, 4),
    }
    return describe(exported, encoder, corpus, settings, temperature, bias, measured)

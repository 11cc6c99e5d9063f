"""Trains one network on some rows for nothing but to ask it others; exports nothing."""

from collections.abc import Callable, Sequence
from pathlib import Path

import numpy as np
import torch
from numpy.typing import NDArray
from tokenizers import Tokenizer

from models.base_encoder import find_encoder
from models.batches import Dealer
from models.corpus.rows import Row
from models.experiment import Experiment
from models.fit import fit, logits_of
from models.inputs import Inputs
from models.network import StanceNetwork


def ask(
    experiment: Experiment,
    learnt: Sequence[Row],
    asked: Sequence[Row],
    directory: Path,
    advance: Callable[[float], None],
) -> NDArray[np.float32]:
    """Return the logits (asked, 3) of the experiment's first seed, trained on `learnt`.

    `directory` keeps a checkpoint per epoch until the answers are there; a training that was stopped goes on from it.
    """
    torch.set_num_threads(1)
    encoder = find_encoder(experiment.encoder)
    inputs = Inputs(Tokenizer.from_file(str(encoder / "tokenizer.json")), experiment.max_tokens)
    dealer = Dealer(learnt, inputs, experiment.batch, experiment.unmarked, by_group=experiment.margin > 0)
    seed = experiment.seeds[0]
    torch.manual_seed(seed)
    network = StanceNetwork.from_encoder(encoder, experiment.dropout)
    fit(experiment, dealer, network, seed, directory, advance)
    answers = logits_of(network, inputs, [(row.text, row.span) for row in asked])
    (directory / f"seed-{seed}.checkpoint").unlink()
    return answers

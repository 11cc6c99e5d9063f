"""Training and export on a network small enough for a test; run by `make test-train`.

torch turns off the smallest floats for the whole process, which Hypothesis refuses to work with, so these tests have a
process of their own.
"""

from pathlib import Path

import numpy as np
import onnxruntime
import pytest
import torch
from tokenizers import Tokenizer
from transformers import BertConfig

from models.batches import Dealer
from models.corpus.rows import read_corpus
from models.experiment import Experiment
from models.export import export_graph
from models.exported_model import EXPORTED, GRAPH, TOKENIZER
from models.fit import fit, logits_of
from models.inputs import Inputs
from models.network import StanceNetwork

ROWS = read_corpus()[:96]
INPUTS = Inputs(Tokenizer.from_file(str(EXPORTED / TOKENIZER)))
EXPERIMENT = Experiment(epochs=2, batch=16, learning_rate=1e-3)


class Stopped(Exception):
    """Stands for the power cut in the middle of a training."""


def small_network() -> StanceNetwork:
    torch.manual_seed(0)
    config = BertConfig(
        hidden_size=64, num_hidden_layers=2, num_attention_heads=4, intermediate_size=128, attn_implementation="eager"
    )
    return StanceNetwork(config)


def dealer() -> Dealer:
    return Dealer(ROWS, INPUTS, EXPERIMENT.batch, EXPERIMENT.unmarked)


def test_a_stopped_training_goes_on_as_if_it_had_not_been(tmp_path: Path) -> None:
    whole = fit(EXPERIMENT, dealer(), small_network(), 3, tmp_path / "whole", lambda loss: None)
    steps = 0

    def stop_in_the_second_epoch(loss: float) -> None:
        nonlocal steps
        steps += 1
        if steps == len(dealer()) + 2:
            raise Stopped

    with pytest.raises(Stopped):
        fit(EXPERIMENT, dealer(), small_network(), 3, tmp_path / "cut", stop_in_the_second_epoch)
    resumed = fit(EXPERIMENT, dealer(), small_network(), 3, tmp_path / "cut", lambda loss: None)
    for name, weights in whole.state_dict().items():
        assert torch.equal(weights, resumed.state_dict()[name]), name


def test_the_exported_graph_agrees_with_the_network_and_with_itself_in_any_batch(tmp_path: Path) -> None:
    network = small_network().eval()
    export_graph(network, tmp_path)
    session = onnxruntime.InferenceSession(str(tmp_path / GRAPH), providers=["CPUExecutionProvider"])
    texts = [(row.text, row.span) for row in ROWS]
    encoded = [INPUTS.encode(*text) for text in texts]
    alone = np.array([session.run(None, {"ids": np.array([ids], np.int64)})[0][0] for ids in encoded])
    assert np.abs(alone - logits_of(network, INPUTS, texts)).max() < 0.02
    for width in {len(ids) for ids in encoded}:
        places = [place for place, ids in enumerate(encoded) if len(ids) == width]
        together = session.run(None, {"ids": np.array([encoded[place] for place in places], np.int64)})[0]
        assert np.array_equal(together, alone[places])

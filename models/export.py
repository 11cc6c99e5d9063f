"""Turns a trained network into the exported model: an ONNX graph in 8 bits, its tokenizer, and `model.json`."""

import shutil
import warnings
from pathlib import Path

import msgspec
import onnx
import torch
from onnxruntime.transformers import optimizer
from onnxruntime.transformers.fusion_options import FusionOptions

from models.corpus.rows import LABELS
from models.exported_model import DESCRIPTION, GRAPH, TOKENIZER, Description, code_hash, file_hash, version_of
from models.network import StanceNetwork
from models.quantise import quantise


class _Unpadded(torch.nn.Module):  # type: ignore[misc]
    """The network for statements of one length: no mask, and a mean that is summed the same in every batch."""

    def __init__(self, network: StanceNetwork) -> None:
        super().__init__()
        self.network = network

    def forward(self, ids: torch.Tensor) -> torch.Tensor:
        states = self.network.encoder(input_ids=ids).last_hidden_state
        # onnxruntime's ReduceMean sums in another order for a batch of one than for a batch of many; a product with
        # a row of ones does not, nor does the head written as a sum over the last axis.
        ones = torch.ones_like(ids, dtype=states.dtype).unsqueeze(1)
        mean = torch.matmul(ones, states) / ids.shape[1]
        return (mean * self.network.head.weight).sum(-1) + self.network.head.bias


def export_graph(network: StanceNetwork, directory: Path) -> None:
    """Write `model.onnx`: ids (statements, tokens) of one length to logits (statements, 3)."""
    directory.mkdir(parents=True, exist_ok=True)
    plain = directory / "float.onnx"
    with warnings.catch_warnings():
        # The tracing exporter is deprecated, but its graph is the one whose attention onnxruntime can fuse.
        warnings.simplefilter("ignore")
        torch.onnx.export(
            _Unpadded(network.eval()),
            (torch.randint(1000, 20000, (2, 20)),),
            str(plain),
            input_names=["ids"],
            output_names=["logits"],
            dynamic_axes={"ids": {0: "statements", 1: "tokens"}, "logits": {0: "statements"}},
            opset_version=17,
            dynamo=False,
        )
    options = FusionOptions("bert")
    options.use_multi_head_attention = True
    options.enable_embed_layer_norm = False
    config = network.encoder.config
    fused = optimizer.optimize_model(
        str(plain),
        "bert",
        num_heads=config.num_attention_heads,
        hidden_size=config.hidden_size,
        optimization_options=options,
        opt_level=0,
    )
    onnx.save(quantise(fused.model), str(directory / GRAPH))
    plain.unlink()


def describe(
    directory: Path,
    encoder: Path,
    corpus: str,
    experiment: dict[str, object],
    temperature: float,
    bias: tuple[float, ...],
    scores: dict[str, float],
) -> Description:
    """Put the encoder's tokenizer beside the graph, write `model.json` and return it."""
    shutil.copyfile(encoder / TOKENIZER, directory / TOKENIZER)
    files = {name: file_hash(directory / name) for name in (GRAPH, TOKENIZER)}
    description = Description(
        version=version_of(files, corpus, code_hash(), temperature, bias),
        labels=LABELS,
        temperature=temperature,
        bias=bias,
        max_tokens=int(str(experiment["max_tokens"])),
        files=files,
        corpus=corpus,
        code=code_hash(),
        experiment=experiment,
        scores=scores,
    )
    encoded = msgspec.json.format(msgspec.json.encode(description), indent=2)
    (directory / DESCRIPTION).write_bytes(encoded + b"\n")
    return description

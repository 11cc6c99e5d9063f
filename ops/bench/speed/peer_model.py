"""The exported model's weights as a float32 network in torch: what a user of transformers would run."""

from pathlib import Path
from typing import Any

import numpy as np
import onnx
import torch
from onnx import numpy_helper
from torch import nn
from transformers import BertConfig, BertModel, BertPreTrainedModel, PreTrainedTokenizerFast, pipeline
from transformers.modeling_outputs import SequenceClassifierOutput
from transformers.utils import logging

from models.corpus.rows import LABELS
from models.exported_model import EXPORTED, GRAPH, TOKENIZER

HIDDEN, INNER, HEADS = 384, 1536, 12
PRODUCTS = {
    "attention/self/query": "attention.self.query",
    "attention/self/key": "attention.self.key",
    "attention/self/value": "attention.self.value",
    "attention/output/dense": "attention.output.dense",
    "intermediate/dense": "intermediate.dense",
    "output/dense": "output.dense",
}


class StanceClassifier(BertPreTrainedModel):  # type: ignore[misc]
    """Mean of the token vectors and one linear layer, with the padding masked: as it was trained."""

    def __init__(self, config: BertConfig) -> None:
        super().__init__(config)
        self.encoder = BertModel(config, add_pooling_layer=False)
        self.head = nn.Linear(config.hidden_size, len(LABELS))
        self.post_init()

    def forward(self, input_ids: torch.Tensor, attention_mask: torch.Tensor, **_: Any) -> SequenceClassifierOutput:
        states = self.encoder(input_ids=input_ids, attention_mask=attention_mask).last_hidden_state
        weights = attention_mask.unsqueeze(-1).to(states.dtype)
        return SequenceClassifierOutput(logits=self.head((states * weights).sum(1) / weights.sum(1)))


def load_classifier(directory: Path = EXPORTED) -> StanceClassifier:
    """Return the network with the weights of the graph in `directory`: its bytes times their scales."""
    graph = onnx.load(str(directory / GRAPH)).graph
    tensors = {tensor.name: numpy_helper.to_array(tensor) for tensor in graph.initializer}
    sizes = {name: int(tensors[f"network.encoder.embeddings.{name}_embeddings.weight_int8"].shape[0])
             for name in ("word", "position", "token_type")}  # fmt: skip
    layers = sum(1 for name in tensors if name.startswith("Attention_"))
    network = StanceClassifier(
        BertConfig(
            vocab_size=sizes["word"], max_position_embeddings=sizes["position"], type_vocab_size=sizes["token_type"],
            hidden_size=HIDDEN, intermediate_size=INNER, num_attention_heads=HEADS, num_hidden_layers=layers,
            id2label=dict(enumerate(LABELS)),
        )
    ).eval()  # fmt: skip
    found: dict[str, np.ndarray[Any, Any]] = {}
    for name, values in tensors.items():
        if name.startswith("network.") and not name.endswith(("_int8", "_scale")):
            found[name.removeprefix("network.")] = values
        if name.startswith("network.") and name.endswith("_int8"):
            whole = name.removesuffix("_int8")
            found[whole.removeprefix("network.")] = values * tensors[f"{whole}_scale"]
    for node in graph.node:
        if node.op_type != "MatMulIntegerToFloat":
            continue
        place = node.output[0].removeprefix("/encoder/encoder/layer.").removesuffix("/MatMul_output_0_unscaled")
        layer, _, product = place.partition("/")
        weight = tensors[node.input[1]] * tensors[node.input[3]]
        found[f"encoder.encoder.layer.{layer}.{PRODUCTS[product]}.weight"] = weight.T
    for layer_number in range(layers):
        thirds = np.split(tensors[f"Attention_{layer_number}_qkv_bias"], 3)
        for part, bias in zip(("query", "key", "value"), thirds, strict=True):
            found[f"encoder.encoder.layer.{layer_number}.attention.self.{part}.bias"] = bias
    state = {name: torch.tensor(np.ascontiguousarray(values), dtype=torch.float32) for name, values in found.items()}
    missing, unexpected = network.load_state_dict(state, strict=False)
    if unexpected or [name for name in missing if "position_ids" not in name and "token_type_ids" not in name]:
        raise ValueError(f"the exported graph does not fit: missing {missing}, unexpected {unexpected}")
    return network


def load_pipeline(batch: int, directory: Path = EXPORTED) -> Any:
    """Return `pipeline("text-classification")` on that network with the exported tokenizer."""
    marks = {"cls_token": "[CLS]", "sep_token": "[SEP]", "pad_token": "[PAD]", "unk_token": "[UNK]"}
    tokenizer = PreTrainedTokenizerFast(
        tokenizer_file=str(directory / TOKENIZER),
        model_max_length=128,
        model_input_names=["input_ids", "attention_mask"],
        **marks,
    )
    # It warns, at a screen's length, of each architecture that is not its own.
    logging.set_verbosity(logging.CRITICAL)
    return pipeline("text-classification", model=load_classifier(directory), tokenizer=tokenizer, batch_size=batch)

"""Turns texts into the pretrained encoder's own sentence vectors, which no row of ours has changed."""

from collections.abc import Sequence

import numpy as np
import torch
from numpy.typing import NDArray
from tokenizers import Tokenizer
from transformers import BertModel

from models.base_encoder import find_encoder
from models.batches import pad
from models.experiment import Experiment
from models.inputs import Inputs


def embed(texts: Sequence[str], encoder: str = Experiment().encoder) -> NDArray[np.float32]:
    """Return (texts, hidden size): the mean of each text's token vectors, scaled to length 1."""
    directory = find_encoder(encoder)
    inputs = Inputs(Tokenizer.from_file(str(directory / "tokenizer.json")))
    network = BertModel.from_pretrained(directory, add_pooling_layer=False).eval()
    encoded = [inputs.encode(text, None) for text in texts]
    order = sorted(range(len(encoded)), key=lambda place: len(encoded[place]))
    vectors = np.zeros((len(encoded), network.config.hidden_size), np.float32)
    for start in range(0, len(order), 32):
        places = order[start : start + 32]
        ids, mask = (torch.from_numpy(part) for part in pad([encoded[place] for place in places]))
        with torch.no_grad():
            states = network(input_ids=ids, attention_mask=mask).last_hidden_state
        mean = (states * mask.unsqueeze(-1)).sum(1) / mask.sum(1, keepdim=True)
        vectors[places] = torch.nn.functional.normalize(mean, dim=1).numpy()
    return vectors

"""The stance reader as a torch network: an encoder, the mean of its token vectors, one linear layer to three labels."""

from pathlib import Path

import torch
from torch import nn
from transformers import BertConfig, BertModel


class StanceNetwork(nn.Module):  # type: ignore[misc]
    """Maps token ids (batch, tokens) and their mask to logits (batch, 3) in the order favor, against, neither."""

    def __init__(self, config: BertConfig, labels: int = 3) -> None:
        super().__init__()
        self.encoder = BertModel(config, add_pooling_layer=False)
        self.dropout = nn.Dropout(config.hidden_dropout_prob)
        self.head = nn.Linear(config.hidden_size, labels)
        # Helps in training alone: whether there is a stance at all. It is not exported.
        self.gate = nn.Linear(config.hidden_size, 1)

    @classmethod
    def from_encoder(cls, directory: Path, dropout: float) -> "StanceNetwork":
        """Return a network on a pretrained encoder whose word embeddings are frozen.

        Eleven thousand rows touch few of the thirty thousand word pieces; trained, the touched ones drift away from
        the rest, and unseen synonyms are read as strangers.
        """
        # Eager attention is what the exporter turns into the pattern that onnxruntime can fuse.
        config = BertConfig.from_pretrained(directory, attn_implementation="eager")
        config.hidden_dropout_prob = dropout
        config.attention_probs_dropout_prob = dropout
        network = cls(config)
        pretrained = BertModel.from_pretrained(
            directory, config=config, add_pooling_layer=False, attn_implementation="eager", dtype=torch.float32
        )
        network.encoder = pretrained
        network.encoder.embeddings.word_embeddings.weight.requires_grad = False
        return network

    def forward(self, ids: torch.Tensor, mask: torch.Tensor) -> torch.Tensor:
        logits: torch.Tensor = self.head(self.pooled(ids, mask))
        return logits

    def pooled(self, ids: torch.Tensor, mask: torch.Tensor) -> torch.Tensor:
        """Return what the heads read (batch, hidden size): the mean of the token vectors, with dropout in training."""
        states = self.encoder(input_ids=ids, attention_mask=mask).last_hidden_state
        weights = mask.unsqueeze(-1).to(states.dtype)
        mean = (states * weights).sum(1) / weights.sum(1)
        kept: torch.Tensor = self.dropout(mean)
        return kept

"""The losses beside cross-entropy: of a gate head, and of matched rows whose logits lie too close; torch, no state."""

from typing import Final

import torch
from torch.nn import functional

from models.corpus.rows import LABELS

# With a label smoothing of 0.1 the best logits of two labels lie 3.3 apart in each row, so 6.6 between two rows.
MARGIN: Final = 4.0
_NEITHER: Final = LABELS.index("neither")


def gate_loss(gate: torch.Tensor, labels: torch.Tensor) -> torch.Tensor:
    """Return the mean logistic loss of `gate` (rows, 1), which is positive where a row holds a stance."""
    return functional.binary_cross_entropy_with_logits(gate.squeeze(1), (labels != _NEITHER).to(gate.dtype))


def margin_loss(logits: torch.Tensor, labels: torch.Tensor, groups: torch.Tensor) -> torch.Tensor:
    """Return the mean hinge loss over pairs of rows of one group with different labels; 0 where there is none.

    For rows i and j with labels a and b, the gap between the logits of a and b must be wider in i than in j by MARGIN:
    two texts of the same words cannot both be read by the words that they share.
    """
    own = logits[:, labels]  # (rows i, rows j): the logit that row i gives to the label of row j
    mine = own.diagonal().unsqueeze(1)
    gap = (mine - own) - (own.T - mine.T)
    matched = (groups.unsqueeze(0) == groups.unsqueeze(1)) & (labels.unsqueeze(0) != labels.unsqueeze(1))
    if not bool(matched.any()):
        return logits.sum() * 0.0
    return functional.relu(MARGIN - gap)[matched].mean()

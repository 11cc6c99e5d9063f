"""Fits one network to rows, epoch by epoch, resumable after each; the torch half of training."""

import os
from collections.abc import Callable, Sequence
from pathlib import Path

import numpy as np
import torch
from numpy.typing import NDArray
from torch.nn import functional

from models.batches import Dealer, pad
from models.experiment import Experiment
from models.inputs import Inputs
from models.losses import gate_loss, margin_loss
from models.network import StanceNetwork
from models.spans import Span

Advance = Callable[[float], None]


def fit(
    experiment: Experiment,
    dealer: Dealer,
    network: StanceNetwork,
    seed: int,
    directory: Path,
    advance: Advance,
    teacher: NDArray[np.float32] | None = None,
) -> StanceNetwork:
    """Train `network` in place and return it; `advance` is told each step's loss.

    `directory` keeps a checkpoint per epoch, and a run that was stopped goes on from the last one. With a `teacher`
    (rows, 3; probabilities in the rows' order) the targets are its probabilities mixed half and half with the labels.
    """
    torch.manual_seed(seed)
    torch.set_flush_denormal(True)
    epochs = experiment.distil_epochs if teacher is not None else experiment.epochs
    total = epochs * len(dealer)
    trained = [parameter for parameter in network.parameters() if parameter.requires_grad]
    optimizer = torch.optim.AdamW(
        trained, lr=experiment.learning_rate, weight_decay=experiment.weight_decay, fused=True
    )
    warm = max(1, int(total * experiment.warmup))
    schedule = torch.optim.lr_scheduler.LambdaLR(
        optimizer, lambda step: min((step + 1) / warm, max(0.0, (total - step) / max(1, total - warm)))
    )
    directory.mkdir(parents=True, exist_ok=True)
    checkpoint = directory / f"seed-{seed}.checkpoint"
    first = 0
    if checkpoint.exists():
        saved = torch.load(checkpoint, weights_only=True)
        network.load_state_dict(saved["network"])
        optimizer.load_state_dict(saved["optimizer"])
        schedule.load_state_dict(saved["schedule"])
        torch.set_rng_state(saved["random"])
        first = saved["epoch"]
        for _ in range(first * len(dealer)):
            advance(float("nan"))
    network.train()
    for epoch in range(first, epochs):
        for batch in dealer.deal(seed, epoch):
            labels = torch.from_numpy(batch.labels)
            # bfloat16 halves the time on processors that have it, and changes no label that float32 would give.
            with torch.autocast("cpu", dtype=torch.bfloat16):
                pooled = network.pooled(torch.from_numpy(batch.ids), torch.from_numpy(batch.mask))
                logits, gate = network.head(pooled).float(), network.gate(pooled).float()
            loss = functional.cross_entropy(logits, labels, label_smoothing=experiment.label_smoothing)
            if experiment.gate:
                loss = loss + experiment.gate * gate_loss(gate, labels)
            if experiment.margin:
                loss = loss + experiment.margin * margin_loss(logits, labels, torch.from_numpy(batch.groups))
            if teacher is not None:
                soft = torch.from_numpy(teacher[batch.places])
                loss = 0.5 * loss + 0.5 * functional.cross_entropy(logits, soft)
            loss.backward()
            torch.nn.utils.clip_grad_norm_(trained, 1.0)
            optimizer.step()
            schedule.step()
            optimizer.zero_grad()
            advance(loss.item())
        state = {
            "network": network.state_dict(),
            "optimizer": optimizer.state_dict(),
            "schedule": schedule.state_dict(),
            "random": torch.get_rng_state(),
            "epoch": epoch + 1,
        }
        partial = checkpoint.with_suffix(".partial")
        torch.save(state, partial)
        os.replace(partial, checkpoint)
    network.eval()
    return network


def logits_of(network: StanceNetwork, inputs: Inputs, texts: Sequence[tuple[str, Span | None]]) -> NDArray[np.float32]:
    """Return the logits (texts, 3) in float32, in the order given."""
    network.eval()
    encoded = [inputs.encode(text, span) for text, span in texts]
    order = sorted(range(len(encoded)), key=lambda place: len(encoded[place]))
    result = np.zeros((len(encoded), 3), np.float32)
    for start in range(0, len(order), 32):
        places = order[start : start + 32]
        ids, mask = pad([encoded[place] for place in places])
        with torch.no_grad():
            result[places] = network(torch.from_numpy(ids), torch.from_numpy(mask)).numpy()
    return result

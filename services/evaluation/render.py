"""Turns what was measured into tables for people or one JSON object for programs."""

from collections.abc import Mapping

import msgspec

from models.corpus.rows import LABELS
from models.scores import AGAINST, Scores
from services.evaluation.measure import Measured


def _line(scores: Scores) -> str:
    return (
        f"{scores.rows:6d}  {scores.macro_f1:.3f}     {scores.neither_as_stance:.3f}       "
        f"{scores.precision[AGAINST]:.3f}        {scores.calibration_error:.3f}"
    )


def render(model: str, measured: Measured, compared: Mapping[str, Scores], errors: bool) -> str:
    """Return the tables as text."""
    whole = measured.whole
    lines = [
        f"model {model}",
        f"rows {whole.rows}, events {measured.clusters}",
        f"macro-F1 {whole.macro_f1:.3f} (95 % interval {measured.low:.3f} to {measured.high:.3f}, by event)",
        f"neither read as a stance {whole.neither_as_stance:.3f}",
        f"expected calibration error {whole.calibration_error:.3f} "
        f"(true probabilities would show {measured.chance[0]:.3f} on so many rows, at most {measured.chance[1]:.3f})",
        "",
        "label     precision  recall     F1   rows   read as " + "  ".join(f"{label:>7}" for label in LABELS),
    ]
    for place, label in enumerate(LABELS):
        counts = "  ".join(f"{int(count):7d}" for count in whole.confusion[place])
        lines.append(
            f"{label:8}      {whole.precision[place]:.3f}   {whole.recall[place]:.3f}  {whole.f1[place]:.3f}"
            f" {int(whole.confusion[place].sum()):6d}           {counts}"
        )
    header = "  rows  macro-F1  neither→stance  against precision  calibration"
    if measured.parts:
        lines += ["", f"{'by':30}{header}"]
        lines += [f"{f'{field} {value}'[:29]:30}{_line(part)}" for (field, value), part in measured.parts.items()]
    if compared:
        lines += ["", f"{'beside':30}{header}"]
        lines += [f"{name[:29]:30}{_line(scores)}" for name, scores in compared.items()]
    if errors:
        lines += [
            "",
            *(f"{w.row.label} read as {w.predicted} ({w.probability:.2f}): {w.row.text}" for w in measured.wrong),
        ]
    return "\n".join(lines)


def _scores(scores: Scores) -> dict[str, object]:
    return {
        "rows": scores.rows,
        "macro_f1": scores.macro_f1,
        "neither_as_stance": scores.neither_as_stance,
        "calibration_error": scores.calibration_error,
        "precision": dict(zip(LABELS, scores.precision, strict=True)),
        "recall": dict(zip(LABELS, scores.recall, strict=True)),
        "f1": dict(zip(LABELS, scores.f1, strict=True)),
        "confusion": scores.confusion.tolist(),
    }


def as_object(model: str, measured: Measured, compared: Mapping[str, Scores], errors: bool) -> str:
    """Return one JSON object with every score."""
    found: dict[str, object] = {
        "model": model,
        **_scores(measured.whole),
        "interval": [measured.low, measured.high],
        "events": measured.clusters,
        "calibration_error_by_chance": list(measured.chance),
        "by": {f"{field} {value}": _scores(part) for (field, value), part in measured.parts.items()},
        "beside": {name: _scores(scores) for name, scores in compared.items()},
    }
    if errors:
        found["wrong"] = [
            {"text": wrong.row.text, "label": wrong.row.label, "predicted": wrong.predicted} for wrong in measured.wrong
        ]
    return msgspec.json.encode(found).decode()

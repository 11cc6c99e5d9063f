"""Labelled real headlines -> what Parley makes of the labels beside what it makes of its reader's own readings.

    .venv/bin/python -m ops.backtest.labelled ../shared/data/stance-dev-a.jsonl

A line has text, date, actor and label. Both ways go through the same events, filter and alerts, so that what differs
is the reader's doing and what they share is the detector's. Few headlines over years make few positions: this parts
errors, it measures no rate.
"""

import argparse
import json
import sys
from collections.abc import Sequence
from datetime import UTC, date, datetime, time
from pathlib import Path

from models.predict import StanceReader
from ops.bench.detector import Parley
from ops.bench.moments import follow
from services.classify.statement import find_statement
from services.settings import read_settings
from streams.catalogue import read_catalogue
from streams.dossiers.emissions import is_evidence, position_key
from streams.records import Probabilities, Reading, Stance, content_id
from streams.shift_settings import ShiftSettings

# As sure as the shipped reader is of what it reads rightly.
SURE = 0.9


def certain(label: Stance) -> Probabilities:
    """Return the reading of somebody who knows the label."""
    return Probabilities(**{one: SURE if one == label else (1 - SURE) / 2 for one in ("favor", "against", "neither")})


def make_reading(row: dict[str, str], place: int, probabilities: Probabilities) -> Reading:
    """Return the row as a reading; no outlet is known, so each counts as one of its own."""
    when = datetime.combine(date.fromisoformat(row["date"]), time(12), UTC)
    text = row["text"]
    return Reading(
        id=content_id(text, row["actor"], place), article=content_id(text, place), revision=0, actor=row["actor"],
        speaker=row.get("speaker") or row["actor"], capacity=row.get("capacity") or "government",  # type: ignore[arg-type]
        quote=text, start=0, end=len(text), probabilities=probabilities, model="", outlet=f"outlet {place}", url="",
        title=text, published=when, fetched=when,
    )  # fmt: skip


def tell(name: str, readings: Sequence[Reading]) -> str:
    """Return one line on what the detector made of the readings."""
    evidence = sorted(filter(is_evidence, readings), key=lambda r: (r.time, r.id))
    keys = sorted({position_key(r) for r in evidence})
    known, shifts = list[str](), list[str]()
    for key in keys:
        detector = Parley((None,))
        moments = list[bool]()
        for moment in follow((r for r in evidence if position_key(r) == key), ShiftSettings()):
            detector.take(moment)
            moments.append(moment.dossier.known is not None)
        if moments and moments[-1]:
            known.append(key)
        shifts += [f"{key} {a.before} -> {a.after} {a.status} {a.at:%Y-%m-%d}" for a in detector.alerts[None]
                   if a.kind == "shift"]  # fmt: skip
    return (
        f"{name}: {len(evidence)} of {len(readings)} are evidence for {len(keys)} positions,"
        f" {', '.join(known) or 'none'} known;"
        f" shifts: {', '.join(shifts) or 'none'}\n"
    )


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("files", type=Path, nargs="+")
    options = parser.parse_args()
    rows = [json.loads(line) for file in options.files for line in file.read_text().splitlines()]
    catalogue = read_catalogue()
    read = StanceReader.load(read_settings().model).read(
        [
            find_statement(row["text"], row["actor"], row.get("speaker"), date.fromisoformat(row["date"]), catalogue)
            for row in rows
        ]
    )
    sys.stdout.write(tell("labels", [make_reading(row, n, certain(row["label"])) for n, row in enumerate(rows)]))
    sys.stdout.write(
        tell("reader", [make_reading(row, n, p) for n, (row, p) in enumerate(zip(rows, read, strict=True))])
    )


if __name__ == "__main__":
    main()

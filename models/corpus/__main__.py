"""`python -m models.corpus`: prints what the corpus holds and which rows must go; exit code 1 if any must.

The material kept for measuring is looked for in `../shared/data`; without it the rows are not checked against it.
`--drop` writes the files again without the rows that must go.
"""

import gzip
import json
import sys
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

from models.corpus.form import form_macro_f1
from models.corpus.rows import HERE, Row, corpus_files, corpus_hash, read_file
from models.corpus.traps import count_kinds
from models.corpus.validate import (
    FORM_LIMIT,
    Problem,
    check_actors,
    check_overlap,
    check_rows,
    near_duplicates,
    neithers_with_war_and_settlement,
    template_share,
    triple_share,
)
from streams.catalogue import read_catalogue

REAL = HERE.parents[2] / "shared" / "data"


def real_texts(directory: Path, names: str = "*.jsonl*") -> list[list[str]]:
    """The texts of each labelled file, headline list and article list under `directory`."""
    return [sorted(set(_texts(path))) for path in sorted(directory.glob(names))]


def _texts(path: Path) -> Iterator[str]:
    with gzip.open(path, "rt") if path.suffix == ".gz" else path.open() as lines:
        for line in lines:
            row = json.loads(line)
            yield from (str(row[key])[:500] for key in ("title", "text", "summary") if row.get(key))


def find_problems(rows: list[Row], data: Path) -> list[Problem]:
    """Every reason for which a row must go."""
    problems = [*check_rows(rows)]
    if data.is_dir():
        hashes = frozenset((data / "shingles.txt").read_text().split())
        problems += check_overlap(rows, real_texts(data), hashes)
    return problems


def main(arguments: list[str]) -> int:
    """Print the report; return the exit code."""
    say = sys.stdout.write
    files = corpus_files()
    placed = [(path, row) for path in files for row in read_file(path)]
    rows = [row for _, row in placed]
    say(f"corpus {corpus_hash(rows)}: {len(rows)} rows in {len(files)} files, {len({r.group for r in rows})} groups\n")
    for field in ("label", "provenance", "style", "capacity", "voice"):
        counts = Counter(getattr(row, field) or "(not noted)" for row in rows)
        say(f"{field}: {', '.join(f'{name} {count}' for name, count in counts.most_common())}\n")
    say(f"actors: {len({row.actor for row in rows})}; speaker marked in {sum(row.start >= 0 for row in rows)} rows\n")
    unknown = Counter(problem.detail for problem in check_actors(rows, read_catalogue().actors))
    say(f"actors that the catalogue does not know: {dict(unknown.most_common())}\n")
    say(f"rows in a group with more than one label: {triple_share(rows):.2f}\n")
    say(f"neithers that name the war and a settlement word: {neithers_with_war_and_settlement(rows):.2f}\n")
    kinds = count_kinds(rows)
    fewest = sorted(kinds, key=lambda kind: kinds[kind])[:5]
    say(f"kinds of the codebook: {len(kinds)}; fewest rows: {', '.join(f'{kind} {kinds[kind]}' for kind in fewest)}\n")
    say("most frequent opening: {!r}, {:.4f} of rows\n".format(*template_share(rows)))
    say(f"near-duplicates across groups: {len(near_duplicates(rows))}\n")
    form = form_macro_f1(rows)
    say(f"macro-F1 from form alone: {form:.3f} (limit {FORM_LIMIT:.2f})\n")
    if not REAL.is_dir():
        say("the material kept for measuring is not here: likeness to it was not checked\n")
    problems = find_problems(rows, REAL)
    for problem in problems:
        say(f"must go, {problem.reason}: {rows[problem.row].text!r} ({problem.detail})\n")
    say(f"rows that must go: {dict(Counter(problem.reason for problem in problems))}\n")
    if "--drop" in arguments:
        gone = {problem.row for problem in problems}
        for path in files:
            lines = [line for line in path.read_bytes().splitlines(keepends=True) if line.strip()]
            numbers = [number for number, (owner, _) in enumerate(placed) if owner == path]
            path.write_bytes(b"".join(line for line, number in zip(lines, numbers, strict=True) if number not in gone))
        say(f"dropped {len(gone)} rows\n")
    return int(bool(problems))


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))

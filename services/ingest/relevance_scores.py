"""Scores the relevance rule on labelled articles: python -m services.ingest.relevance_scores FILE.jsonl [--errors].

Lines are articles with `relevant` (true or false; null where it is arguable, which is not scored) beside `title` and
`text`.
"""

import argparse
import json
import sys
from pathlib import Path

from services.ingest.relevance import judge


def main() -> int:
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("file", type=Path)
    parser.add_argument("--errors", action="store_true", help="list what was judged wrongly")
    options = parser.parse_args()
    lines = (json.loads(line) for line in options.file.read_text().splitlines() if line.strip())
    rows = [row for row in lines if row["relevant"] is not None]
    hits = false = missed = 0
    for row in rows:
        verdict = judge(row["title"], row.get("text") or "")
        hits += verdict.relevant and row["relevant"]
        false += verdict.relevant and not row["relevant"]
        missed += row["relevant"] and not verdict.relevant
        if options.errors and verdict.relevant != row["relevant"]:
            sys.stdout.write(f"{'false' if verdict.relevant else 'missed'} ({verdict.reason}): {row['title']}\n")
    precision, recall = hits / max(1, hits + false), hits / max(1, hits + missed)
    score = 2 * hits / max(1, 2 * hits + false + missed)
    sys.stdout.write(f"{len(rows)} articles: precision {precision:.3f}, recall {recall:.3f}, F1 {score:.3f}\n")
    return 0


if __name__ == "__main__":
    sys.exit(main())

"""The archive's headlines -> how many are copies of another within 72 hours, as an actor's evidence would find them.

    .venv/bin/python -m ops.backtest.copies

Two headlines are copies when their MinHash signatures agree in as many places as the stream asks for. Beside that stand
the exact Jaccard similarity of their words, and a rough truth: headlines of different outlets that are equal but for
case and punctuation are copies, whatever their signatures say.
"""

import argparse
import re
import sys
from collections import defaultdict
from pathlib import Path

import numpy as np

from ops.backtest.archive import ARCHIVE, read_articles
from streams.records import Article
from streams.shift_settings import HOUR, ShiftSettings

_WORD = re.compile(r"[^\W_]+")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--archive", type=Path, default=ARCHIVE)
    options = parser.parse_args()
    articles = list(read_articles(options.archive))
    settings = ShiftSettings()
    signatures = np.array([article.signature for article in articles], np.uint64).astype(np.uint32)
    times = np.array([article.published.timestamp() for article in articles])
    linked: dict[int, set[int]] = defaultdict(set)
    for place in range(len(articles)):
        near = np.flatnonzero(np.abs(times[:place] - times[place]) <= settings.occasion_hours * HOUR)
        agree = np.count_nonzero(signatures[near] == signatures[place], axis=1) / signatures.shape[1]
        for other in near[agree >= settings.copy_similarity]:
            linked[place].add(int(other))
    same, found = 0, 0
    by_words: dict[tuple[str, ...], list[int]] = defaultdict(list)
    for place, article in enumerate(articles):
        words = words_of(article)
        for other in by_words[words]:
            if abs(times[other] - times[place]) <= settings.occasion_hours * HOUR and outlet(other, articles) != outlet(
                place, articles
            ):
                same += 1
                found += other in linked[place]
        by_words[words].append(place)
    pairs = sum(len(others) for others in linked.values())
    across = sum(outlet(one, articles) != outlet(other, articles) for one in linked for other in linked[one])
    alike = [jaccard(words_of(articles[one]), words_of(articles[other])) for one in linked for other in linked[one]]
    sys.stdout.write(
        f"{len(articles):,} headlines about a settlement: {len([o for o in linked.values() if o]):,} are copies of an"
        f" earlier one ({len([o for o in linked.values() if o]) / len(articles):.1%}), {pairs} pairs, {across} of them"
        f" across outlets;\nequal words in another outlet: {same} pairs, {found} of them found;"
        f" least Jaccard similarity of a pair that was linked: {min(alike, default=1.0):.2f}\n"
    )


def outlet(place: int, articles: list[Article]) -> str:
    return articles[place].outlet


def words_of(article: Article) -> tuple[str, ...]:
    """Return the headline's words in order, without case or punctuation."""
    return tuple(_WORD.findall(article.title.lower()))


def jaccard(one: tuple[str, ...], other: tuple[str, ...]) -> float:
    return len({*one} & {*other}) / max(1, len({*one} | {*other}))


if __name__ == "__main__":
    main()

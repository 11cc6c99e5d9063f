"""Sentences a second of the stance reader beside transformers' pipeline with the same weights, and its own variants."""

import time
from collections.abc import Callable, Sequence
from functools import partial
from typing import Any

import numpy as np

from models.corpus.rows import LABELS, read_corpus
from models.inputs import CLOSING, OPENING
from models.predict import StanceReader, Text
from models.scores import macro_f1
from ops.bench.speed import texts
from ops.bench.speed.row import Row, compare
from streams.records import Statement

SCORED = 600  # Held-out rows whose macro-F1 is printed beside the speed.


def text_of(statement: Statement) -> Text:
    span = (statement.speaker_start, statement.speaker_end) if statement.speaker_start >= 0 else None
    return statement.quote, span


def marked(text: Text) -> str:
    """The speaker's words between the markers, as the model was trained on."""
    words, span = text
    if span is None:
        return words
    return f"{words[: span[0]]}{OPENING}{words[span[0] : span[1]]}{CLOSING}{words[span[1] :]}"


def classify(run: Any, sentences: Sequence[str]) -> float:
    """Return sentences a second of a pipeline."""
    return timed(lambda: run(list(sentences), truncation=True), len(sentences))


def timed(work: Callable[[], Any], count: int) -> float:
    began = time.perf_counter()
    work()
    return count / (time.perf_counter() - began)


def measure(rounds: int, most: int, pipeline: Callable[[int], Any]) -> list[Row]:
    """`pipeline(batch)` gives transformers' pipeline. Every sentence is distinct and as long as it really is."""
    own = [text_of(one) for one in texts.statements()[:most]]
    plain = [marked(one) for one in own]
    reader, alone = StanceReader.load(), StanceReader.load(threads=1)
    rows = []
    for batch, aim in ((32, 6.0), (1, None)):
        run = pipeline(batch)
        ours, theirs = scores(reader, run)
        rows.append(
            compare(
                f"stance reader, {len(own)} sentences", "sentences/s", f"transformers pipeline, float32, batch {batch}",
                lambda: timed(lambda: reader.read_texts(own), len(own)),
                partial(classify, run, plain),
                rounds, aim, f"macro-F1 {ours:.3f} to {theirs:.3f} on {SCORED} held-out rows",
            )
        )  # fmt: skip
    each = [[one] for one in own]
    rows.append(
        compare("length buckets", "sentences/s", "one sentence at a time",
                lambda: timed(lambda: alone.read_texts(own), len(own)),
                lambda: timed(lambda: [alone.read_texts(one) for one in each], len(own)), rounds)
    )  # fmt: skip
    rows.append(
        compare("two threads", "sentences/s", "one thread",
                lambda: timed(lambda: reader.read_texts(own), len(own)),
                lambda: timed(lambda: alone.read_texts(own), len(own)), rounds)
    )  # fmt: skip
    copied = own * 5
    rows.append(
        compare("each sentence five times (syndication), read once", "sentences/s", "distinct sentences",
                lambda: timed(lambda: reader.read_texts(copied), len(copied)),
                lambda: timed(lambda: reader.read_texts(own), len(own)), rounds)
    )  # fmt: skip
    return rows


def scores(reader: StanceReader, run: Any) -> tuple[float, float]:
    """Return macro-F1 of the reader and of the pipeline on the same held-out rows of the corpus."""
    rows = [row for row in read_corpus() if row.held_out][:SCORED]
    own: list[Text] = [(row.text, row.span) for row in rows]
    labels = [LABELS.index(row.label) for row in rows]
    ours = [LABELS.index(one.label) for one in reader.read_texts(own)]
    theirs = [LABELS.index(one["label"]) for one in run([marked(one) for one in own], truncation=True)]
    return _f1(labels, ours), _f1(labels, theirs)


def _f1(labels: Sequence[int], found: Sequence[int]) -> float:
    return macro_f1(np.array(labels), np.array(found))

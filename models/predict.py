"""Reads the stance of statements with the exported model on onnxruntime; never trains, and never needs torch."""

import os
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Final

import numpy as np
import onnxruntime
from numpy.typing import NDArray

# transformers' tokenizers are this library underneath; importing the whole of transformers would cost seconds at
# every start and change no token.
from tokenizers import Tokenizer

from models.corpus.rows import LABELS
from models.exported_model import EXPORTED, GRAPH, TOKENIZER, Description, ModelProblem, read_description
from models.inputs import Inputs
from models.spans import Span
from streams.records import Probabilities, Statement

Text = tuple[str, Span | None]
BATCH: Final = 16
MOST_THREADS: Final = 4
# All 97 rows of the corpus whose words are such a claim are `neither`; so many allow for one in a hundred that is not.
CLAIM_OF_ANOTHER: Final = Probabilities(favor=0.005, against=0.005, neither=0.99)
NOTHING_SAID: Final = Probabilities(favor=0.0, against=0.0, neither=1.0)


class StanceReader:
    """Maps statements to probabilities, the same for the same statement whatever is read beside it.

    Statements of equal length are read together, so nothing is padded and no sum depends on a neighbour: the bytes
    are those of reading one at a time. On another processor the last digits may differ.
    """

    def __init__(
        self, session: onnxruntime.InferenceSession, inputs: Inputs, description: Description, threads: int
    ) -> None:
        self._session = session
        self._inputs = inputs
        self._temperature = description.temperature
        self._bias = np.array(description.bias, np.float64)
        self._threads = threads
        self.version = description.version

    @classmethod
    def load(cls, directory: Path | None = None, threads: int | None = None) -> "StanceReader":
        """Return the reader of the exported model in `directory`, by default the one in this repository.

        `threads` batches are read at a time (by default as many as there are cores, at most four). Raises
        ModelProblem when a file is missing or is not the one that the description names.
        """
        directory = directory or EXPORTED
        description = read_description(directory)
        if description.labels != LABELS:
            raise ModelProblem(f"stance model in {directory}: labels {description.labels}, wanted {LABELS}")
        options = onnxruntime.SessionOptions()
        # One thread per run, several runs at a time: the matrices are too small to be worth splitting.
        options.intra_op_num_threads = 1
        options.inter_op_num_threads = 1
        options.log_severity_level = 3
        try:
            session = onnxruntime.InferenceSession(str(directory / GRAPH), options, providers=["CPUExecutionProvider"])
            inputs = Inputs(Tokenizer.from_file(str(directory / TOKENIZER)), description.max_tokens)
        except Exception as error:
            raise ModelProblem(
                f"stance model in {directory} cannot be loaded: {' '.join(str(error).split())}"
            ) from None
        return cls(session, inputs, description, threads or min(MOST_THREADS, len(os.sched_getaffinity(0))))

    def read(self, statements: Sequence[Statement]) -> list[Probabilities]:
        """Return the stance of each statement's speaker, in order.

        What is a mere claim about another actor is `neither` by the codebook, and the network is not asked.
        """
        found = iter(
            self.read_texts(
                [
                    (
                        statement.quote,
                        (statement.speaker_start, statement.speaker_end) if statement.speaker_start >= 0 else None,
                    )
                    for statement in statements
                    if statement.claim_about is None
                ]
            )
        )
        return [next(found) if statement.claim_about is None else CLAIM_OF_ANOTHER for statement in statements]

    def read_texts(self, texts: Sequence[Text]) -> list[Probabilities]:
        """Return the stance in each text of the speaker whose words are its span (None: not named), in order.

        A text without a letter or digit says nothing and is `neither`. Any string is accepted.
        """
        logits = self.logits(texts)
        return [NOTHING_SAID if row is None else _probabilities(row / self._temperature + self._bias) for row in logits]

    def logits(self, texts: Sequence[Text]) -> list[NDArray[np.float64] | None]:
        """Return the network's three logits for each text, before calibration; None where the text says nothing."""
        encoded = [tuple(self._inputs.encode(text, span)) if _says_something(text) else None for text, span in texts]
        by_length: dict[int, list[tuple[int, ...]]] = {}
        # Syndicated copies are frequent: equal inputs are read once.
        for ids in sorted({ids for ids in encoded if ids is not None}):
            by_length.setdefault(len(ids), []).append(ids)
        batches = [
            alike[start : start + BATCH] for alike in by_length.values() for start in range(0, len(alike), BATCH)
        ]
        found: dict[tuple[int, ...], NDArray[np.float64]] = {}
        if self._threads == 1 or len(batches) < 2:
            results = [self._run(batch) for batch in batches]
        else:
            with ThreadPoolExecutor(self._threads) as pool:
                results = list(pool.map(self._run, batches))
        for batch, result in zip(batches, results, strict=True):
            found.update(zip(batch, result, strict=True))
        return [None if ids is None else found[ids] for ids in encoded]

    def _run(self, batch: Sequence[Sequence[int]]) -> NDArray[np.float64]:
        (logits,) = self._session.run(None, {"ids": np.array(batch, np.int64)})
        return np.asarray(logits, np.float64)


def _says_something(text: str) -> bool:
    return any(character.isalnum() for character in text)


def _probabilities(scores: NDArray[np.float64]) -> Probabilities:
    """The softmax, to six decimals: as many as mean anything, and few enough to be stable in a log."""
    weights = np.exp(scores - scores.max())
    favor, against, _ = (round(float(weight), 6) for weight in weights / weights.sum())
    return Probabilities(favor=favor, against=against, neither=round(max(0.0, 1.0 - favor - against), 6))

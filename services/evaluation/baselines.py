"""Two plain classifiers trained on the same rows, to hold the stance reader against; needs the train extra."""

from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from models.corpus.rows import LABELS, Row, read_corpus
from models.scores import Scores, score

Chances = NDArray[np.float64]
WORDS = "TF-IDF + logistic regression"
FROZEN = "frozen encoder + logistic"


class BaselinesMissing(RuntimeError):
    """What the baselines are built from is not installed."""


class Baselines:
    """Fits both classifiers to rows and asks them others. Each text is embedded once, however often it is used."""

    def __init__(self) -> None:
        """Raise BaselinesMissing without scikit-learn or torch."""
        try:
            # Imported here: the default install has neither, and needs neither to evaluate.
            from sklearn.feature_extraction.text import TfidfVectorizer  # noqa: PLC0415
            from sklearn.linear_model import LogisticRegression  # noqa: PLC0415

            from models.embed import embed  # noqa: PLC0415
        except ImportError as error:
            raise BaselinesMissing(f"{error.name} is not installed; run `make train` once") from None
        self._embed = embed
        self._words: Any = lambda: TfidfVectorizer(ngram_range=(1, 2), sublinear_tf=True, min_df=2)
        self._regression: Any = lambda: LogisticRegression(max_iter=2000, C=4.0)
        self._vectors: dict[str, NDArray[np.float32]] = {}

    def ask(self, learnt: Sequence[Row], asked: Sequence[Row]) -> dict[str, Chances]:
        """Return by classifier the probabilities (asked, labels), learnt from the labels of `learnt`."""
        answers = [LABELS.index(row.label) for row in learnt]
        words = self._words()
        features = {
            WORDS: (words.fit_transform([row.text for row in learnt]), words.transform([row.text for row in asked])),
            FROZEN: (self._vectors_of(learnt), self._vectors_of(asked)),
        }
        return {
            name: self._regression().fit(known, answers).predict_proba(wanted)
            for name, (known, wanted) in features.items()
        }

    def _vectors_of(self, rows: Sequence[Row]) -> NDArray[np.float32]:
        new = sorted({row.text for row in rows} - self._vectors.keys())
        if new:
            self._vectors.update(zip(new, self._embed(new), strict=True))
        return np.array([self._vectors[row.text] for row in rows])


def compare(rows: Sequence[Row]) -> dict[str, Scores]:
    """Return the scores on `rows` of TF-IDF and of frozen embeddings, each with logistic regression.

    Both learn from the corpus' rows that are not held out. Raises BaselinesMissing without scikit-learn or torch.
    """
    learnt = [row for row in read_corpus() if not row.held_out]
    labels = np.array([LABELS.index(row.label) for row in rows], np.int64)
    return {name: score(labels, chances) for name, chances in Baselines().ask(learnt, rows).items()}

"""Two plain classifiers trained on the same rows, to hold the stance reader against; needs the train extra."""

from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from models.corpus.rows import LABELS, Row, read_corpus
from models.scores import Scores, score


class BaselinesMissing(RuntimeError):
    """What the baselines are built from is not installed."""


def compare(rows: Sequence[Row]) -> dict[str, Scores]:
    """Return the scores on `rows` of TF-IDF and of frozen embeddings, each with logistic regression.

    Both learn from the corpus' rows that are not held out. Raises BaselinesMissing without scikit-learn or torch.
    """
    try:
        # Imported here: the default install has neither, and needs neither to evaluate.
        from sklearn.feature_extraction.text import TfidfVectorizer  # noqa: PLC0415
        from sklearn.linear_model import LogisticRegression  # noqa: PLC0415

        from models.embed import embed  # noqa: PLC0415
    except ImportError as error:
        raise BaselinesMissing(f"{error.name} is not installed; run `make train` once") from None
    learnt = [row for row in read_corpus() if not row.held_out]
    learnt_texts, texts = [row.text for row in learnt], [row.text for row in rows]
    answers = [LABELS.index(row.label) for row in learnt]
    labels = np.array([LABELS.index(row.label) for row in rows], np.int64)

    def scored(features: Any, wanted: Any) -> Scores:
        fitted = LogisticRegression(max_iter=2000, C=4.0).fit(features, answers)
        chances: NDArray[np.float64] = fitted.predict_proba(wanted)
        return score(labels, chances)

    words = TfidfVectorizer(ngram_range=(1, 2), sublinear_tf=True, min_df=2)
    return {
        "TF-IDF + logistic regression": scored(words.fit_transform(learnt_texts), words.transform(texts)),
        "frozen encoder + logistic": scored(embed(learnt_texts), embed(texts)),
    }

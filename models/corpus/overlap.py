"""Finds rows too like given texts: by hashed word sequences, and by the cosine of their character n-grams."""

import hashlib
import re
import zlib
from collections.abc import Collection, Iterator, Sequence
from typing import Final, NamedTuple

import numpy as np
from scipy import sparse

WORDS: Final = re.compile(r"[a-z0-9']+")
SEQUENCE: Final = 6
COLUMNS: Final = 1 << 22
# N-grams that more reference texts have than this find no candidates: they are what all English shares.
COMMON: Final = 500
ROWS_AT_A_TIME: Final = 500
CANDIDATE: Final = 0.1
# So few reference texts are compared with every row, and no pair is missed.
FEW: Final = 2_000


class Likeness(NamedTuple):
    """Row `row` is like reference text `other`; `cosine` of their counts of character 3- to 5-grams."""

    row: int
    other: int
    cosine: float


def shingles(text: str) -> Iterator[str]:
    """Yield the first ten hexadecimal digits of the SHA-1 of each sequence of six words."""
    words = WORDS.findall(text.lower())
    for start in range(len(words) - SEQUENCE + 1):
        joined = " ".join(words[start : start + SEQUENCE])
        yield hashlib.sha1(joined.encode(), usedforsecurity=False).hexdigest()[:10]


def shared_shingles(text: str, known: Collection[str]) -> int:
    """How many different hashed word sequences of `text` are among `known`."""
    return len({shingle for shingle in shingles(text) if shingle in known})


def count_ngrams(texts: Sequence[str]) -> "sparse.csr_matrix":
    """Return the counts of character 3- to 5-grams, one row of length 1 per text."""
    columns: list[int] = []
    ends = [0]
    for text in texts:
        plain = " ".join(text.lower().split())
        columns.extend(
            zlib.crc32(plain[start : start + size].encode()) % COLUMNS
            for size in (3, 4, 5)
            for start in range(len(plain) - size + 1)
        )
        ends.append(len(columns))
    matrix = sparse.csr_matrix((np.ones(len(columns), np.float32), columns, ends), shape=(len(texts), COLUMNS))
    matrix.sum_duplicates()
    norms = np.sqrt(np.asarray(matrix.multiply(matrix).sum(1)).ravel())
    return sparse.csr_matrix(sparse.diags(1 / np.maximum(norms, 1e-9)) @ matrix)


def alike(rows: "sparse.csr_matrix", others: "sparse.csr_matrix", least: float) -> list[Likeness]:
    """Return the pairs (row, other text) of two counts whose cosine is at least `least`, not below 0.5.

    Candidates come from the rarer n-grams alone, whose product is sparse: the time grows with the number of texts and
    not with its square. Texts of a cosine worth asking for share many of those.
    """
    many = others.shape[0] > FEW
    keep = np.asarray((others > 0).sum(0)).ravel() <= (COMMON if many else others.shape[0])
    rare = sparse.csr_matrix(sparse.diags(keep.astype(np.float32)) @ others.T)
    candidate = CANDIDATE if many else least
    found: list[Likeness] = []
    for start in range(0, rows.shape[0], ROWS_AT_A_TIME):
        left = rows[start : start + ROWS_AT_A_TIME]
        pairs = (left @ rare).tocoo()
        likely = pairs.data >= candidate
        here, there = pairs.row[likely], pairs.col[likely]
        cosines = np.asarray(left[here].multiply(others[there]).sum(1)).ravel()
        found.extend(
            Likeness(start + int(row), int(other), float(cosine))
            for row, other, cosine in zip(here, there, cosines, strict=True)
            if cosine >= least
        )
    return found

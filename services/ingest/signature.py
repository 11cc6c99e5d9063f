"""A text to its MinHash signature, by which copies of one wire story are recognised; equal texts, equal signatures.

Two signatures agree in about as many places as their texts share three-word sequences (Broder 1997: the share of equal
minima estimates the Jaccard similarity). Case, punctuation and line breaks do not count.
"""

import re
import unicodedata
from typing import Final

PERMUTATIONS: Final = 64
# Three words tell copies apart from retellings and still match headlines, which are eight to twelve words long.
SHINGLE_WORDS: Final = 3
# The seed is part of every stored signature's meaning: another seed makes old and new signatures incomparable.
SEED: Final = 1

_WORD = re.compile(r"\w+(?:['’]\w+)?")


def sign(text: str) -> tuple[int, ...]:
    """Return 64 integers below 2**32, or () for a text without a word. Deterministic over machines and runs."""
    # Its package imports scipy: a second and 60 MB, which only processes that sign are to pay.
    from datasketch import MinHash  # noqa: PLC0415

    words = _WORD.findall(unicodedata.normalize("NFKC", text).casefold().replace("’", "'"))
    if not words:
        return ()
    shingles = {" ".join(words[i : i + SHINGLE_WORDS]) for i in range(max(1, len(words) - SHINGLE_WORDS + 1))}
    minhash = MinHash(num_perm=PERMUTATIONS, seed=SEED)
    minhash.update_batch([shingle.encode() for shingle in shingles])
    return tuple(int(value) for value in minhash.hashvalues)


def similarity(one: tuple[int, ...], other: tuple[int, ...]) -> float:
    """Return the estimated Jaccard similarity of the texts behind two signatures, 0.0 where either is empty."""
    if not one or len(one) != len(other):
        return 0.0
    return sum(a == b for a, b in zip(one, other, strict=True)) / len(one)

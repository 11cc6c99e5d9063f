"""The exported model's description, `model.json`: what it was made from, and whether its files are its own."""

import hashlib
from collections.abc import Mapping
from pathlib import Path
from typing import Final

import msgspec

from streams.records import content_id

HERE: Final = Path(__file__).parent
EXPORTED: Final = HERE / "exported"
DESCRIPTION: Final = "model.json"
GRAPH: Final = "model.onnx"
TOKENIZER: Final = "tokenizer.json"
# What decides which token ids the network sees. A change here asks for a new training.
INPUT_CODE: Final = ("inputs.py", "spans.py")


class ModelProblem(ValueError):
    """The exported model cannot be used; the message is one line that says what, where and what to do."""


class Description(msgspec.Struct, frozen=True, kw_only=True):
    """`temperature` divides the logits, then `bias` is added; both turn the corpus' odds into the stream's.

    `files` holds the SHA-256 of each file beside this one, `corpus` and `code` the hashes of what it was made from.
    """

    version: str
    labels: tuple[str, ...]
    temperature: float
    bias: tuple[float, ...]
    max_tokens: int
    files: dict[str, str]
    corpus: str
    code: str
    experiment: dict[str, object]
    scores: dict[str, float]


def version_of(files: Mapping[str, str], corpus: str, code: str, temperature: float, bias: tuple[float, ...]) -> str:
    """The model's name: it changes with the weights, the tokenizer, the corpus, the input code or the calibration."""
    return f"stance-{content_id(*sorted(files.items()), corpus, code, temperature, *bias)[:12]}"


def file_hash(path: Path) -> str:
    """The SHA-256 of a file's bytes, in hexadecimal."""
    return hashlib.sha256(path.read_bytes()).hexdigest()


def code_hash() -> str:
    """Twelve hexadecimal digits of the code that turns a text into the network's input."""
    return content_id(*((name, file_hash(HERE / name)) for name in INPUT_CODE))[:12]


def read_description(directory: Path) -> Description:
    """Return the description in `directory` after checking it against the files; raises ModelProblem."""
    path = directory / DESCRIPTION
    try:
        description = msgspec.json.decode(path.read_bytes(), type=Description)
    except OSError as error:
        raise ModelProblem(f"no stance model at {path} ({error.strerror}); run `make train`") from None
    except msgspec.MsgspecError as error:
        raise ModelProblem(f"{path} is not a model's description ({error}); run `make train`") from None
    for name, expected in description.files.items():
        try:
            found = file_hash(directory / name)
        except OSError as error:
            raise ModelProblem(f"no stance model at {directory / name} ({error.strerror}); run `make train`") from None
        if found != expected:
            raise ModelProblem(f"{directory / name} is not the file that {path.name} names; run `make train`")
    named = version_of(
        description.files, description.corpus, description.code, description.temperature, description.bias
    )
    if named != description.version:
        raise ModelProblem(f"{path} was edited: its version should be {named}; run `make train`")
    return description

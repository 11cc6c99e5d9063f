"""The YAML files beside it -> the sample newsroom's articles, in order of publication; never serves or judges them."""

import re
from datetime import UTC, date, datetime
from importlib.resources import files
from itertools import pairwise
from typing import Any, Final, Literal, TypeVar

import msgspec
import yaml

from services.errors import InputProblem
from streams.records import Stance, State, Time

T = TypeVar("T")

NOTICE: Final = "Sample article written for Parley; paraphrased from the public record."
ORIGIN: Final = "http://127.0.0.1:8400"

_HERE: Final = files("services.newsroom")
_SEEDS: Final = files("models") / "corpus" / "seeds"


class Outlet(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """An invented outlet and the habits of its feed."""

    id: str
    name: str
    about: str
    format: Literal["rss", "atom"]
    full: bool = False
    tracking: bool = False


class Edit(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What an article reads like from `at` on."""

    at: Time
    title: str
    text: str


class SampleArticle(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """One article as its outlet publishes it. `text` has paragraphs apart by empty lines.

    `off_topic`, `trap` and `about` (actor -> the stance that its leader or government takes here) are the project's
    own bookkeeping for tests: nothing of them is served. `seed` marks a real document rather than a written sample.
    """

    id: str
    outlet: str
    title: str
    text: str
    published: Time
    copy_of: str = ""
    edited: Edit | None = None
    off_topic: bool = False
    trap: str = ""
    about: dict[str, Stance] = {}
    seed: bool = False


class Shift(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A true change of position; an alert on it is right when it comes between `from` and `to`."""

    actor: str
    before: State
    after: State
    since: date = msgspec.field(name="from")
    until: date = msgspec.field(name="to")
    why: str


class Expected(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What is true of the timeline: who shifts, who stands still (actor -> stance), who says both all along."""

    shifts: list[Shift]
    steady: dict[str, Literal["favor", "against"]]
    mixed: list[str]


class _Seed(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    file: str
    id: str
    outlet: str
    published: Time
    title: str


def read_outlets() -> dict[str, Outlet]:
    """The outlets by id, in the order of their file."""
    return {
        outlet.id: outlet for outlet in _convert("outlets.yaml", (_HERE / "outlets.yaml").read_bytes(), list[Outlet])
    }


def read_timeline() -> list[SampleArticle]:
    """Every article, seed documents included, by time of publication; raises InputProblem where a file is wrong."""
    written = [
        _finish(article)
        for path in sorted((_HERE / "timeline").iterdir(), key=lambda path: path.name)
        if re.fullmatch(r"\d{4}.*\.yaml", path.name)
        for article in _convert(path.name, path.read_bytes(), list[SampleArticle])
    ]
    seeds = [_read_seed(seed) for seed in _convert("seeds.yaml", (_HERE / "seeds.yaml").read_bytes(), list[_Seed])]
    timeline = sorted([*written, *seeds], key=lambda article: (article.published, article.id))
    _check(timeline)
    return timeline


def read_expected() -> Expected:
    """The truth about the timeline, for tests and for `parley replay`'s score."""
    return _convert("expected.yaml", (_HERE / "timeline" / "expected.yaml").read_bytes(), Expected)


def as_articles(timeline: list[SampleArticle], origin: str = ORIGIN) -> list[dict[str, Any]]:
    """The timeline as `parley read` and `parley replay` take articles, in the order in which the newsroom shows them.

    `fetched` is when a reader first could see the text. An edited article comes twice, under the same id.
    """
    names = {outlet.id: outlet.name for outlet in read_outlets().values()}
    rows = [
        {
            "id": article.id,
            "title": title,
            "text": text,
            "published": _stamp(article.published),
            "outlet": names[article.outlet],
            "url": f"{origin}/articles/{article.id}",
            "fetched": _stamp(at),
        }
        for article in timeline
        for at, title, text in _versions(article)
    ]
    return sorted(rows, key=lambda row: row["fetched"])


def as_of(article: SampleArticle, edits: int) -> tuple[str, str, datetime]:
    """Title, text and time of the last change, after `edits` (0 or 1) edits."""
    if edits and article.edited is not None:
        return article.edited.title, article.edited.text, article.edited.at
    return article.title, article.text, article.published


def _versions(article: SampleArticle) -> list[tuple[datetime, str, str]]:
    versions = [(article.published, article.title, article.text)]
    if article.edited is not None:
        versions.append((article.edited.at, article.edited.title, article.edited.text))
    return versions


def _stamp(time: datetime) -> str:
    return time.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def _convert(name: str, raw: bytes, kind: type[T]) -> T:
    try:
        return msgspec.convert(yaml.safe_load(raw), kind)
    except (yaml.YAMLError, msgspec.ValidationError) as error:
        raise InputProblem(f"the sample newsroom's {name}: {error}") from None


def _finish(article: SampleArticle) -> SampleArticle:
    """Set the paragraphs apart and add the notice that no served sample is without."""
    edited = article.edited
    if edited is not None:
        edited = msgspec.structs.replace(edited, text=_paragraphs(edited.text))
    return msgspec.structs.replace(article, text=_paragraphs(article.text), edited=edited)


def _paragraphs(text: str) -> str:
    return "\n\n".join([*(line.strip() for line in text.splitlines() if line.strip()), NOTICE])


def _read_seed(seed: _Seed) -> SampleArticle:
    lines = [line.strip() for line in (_SEEDS / seed.file).read_text(encoding="utf-8").splitlines()]
    head = max((number + 1 for number, line in enumerate(lines[:5]) if line == seed.title), default=0)
    text = "\n\n".join(line for line in lines[head:] if line)
    return SampleArticle(
        id=seed.id, outlet=seed.outlet, title=seed.title, text=text, published=seed.published, seed=True
    )


def _check(timeline: list[SampleArticle]) -> None:
    """What the server relies on; the rest of the timeline's promises are checked by its tests."""
    outlets, ids = read_outlets(), set[str]()
    for article in timeline:
        if article.outlet not in outlets:
            raise InputProblem(f"sample article {article.id}: no outlet {article.outlet} in outlets.yaml")
        if article.id in ids or not re.fullmatch(r"[a-z0-9-]+", article.id):
            raise InputProblem(f"sample article {article.id}: the id is taken or holds more than a-z, 0-9 and -")
        if article.edited is not None and article.edited.at <= article.published:
            raise InputProblem(f"sample article {article.id}: edited before it was published")
        ids.add(article.id)
    for earlier, later in pairwise(timeline):
        if earlier.published == later.published:
            raise InputProblem(f"sample articles {earlier.id} and {later.id}: published at the same moment")

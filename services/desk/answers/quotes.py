"""What was said, what a desk says of it, and the articles it stands in, as the API answers it."""

from datetime import datetime

from pydantic import BaseModel, Field

from streams.records import Capacity, Stance, VerdictKind


class Judgement(BaseModel):
    """The latest word of a desk on something."""

    what: VerdictKind
    at: datetime


class Quote(BaseModel):
    """A reading: somebody's words, verbatim, and how they were read."""

    id: str
    article: str
    actor: str
    actor_name: str
    speaker: str
    speaker_name: str
    capacity: Capacity
    outlet: str
    url: str
    title: str
    quote: str
    label: Stance
    favor: float
    against: float
    neither: float
    time: datetime
    counts: bool = Field(description="False for what moves no position: old, limited, reported, or no stance.")
    withdrawn: bool = Field(description="A later revision of the article replaced it.")
    verdict: Judgement | None


class Passage(BaseModel):
    """A quote where it stands. `before` and `after` are the rest of its paragraph; None where the text is not kept."""

    before: str
    quote: str
    after: str
    complete: bool


class ArticleView(BaseModel):
    """An article as it was fetched, and what was read in it."""

    id: str
    revision: int
    outlet: str
    url: str
    title: str
    text: str
    published: datetime
    fetched: datetime
    readings: list[Quote]


class Hit(BaseModel):
    """An article that a search found."""

    id: str
    outlet: str
    title: str
    url: str
    published: datetime
    excerpt: list[tuple[str, bool]] = Field(description="Parts of the text; True where the words searched for stand.")


class Found(BaseModel):
    """What a search found, newest first."""

    query: str
    quotes: list[Quote]
    articles: list[Hit]

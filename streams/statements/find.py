"""An article to its statements: walks the sentences and keeps who says what, where; never how it is meant."""

from bisect import bisect_left
from collections import Counter
from collections.abc import Sequence
from typing import Final, NamedTuple

from streams.catalogue import Catalogue, Mention
from streams.outlets import press_of
from streams.records import Article, Statement
from streams.statements.agents import Agent, find_agents
from streams.statements.authors import demands_something, find_author
from streams.statements.compounds import join_roles
from streams.statements.floor import Floor
from streams.statements.groups import join_groups
from streams.statements.markup import blank_markup, is_english
from streams.statements.quotations import Quotations
from streams.statements.quotes import Run, make_run, make_statement
from streams.statements.sentences import Sentence, split_headline, split_text
from streams.statements.tokens import tokenize
from streams.statements.topic import mark_sentences, may_be_about_war
from streams.statements.voices import Voice, find_voices

# A newspaper's longest report has some 40,000 characters; what is longer is a collection or no prose.
LONGEST_BODY: Final = 60_000
MOST_STATEMENTS: Final = 200
# So many sentences behind the last topical one may still be its quotation.
_QUOTED_ON: Final = 3


class Skipped(NamedTuple):
    """Why something was not read, and how often in this article."""

    reason: str
    times: int


class Found(NamedTuple):
    """The statements of one article in order, and what was left out."""

    statements: tuple[Statement, ...]
    skipped: tuple[Skipped, ...]


def find_statements(article: Article, catalogue: Catalogue) -> tuple[Statement, ...]:
    """Return who says what in the article, in order; see `read_article` for what was left out."""
    return read_article(article, catalogue).statements


def read_article(article: Article, catalogue: Catalogue) -> Found:
    """Return the article's statements, at most `MOST_STATEMENTS`, and the reasons for what was left out.

    Every quote is exactly `article.body[start:end]`. A person who is only spoken about makes no statement, nor does a
    narrator; the author of an opinion does with what it asks for, as an expert. Of the headline every actor's statement
    is kept, of the text those that can bear on a settlement of this war. Time is linear in the text.
    """
    skipped: Counter[str] = Counter()
    body = article.body
    if not body.strip():
        return Found((), (Skipped("empty", 1),))
    prose = blank_markup(body[:LONGEST_BODY])
    if len(body) > LONGEST_BODY:
        skipped["too-long"] += 1
    walk = _Walk(article, catalogue)
    statements = walk.read(prose, len(article.title))
    skipped.update(walk.skipped)
    unique: dict[tuple[str, str, int, int], Statement] = {}
    for statement in statements:
        unique.setdefault((statement.actor, statement.speaker, statement.start, statement.end), statement)
    kept = list(unique.values())
    if len(kept) > MOST_STATEMENTS:
        skipped["too-many"] += len(kept) - MOST_STATEMENTS
    return Found(tuple(kept[:MOST_STATEMENTS]), tuple(Skipped(*item) for item in sorted(skipped.items())))


class _Walk:
    """One pass over one article."""

    def __init__(self, article: Article, catalogue: Catalogue) -> None:
        self._article = article
        self._body = article.body
        self._on = article.published.date()
        self._home = press_of(article)
        self._catalogue = catalogue
        self._floor = Floor(catalogue, self._on)
        self._quotations = Quotations()
        # The sentences that ask for something in nobody's name: number, start, end, and whether they can matter.
        self._demands: list[tuple[int, int, int, bool]] = []
        self.skipped: Counter[str] = Counter()

    def read(self, prose: str, title_length: int) -> list[Statement]:
        headline = list(split_headline(prose[:title_length]))
        text, topical = self._split(prose, title_length)
        end = text[-1].end if text else title_length
        mentions = self._catalogue.find_mentions(prose[:end], self._on)
        following = 0
        for at, (sentence, kept) in enumerate(zip([*headline, *text], [True] * len(headline) + topical, strict=True)):
            while following < len(mentions) and mentions[following].start < sentence.start:
                following += 1
            inside = following
            while following < len(mentions) and mentions[following].end <= sentence.end:
                following += 1
            shifted = [
                mention._replace(start=mention.start - sentence.start, end=mention.end - sentence.start)
                for mention in mentions[inside:following]
            ]
            self._read_sentence(at, sentence, shifted, kept=kept)
        spoken = sorted([*self._quotations.runs, *self._argue()], key=lambda run: run.start)
        return [
            make_statement(self._body, run, self._on, _within(mentions, run.start, run.end))
            for run in spoken
            if run.kept
        ]

    def _argue(self) -> list[Run]:
        """What the author asks for, where the article is an author's argument."""
        author = find_author(self._article, len(self._demands)) if self._demands else None
        if author is None or self._holds_office(author):
            return []
        voice = Voice(Agent(0, 0, -1, -1, author, "expert", "expert", "person"), "speech")
        return [Run(at, start, end, voice, kept, named=False) for at, start, end, kept in self._demands]

    def _holds_office(self, name: str) -> bool:
        """Whether the author is in the catalogue as anything but an expert: what they write is no expert's."""
        found = self._catalogue.find_mentions(name, self._on)
        return any(one.kind == "person" and one.end == len(name) and one.actor != "expert" for one in found)

    def _split(self, prose: str, title_length: int) -> tuple[list[Sentence], list[bool]]:
        """The sentences of the text up to the last one that can matter, and which of them can."""
        if not prose[title_length:].strip():
            return [], []
        if not may_be_about_war(prose):
            self.skipped["other-subject"] += 1
            return [], []
        if not is_english(prose[title_length:]):
            self.skipped["not-english"] += 1
            return [], []
        sentences = list(split_text(prose[title_length:], title_length))
        topical = mark_sentences(prose[:title_length], [sentence.text for sentence in sentences])
        if True not in topical:
            self.skipped["no-settlement"] += 1
            return [], []
        # Behind the last topical sentence only the rest of its quotation can matter.
        stop = len(topical) - topical[::-1].index(True) + _QUOTED_ON
        return sentences[:stop], topical[:stop]

    def _read_sentence(self, at: int, sentence: Sentence, mentions: Sequence[Mention], *, kept: bool) -> None:
        tokens = tokenize(sentence.text, sentence.quoted_from)
        if not tokens or self._quotations.take(at, sentence, tokens, kept=kept):
            return
        if not sentence.headline:
            # A shouted name in running text is a link to another article.
            mentions = [one for one in mentions if one.kind != "person" or not one.text.isupper()]
        found = find_agents(sentence.text, tokens, mentions, self._catalogue.people, self._floor.known)
        named = join_groups(sentence.text, tokens, join_roles(sentence.text, tokens, found))
        agents = self._floor.resolve(tokens, named, at)
        voices = find_voices(sentence.text, tokens, agents, headline=sentence.headline, home=self._home)
        spoken = [voice for voice in voices if voice.agent.actor is not None and voice.agent.kind != "demonym"]
        runs = [make_run(at, sentence.start, sentence.end, voice, kept=kept) for voice in spoken]
        self._quotations.add(at, sentence, tokens, runs)
        # "Allied states …": a demonym in front of a noun that is also a verb is no voice.
        narrated = all(voice.agent.kind == "demonym" for voice in voices)
        if narrated and not sentence.headline and demands_something(tokens):
            self._demands.append((at, sentence.start, sentence.end, kept))
        if not sentence.headline:
            self._floor.hear(tokens, agents, voices, at)


def _within(mentions: Sequence[Mention], start: int, end: int) -> list[Mention]:
    """The mentions between two offsets of the body, counted from the first of the two."""
    first = bisect_left(mentions, start, key=lambda mention: mention.start)
    last = bisect_left(mentions, end, key=lambda mention: mention.start)
    return [one._replace(start=one.start - start, end=one.end - start) for one in mentions[first:last]]

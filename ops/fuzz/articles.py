"""Texts that might come as an article, and what must hold of the statements read in them."""

from datetime import UTC, datetime

from hypothesis import strategies as st

from streams.catalogue import read_catalogue
from streams.records import Article
from streams.statements import read_article

NOW = datetime(2025, 5, 1, tzinfo=UTC)
CATALOGUE = read_catalogue()
WORDS = """
Zelensky|Vladimir Putin|the Kremlin|Macron|Mr. Trump|Erdoğan|Ukraine's|Russia|Kyiv|Moscow|Foreign Minister|Peskov|said
says|told reporters|rejects|has ruled out|is ready for|called for|warned|, according to|denied that|did not|never|no
peace talks|a ceasefire|a truce|negotiations|territorial concessions|an end to the war|war|“|”|"|'|‘|’|«|»|—|–|-|: |; |
, |. |? |! |…|(|)|[|]|that|if|unless|until|while|as|and|but|he|she|they|his|who|which|not|only|after|before|by|of
on Monday
in 2022| |NEWLINE|NEWLINENEWLINE|\t|\x00|\u200b|\u202e|<p>|</p>|&quot;|&nbsp;|<script>|😀|Ж|İ|ﬁ|U.S.|E.U.|St. Petersburg
No. 10
a.m.
...|http://x.example/a?b|@user|#tag|Sen. J.D.|von der Leyen|Reuters|- BBC News|(AP)|Sept. 3|1,000|50%|$1bn"""
PIECES = st.sampled_from(
    [word.replace("NEWLINE", "\n") for word in WORDS.removeprefix("\n").replace("\n", "|").split("|")]
)
TEXTS = (
    st.lists(PIECES, max_size=120).map(" ".join) | st.lists(PIECES, max_size=80).map("".join) | st.text(max_size=400)
)
INPUTS = st.tuples(TEXTS, TEXTS)


def check(words: tuple[str, str]) -> None:
    """Statements whose quotes are exact slices, each once and always the same; never an exception."""
    title, text = words
    article = Article(
        id="a", url="https://news.example/a", outlet="Outlet", title=title, text=text, published=NOW, fetched=NOW
    )
    found = read_article(article, CATALOGUE).statements
    for one in found:
        assert article.body[one.start : one.end] == one.quote, "the quote is no slice of the text"
        assert one.quote.strip(), "an empty quote"
        assert one.actor in CATALOGUE.actors, f"unknown actor {one.actor}"
    assert len({(one.actor, one.speaker, one.start, one.end) for one in found}) == len(found), "a statement twice"
    assert read_article(article, CATALOGUE).statements == found, "read twice, it reads otherwise"

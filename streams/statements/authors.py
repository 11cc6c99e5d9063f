"""Whose argument a text is, and which sentences ask for something in that name; never a narrator's evaluation.

News asks for nothing: of some 130 articles about the war none had two sentences in which the reporter says what should
be done. So what counts is such a sentence, in a text that is marked as opinion, is signed by a scholar, or argues
throughout.
"""

import re
from collections.abc import Sequence
from typing import Final

from streams.records import Article
from streams.statements.tokens import Token
from streams.statements.verbs import SPEECH_FORMS
from streams.statements.words import vocabulary

# A text that is neither marked nor signed is an argument from this many own demands on.
ARGUES_FROM: Final = 3
_NAME: Final = r"(?:[A-Z](?:\.|[\w’'-]+) ){1,3}[A-Z][\w’'-]+"
# A reporter's line ("is a senior editor at") makes no opinion; an office holder's words are not an expert's.
_SIGNED: Final = re.compile(
    rf"(?:^|[\n.!?”\"]\s*)(?:(?:Dr|Prof|Professor)\.? )?(?P<name>{_NAME}),? is (?:currently )?(?:a|an|the) "
    r"(?!former\b)[^.\n]{0,60}?"
    r"\b(?:fellow|professor|analyst|scholar|historian|lecturer|researcher|columnist|commentator|strategist|economist)\b"
    r"(?![^.\n]{0,80}\b(?:said|says|told)\b)"
)
_SIGNATURE: Final = 600
_BYLINE: Final = re.compile(rf"\s*(?:By|BY) (?P<name>{_NAME})\s*(?:\n|$)")
_OPINION: Final = r"(?:opinion|commentary|op-?ed|editorial|viewpoint|guest essay|column)"
_MARKED_TITLE: Final = re.compile(rf"\s*{_OPINION}\s*[:|–—-]|[|–—:]\s*{_OPINION}\s*$", re.IGNORECASE)
_MARKED_URL: Final = re.compile(
    r"/(?:opinions?|commentary|commentaries|commentisfree|op-?eds?|editorials?|columns?|columnists?|viewpoints?)/",
    re.IGNORECASE,
)
# Questions and answers, and transcripts: there "we should" is said by whoever's turn it is.
_TURN: Final = re.compile(r"^[ \t]*(?:Q|A|[A-Z][A-Z .’'-]{2,30}) ?:", re.MULTILINE)

_MODALS: Final = vocabulary("should must ought")
_PAST: Final = vocabulary("have has")
_FIRST: Final = vocabulary("i we")
# In front of the modal they say that it is somebody else's demand, a document's, or a supposition.
_PASSED_ON: Final = vocabulary(
    """according under per if whether supposedly allegedly reportedly plan plans proposal proposals draft deal agreement
    treaty law rules resolution memorandum document argument arguments contention claim claims idea notion view views
    logic theory demand demands insistence critics supporters advocates proponents opponents hawks doves optimists
    pessimists sceptics skeptics some many others analysts experts observers poll polls respondents condition
    meant means implied implies requires required"""
)
_SAID_AFTERWARDS: Final = vocabulary(
    """said says say told argue argues argued believes believe believed thinks thought insists insisted according goes
    runs"""
)


def find_author(article: Article, demands: int) -> str | None:
    """Return who argues in the text, or None where nobody does: it is a report, a transcript, or cannot be told.

    `demands` is the number of sentences in which the text asks for something in nobody's name (`demands_something`).
    A signed text has its author's name; others have a name of their own that no second text shares, so that what
    different authors hold is never added up.
    """
    if len(_TURN.findall(article.text)) > 1:
        return None
    marked = _MARKED_TITLE.search(article.title) is not None or _MARKED_URL.search(article.url) is not None
    signed = _signature(article.text)
    if not (marked or signed or demands >= ARGUES_FROM):
        return None
    byline = _BYLINE.match(article.text) if marked else None
    unsigned = f"author of “{article.title.strip()}”" if article.title.strip() else f"author of {article.id}"
    return signed or (byline["name"] if byline else unsigned)


def _signature(text: str) -> str | None:
    """The name in a line about the author at the text's end: somebody of whom the text itself does not speak."""
    for match in _SIGNED.finditer(text[-_SIGNATURE:]):
        name: str = match["name"]
        surname = name.rsplit(maxsplit=1)[-1]
        before = text[: max(0, len(text) - _SIGNATURE) + match.start("name")]
        if surname not in before[_SIGNATURE // 4 :]:
            return name
    return None


def demands_something(tokens: Sequence[Token]) -> bool:
    """Whether a sentence says, outside quotation marks and in nobody else's name, what should or must be done."""
    modal = next((index for index, token in enumerate(tokens) if token.low in _MODALS and not token.quoted), None)
    # "Should Moscow refuse, …" supposes, and "should have" regrets.
    if modal is None or modal == 0 or modal + 1 >= len(tokens):
        return False
    if any(token.low in _PAST for token in tokens[modal + 1 : modal + 3]) or tokens[-1].text == "?":
        return False
    return not (_is_passed_on(tokens[:modal]) or any(t.low in _SAID_AFTERWARDS for t in tokens[modal + 2 :]))


def _is_passed_on(before: Sequence[Token]) -> bool:
    for index, token in enumerate(before):
        if token.quoted or token.text == ":" or token.low in _PASSED_ON:
            return True
        spoken = token.low in SPEECH_FORMS and index + 1 < len(before)
        if spoken and not (index and before[index - 1].low in _FIRST):
            return True
    return False

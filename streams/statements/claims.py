"""Of whom a statement's words are a claim: "Russia will not talk, Blinken says"; never whether the claim is true.

What one says of another's will, doing or prospects is no stance of one's own (the codebook's `neither`: judging the
other side, predicting, relaying), and yet it has every word of one. Only one plain clause with nothing of the speaker's
own in it is taken for such a claim: a demand, a second clause, a word that may be the speaker's verdict, and it is not.
"""

import re
from collections.abc import Sequence
from typing import Final

from streams.catalogue import Mention

# What is asked of these two by a group, or said of a group by them, is never said of a member.
_PARTIES: Final = frozenset({"russia", "ukraine"})
_GROUPS: Final = frozenset({"european-union", "nato", "europe", "g7", "united-nations"})
_NOBODY: Final = frozenset({"", "expert", "other"})

_SAYS: Final = (
    r"(?:says?|said|claims?|claimed|argues?|argued|believes|thinks|insists|insisted|warns?|warned|adds?|added"
    r"|predicts|predicted|states|stated|suggests|fears|writes|wrote|admits|admitted|(?:has )?conceded|concedes"
    r"|acknowledges|acknowledged|notes|noted|observed|remarked|told (?:the )?\w+(?: \w+)?)"
)
_OF_OFFICE: Final = r"(?:['’]s [\w ]{3,30})?"
_MARKS: Final = " \t\n\"“”'‘’."
# "Blinken says …", "Warsaw: …"
_INTRODUCES: Final = re.compile(rf"{_OF_OFFICE}\s*(?:(?:has |had |also )?{_SAYS}\b(?:\s+that)?|:)\s*[\"“‘']?")
# "…, Blinken says", "…, said Blinken on Friday."
_FOLLOWS: Final = re.compile(rf"{_OF_OFFICE}\s*{_SAYS}(?: (?:on|in|at|to reporters|today|this)\b[^,]*)?\s*[.!\"”]*")
_ENDS: Final = re.compile(rf"{_OF_OFFICE}\s*[.!\"”]*")
_PARTED: Final = re.compile(r"[\s\"“”'‘’]*(?P<sign>,|—|–|-|\|)\s*(?:[\w.’'-]+\s+){0,5}$")

# Signs of a second clause, of a demand, of the speaker's own verdict or gift.
_OWN: Final = re.compile(
    r"[,;:—–]|\b(?:must|should|ought|needs?|needed|have to|has to|had to|let|we|our|us|i|my|rather than|unless|only"
    r"|alone|instead|but|so|and|or|before|until|once|is to be|are to be|no use|no sense|no point|pointless|hopeless"
    r"|illusion|waste|no business|unacceptable|days?|weeks?|hours?|deadline|chance|get|gets|receive|receives|given"
    r"|weapons?|arms|aid|missiles?|defeat\w*|capitulat\w*|surrender\w*|destroy\w*|disappear\w*|exist)\b",
    re.IGNORECASE,
)
# What somebody does, will do or wants. What one is called ("is welcome", "is right") may be the speaker's own view, and
# what is done to one ("has been offered", "will be held to account") may be the speaker's own doing.
_STATE: Final = (
    r"(?:(?:still |simply |clearly )?(?:not |un)?(?:ready|open|willing|interested|prepared|afraid|desperate))"
)
_PREDICATE: Final = re.compile(
    r"\s*(?:(?:still|now|also|clearly|simply|obviously|just)\s+)*"
    r"(?:(?:will|won['’]t|would(?:n['’]t)?|could(?:n['’]t)?|may|might|had|has|hasn['’]t)"
    rf"(?! (?:not |never |also |probably )*be(?:en)?\b(?! {_STATE}))"
    rf"|(?:is|isn['’]t|was)(?: not| still| now| only| clearly| simply)* (?:(?!being\b)\w+ing|{_STATE})"
    r"|does(?:n['’]t)?|did(?:n['’]t)?|wants?|seeks?|tries|refuses|rejects|shows?|seems|appears|intends|plans|continues"
    r"|aims|keeps|lacks|hopes|fears|expects|prefers|pretends|uses|sees|knows|thinks|believes|prepares|blocks|stalls"
    rf"|sabotages|fails|agrees|accepts|opposes|rules out|turns down|demands|insists|calls for|{_STATE})\b(?!['’]s)",
    re.IGNORECASE,
)
_LONGEST: Final = 300
_INTRODUCED_WITHIN: Final = 4  # words in front of the speaker's name: "US Vice President"
_SHORTEST: Final = 4  # words of a claim in front of who makes it


def find_claim(text: str, speaker: tuple[int, int], actor: str, mentions: Sequence[Mention]) -> str | None:
    """Return the actor of whom `text` is a claim, where it is one, and else None.

    `speaker` are the offsets of the words that name who speaks, `actor` is whom they speak for, and `mentions` are
    the text's own. Of the corpus' rows it finds 97, and all are labelled `neither`.
    """
    if len(text) > _LONGEST or actor in _NOBODY:
        return None
    start, end = _content(text, *speaker)
    while start < end and text[start] in _MARKS:
        start += 1
    while start < end and text[end - 1] in _MARKS:
        end -= 1
    inside = [mention for mention in mentions if start <= mention.start and mention.end <= end]
    if not inside or _OWN.search(text, start, end) or any(mention.actor == actor for mention in inside):
        return None
    subject = inside[0]
    if text[start : subject.start].strip().lower() not in ("", "the", "that") or subject.kind == "demonym":
        return None
    if subject.actor is None or _may_mean_itself(actor, subject.actor):
        return None
    return subject.actor if _PREDICATE.match(text, subject.end, end) else None


def _may_mean_itself(actor: str, subject: str) -> bool:
    """Whether one of the two is a group to which the other may belong."""
    return (actor in _GROUPS and subject not in _PARTIES) or (subject in _GROUPS and actor not in _PARTIES)


def _content(text: str, start: int, end: int) -> tuple[int, int]:
    """The offsets of what is said by the speaker at `start` to `end`; empty where the form is another."""
    before = text[:start]
    introduced = _INTRODUCES.match(text, end)
    if introduced and len(before.split()) <= _INTRODUCED_WITHIN and not re.search(r"[,;:]", before):
        return introduced.end(), len(text)
    parted = _PARTED.search(before)
    # A comma alone may part two voices ("…, Kremlin"), or what is said from what it is set against.
    told = _FOLLOWS.fullmatch(text, end) or (parted and parted["sign"] != "," and _ENDS.fullmatch(text, end))
    if parted and told and len(before[: parted.start()].split()) >= _SHORTEST:
        return 0, parted.start()
    return 0, 0

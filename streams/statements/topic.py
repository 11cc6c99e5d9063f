"""Whether a sentence bears on ending the war between Russia and Ukraine; wide on purpose, and never a stance.

The stance reader decides what a sentence means. This spares it the sentences that cannot mean anything to it, and the
ones that speak of another war.
"""

import re
from collections.abc import Sequence
from typing import Final

_WAR: Final = re.compile(
    r"Ukrain|Russia|Kremlin|Putin|Zelensk|Kyiv|Kiev|Moscow|Donbas|Donetsk|Luhansk|Crimea|Lavrov|Peskov|Minsk",
)
_OTHER: Final = re.compile(
    r"Gaza|Hamas|Israel|Netanyahu|Hezbollah|Lebanon|Houthi|Yemen|Sudan|Khartoum|Congo|Rwanda|M23|Kashmir|Islamabad"
    r"|Taliban|Kabul|Karabakh|Azerbaijan|Armenia|Syria|Damascus|Iran|Tehran|Taiwan|Pyongyang|Thai|Cambodia|Myanmar"
    r"|Venezuela|Maduro|Colombia|FARC|Haiti|Sahel|Ethiopia|Tigray|Somali|Kosovo|Northern Ireland|Falkland|Greenland"
)
# How many sentences an article goes on speaking of this war without naming it again.
_SHORT: Final = 1_000
_LASTING: Final = 40
_BRIEF: Final = 4
_SETTLEMENT: Final = re.compile(
    r"\b(?:talk(?:s|ing|ed)?|discuss\w*|negotiat\w*|parley\w*|dialogue|diploma\w*|cease-?\s?fires?|truces?|armistice"
    r"|peace\w*|deals?|settle(?:s|d|ment|ment’s)?|agreements?|sign(?:s|ed|ing)?|treat(?:y|ies)|pacts?|bargain\w*|haggl\w*"
    r"|s[ia]t(?:s|ting)? down|come to terms|rout\w*|accords?|compromis\w*|conce(?:de|des|ded|ssions?)|mediat\w*"
    r"|broker\w*|summits?|table|plans?|proposals?|propos\w*|initiatives?|formula|memorandum"
    r"|end|ends|ended|ending|stop|stops|stopping|halt"
    r"|pauses?|freez\w*|frozen|defeat\w*|victor\w*|win|wins|winning|won|lose|loses|losing|surrender\w*"
    r"|capitulat\w*|withdraw\w*|pull(?:s|ed|ing)? out|appeas\w*|ultimatums?|conditions?|terms|exit ramp|off-ramp"
    r"|fight(?:s|ing)? on|battlefield|by force|meet(?:s|ing)?|host(?:s|ed|ing)?|guarantees?|war|contacts?|exhaust\w*"
    r"|prevail\w*|beaten|beat|reject\w*|refus\w*|accept\w*|ready|willing|yield\w*|walk(?:s|ed|ing)? away|process"
    r"|military (?:solution|way|means|path|route|victory)|language of|of force|in a room|in one room)\b",
    re.IGNORECASE,
)
_ANAPHOR: Final = re.compile(r"\b(?:it|them|they|this|that idea|one|both|neither|so)\b", re.IGNORECASE)


def is_about_war(text: str) -> bool:
    """Whether a text names this war's countries, capitals or leaders at all."""
    return _WAR.search(text) is not None


def may_be_about_war(article: str) -> bool:
    """Whether an article can be: it names the war, or is too short to have named anything."""
    return is_about_war(article) or (len(article) < _SHORT and _OTHER.search(article) is None)


def mark_sentences(title: str, sentences: Sequence[str]) -> list[bool]:
    """Return for each sentence whether it can bear on a settlement of this war.

    A sentence that names no conflict speaks of the one named last; where the headline does not name this war, only
    for a few sentences.
    """
    topical = False
    home = is_about_war(title) or not any(map(is_about_war, sentences))
    left = _LASTING if home else 0
    marks = []
    for sentence in sentences:
        if is_about_war(sentence):
            left = _LASTING if home else _BRIEF
        elif _OTHER.search(sentence):
            left = 0
        else:
            left -= 1
        # What goes on about "it" is still about it.
        topical = left > 0 and (
            _SETTLEMENT.search(sentence) is not None or (topical and _ANAPHOR.search(sentence) is not None)
        )
        marks.append(topical)
    return marks

"""Which state's press an outlet is: there "the foreign ministry" is its own; never whether it tells the truth."""

import re
from typing import Final

from streams.records import Article

_HOMES: Final[dict[str, tuple[str, ...]]] = {
    "russia": (
        "tass",
        "ria novosti",
        "ria",
        "interfax",
        "sputnik",
        "rt",
        "rossiyskaya gazeta",
        "izvestia",
        "kommersant",
    ),
    "ukraine": (
        "ukrinform",
        "kyiv independent",
        "kyiv post",
        "unian",
        "interfax-ukraine",
        "suspilne",
        "ukrainska pravda",
    ),
    "china": ("xinhua", "global times", "cgtn", "china daily"),
    "turkey": ("anadolu", "anadolu agency", "daily sabah", "trt world"),
    "belarus": ("belta",),
    "hungary": ("mti", "hungary today", "about hungary"),
    "iran": ("irna", "mehr", "mehr news", "tasnim", "press tv"),
    "vatican": ("vatican news",),
}
_BY_NAME: Final = {name: state for state, names in _HOMES.items() for name in names}
_SUFFIXES: Final = (".com", ".org", ".net", ".ru", ".ua", ".cn")


def home_of(outlet: str) -> str | None:
    """Return the state whose press an outlet is by its name, or None where it is not one-sided enough to say."""
    name = outlet.strip().lower().removeprefix("www.").removeprefix("the ")
    for suffix in _SUFFIXES:
        name = name.removesuffix(suffix)
    # "State news agency TASS": the name is the end of it.
    words = name.split()
    return next((home for at in range(len(words)) if (home := _BY_NAME.get(" ".join(words[at:])))), None)


# "MOSCOW, May 21. /TASS/.", "KYIV (Ukrinform)": the agency signs the first line, whoever passes the text on.
_DATELINE: Final = re.compile(
    r"^\W*[A-Z][A-Z. -]+,?[^\n/(]{0,24}[/(]\s?(?P<agency>[A-Za-z][\w -]{1,24}?)\s?[/)]", re.MULTILINE
)
_FIRST_LINES: Final = 300


def press_of(article: Article) -> str | None:
    """Return the state whose press wrote the article, by its outlet, else by its dateline; None where neither says."""
    home = home_of(article.outlet)
    signed = None if home is not None else _DATELINE.search(article.text[:_FIRST_LINES])
    return home if signed is None else home_of(signed["agency"])

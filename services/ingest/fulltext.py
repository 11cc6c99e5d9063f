"""An article's web page to its text; never fetches, and returns nothing rather than menus and cookie notices."""

from typing import Final

import trafilatura

from services.ingest.entries import LONGEST_TEXT
from services.ingest.plain import plain_text

# Shorter results are consent walls and "enable JavaScript", not articles.
FEWEST_WORDS: Final = 40


def extract_text(html: bytes, url: str) -> str | None:
    """Return the article's words as plain paragraphs separated by empty lines, or None where none are found.

    Pure CPU, some 20 to 200 ms a page: for a pool process. Never raises on any input.
    """
    try:
        found = trafilatura.extract(
            html, url=url, output_format="txt", include_comments=False, include_tables=False, include_images=False
        )
    except Exception:
        # trafilatura walks whatever tree libxml2 made of a broken page; the feed's own text has to do then.
        return None
    text = plain_text("\n\n".join((found or "").splitlines()))[:LONGEST_TEXT]
    return text if len(text.split(maxsplit=FEWEST_WORDS)) > FEWEST_WORDS else None

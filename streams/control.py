"""A record that can be read, to tell a reader that fails from a record that makes it fail."""

from datetime import UTC, datetime

from streams.records import Article
from streams.topics import encode

_MOMENT = datetime(2025, 1, 1, tzinfo=UTC)

# Invented. Its headline holds a statement, so that reading it asks the model too.
CONTROL = encode(
    Article(
        id="control",
        url="https://news.example/control",
        outlet="Control",
        title="Zelensky says Ukraine is ready for peace talks with Russia",
        text="",
        published=_MOMENT,
        fetched=_MOMENT,
    )
)

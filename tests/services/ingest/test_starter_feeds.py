"""The list of feeds to start from."""

from pathlib import Path

from services.ingest.links import canonical_url
from services.ingest.opml import read_opml

STARTER = Path(__file__).parents[3] / "services" / "ingest" / "feeds.opml"


def test_the_starter_list_has_enough_outlets_and_no_feed_twice() -> None:
    sources = read_opml(str(STARTER))
    assert len({source.outlet for source in sources}) >= 25
    assert len({canonical_url(source.url) for source in sources}) == len(sources)
    assert all(canonical_url(source.url) for source in sources)
    assert {"TASS", "Ukrinform", "BBC", "Al Jazeera", "Vatican News"} <= {source.outlet for source in sources}

"""`parley parse` as it is typed."""

import json
from pathlib import Path

from tests.services.ingest.command import parley

FEED = """<rss version="2.0"><channel><title>Outlet</title><item><title>Kremlin rejects truce</title>
<link>https://o.example/1?utm_source=rss</link><pubDate>Wed, 21 May 2025 14:00:00 +0200</pubDate>
<description>&lt;p&gt;One.&lt;/p&gt;&lt;p&gt;Two.&lt;/p&gt;</description></item><item/><item><title>Ünd</title></item></channel></rss>"""


def test_each_entry_is_one_line(tmp_path: Path) -> None:
    (tmp_path / "a.xml").write_text(FEED, encoding="utf-8")
    run = parley("parse", tmp_path / "a.xml")
    lines = [json.loads(line) for line in run.stdout.splitlines()]
    assert run.returncode == 0
    assert list(lines[0]) == ["id", "title", "url", "published", "outlet", "text"]
    assert lines[0]["url"] == "https://o.example/1"
    assert lines[0]["published"] == "2025-05-21T12:00:00Z"
    assert lines[0]["text"] == "One.\n\nTwo."
    assert (lines[1]["title"], lines[1]["published"], lines[1]["outlet"]) == ("Ünd", None, "Outlet")
    assert run.stderr.count("\n") == 1
    assert "1 entry left out: empty" in run.stderr


def test_a_file_that_is_no_feed_stops_no_other(tmp_path: Path) -> None:
    (tmp_path / "page.html").write_text("<html><body>x</body></html>", encoding="utf-8")
    (tmp_path / "a.xml").write_text(FEED, encoding="utf-8")
    run = parley("parse", tmp_path / "page.html", tmp_path / "a.xml")
    assert run.returncode == 1
    assert len(run.stdout.splitlines()) == 2
    assert "page.html: no feed: this is an HTML page" in run.stderr
    assert "Traceback" not in run.stderr


def test_a_missing_file_is_a_wrong_call(tmp_path: Path) -> None:
    run = parley("parse", tmp_path / "none.xml")
    assert (run.returncode, run.stdout) == (2, "")
    assert len(run.stderr.splitlines()) == 1


def test_a_feed_may_come_on_standard_input() -> None:
    assert len(parley("parse", "-", stdin=FEED).stdout.splitlines()) == 2

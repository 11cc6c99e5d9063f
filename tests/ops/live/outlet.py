"""A feed and a webhook on loopback that a test can spoil while they are in use."""

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

ITEM = """<item><title>{title}</title><link>http://127.0.0.1/{name}</link><guid>{name}</guid>
<pubDate>Wed, 02 Mar 2022 10:00:00 GMT</pubDate><description>{text}</description></item>"""


class Outlet:
    """`feed` is what the feed answers with (status, body), `hook` the status of the webhook."""

    def __init__(self) -> None:
        self.hook = 204
        self.feed: tuple[int, str] = (200, "")
        self.show("ordinary", "Kyiv and Moscow discuss a ceasefire, invented for a test", "Talks about a truce go on.")
        self.url = ""

    def show(self, name: str, title: str, text: str, more: str = "") -> None:
        """Answer with a feed of this one item, and `more`."""
        items = ITEM.format(name=name, title=title, text=text) + more
        self.feed = (200, f'<?xml version="1.0"?><rss version="2.0"><channel><title>T</title>{items}</channel></rss>')


@contextmanager
def running_outlet() -> Iterator[Outlet]:
    """Serve an Outlet at `url`: /feed.xml and /hook."""
    outlet = Outlet()

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            status, body = outlet.feed if self.path.startswith("/feed") else (404, "")
            self._answer(status, body.encode(), "application/rss+xml")

        def do_POST(self) -> None:
            self.rfile.read(int(self.headers["Content-Length"]))
            self._answer(outlet.hook, b"", "text/plain")

        def _answer(self, status: int, body: bytes, kind: str) -> None:
            self.send_response(status)
            self.send_header("Content-Type", kind)
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, format: str, *args: object) -> None:
            """Keep the test's output clean."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    outlet.url = f"http://127.0.0.1:{server.server_port}"
    try:
        yield outlet
    finally:
        server.shutdown()
        thread.join()
        server.server_close()

"""`parley newsroom`: serves the sample timeline as feeds on its own clock, or writes it out."""

import click

from services.finite import Finite


@click.command(name="newsroom")
@click.option("--host", default="127.0.0.1", show_default=True, help="Address to listen on.")
@click.option(
    "--port", type=click.IntRange(0, 65535), default=8400, show_default=True, help="Port to listen on; 0 is a free one."
)
@click.option(
    "--step",
    type=Finite(0.0, 3600.0, min_open=True),
    default=0.5,
    show_default=True,
    help="Seconds from one article to the next.",
)
@click.option("--dump", is_flag=True, help="Write the timeline's articles as JSON lines instead of serving them.")
def command(host: str, port: int, step: float, dump: bool) -> None:
    """Serve the sample newsroom: invented outlets whose feeds replay 2022 to 2025 on the timeline's own clock.

    Prints one JSON line with the addresses of the feed list and of the clock once it answers. The timeline moves only
    while somebody reads the clock and fetches the feeds.

    Example: parley newsroom --port 0 --step 0.2

    To run the articles through the stream's code without serving them: parley newsroom --dump | parley replay -
    """
    import asyncio
    import sys

    import msgspec

    from services.newsroom.server import serve
    from services.newsroom.timeline import as_articles, read_timeline
    from services.settings import reject_unknown_settings

    reject_unknown_settings()
    if dump:
        for article in as_articles(read_timeline()):
            sys.stdout.buffer.write(msgspec.json.encode(article) + b"\n")
        return

    def announce(address: str) -> None:
        click.echo(msgspec.json.encode({"opml": f"{address}/opml", "clock": f"{address}/clock"}).decode())
        sys.stdout.flush()

    asyncio.run(serve(host, port, step, announce))

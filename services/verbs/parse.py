"""`parley parse`: what Parley sees in feed files, one JSON line an entry."""

from pathlib import Path

import click


@click.command(name="parse")
@click.argument(
    "files",
    nargs=-1,
    required=True,
    metavar="FILE...",
    type=click.Path(exists=True, dir_okay=False, allow_dash=True, path_type=Path),
)
@click.option("--content-type", default="application/xml", show_default=True, help="What the server called the files.")
@click.option("--url", default="", help="Address the files came from, which relative links are resolved against.")
def command(files: tuple[Path, ...], content_type: str, url: str) -> int:
    """Show what Parley sees in feed files: one line per entry, in the document's order.

    Each line is {"id","title","url","published","outlet","text"}; "published" is null where the entry has no usable
    date. A file that is no feed gets one line on standard error, and the exit code is 1.

    Example: parley parse world.xml europe.xml | head -3
    """
    import sys

    import msgspec

    from services.ingest.identity import entry_id
    from services.ingest.links import canonical_url
    from services.ingest.parse import NotAFeed, parse_feed
    from services.settings import reject_unknown_settings

    reject_unknown_settings()

    def report(file: Path, message: object) -> None:
        click.echo(f"parley: {file}: {message}", err=True)

    failed = False
    for file in files:
        try:
            body = sys.stdin.buffer.read() if str(file) == "-" else file.read_bytes()
            feed = parse_feed(body, content_type, url)
        except (NotAFeed, OSError) as error:
            report(file, error.strerror if isinstance(error, OSError) else error)
            failed = True
            continue
        for entry in feed.entries:
            published = entry.published.isoformat().replace("+00:00", "Z") if entry.published else None
            line = {
                "id": entry_id(entry, feed.title),
                "title": entry.title,
                "url": canonical_url(entry.url),
                "published": published,
                "outlet": entry.source or feed.title,
                "text": entry.text,
            }
            sys.stdout.buffer.write(msgspec.json.encode(line) + b"\n")
        sys.stdout.buffer.flush()
        for reason, count in sorted(feed.bad.items()):
            report(file, f"{count} {'entry' if count == 1 else 'entries'} left out: {reason}")
    return int(failed)

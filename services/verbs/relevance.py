"""`parley relevance`: which articles are about a negotiated end to the war, one JSON line each, in order."""

from pathlib import Path

import click


@click.command(name="relevance")
@click.argument(
    "file", metavar="FILE.jsonl", type=click.Path(exists=True, dir_okay=False, allow_dash=True, path_type=Path)
)
def command(file: Path) -> int:
    """Say which articles are about a negotiated end to the war, and by which rule.

    Reads lines {"id","title","text"} ("-": standard input; "text" may be empty) and writes {"id","relevant","reason"}
    for each, in order; one without an id gets that of `parley read`. A line that cannot be read is named on standard
    error, and the exit code is 1.

    Example: parley relevance articles.jsonl | grep -c '"relevant":true'
    """
    import codecs

    import msgspec

    from services.ingest.relevance import judge
    from services.settings import reject_unknown_settings
    from streams.records import content_id

    reject_unknown_settings()

    class Line(msgspec.Struct):
        id: str | int | None = None
        url: str | None = ""
        title: str | None = ""
        text: str | None = ""

    class Answer(msgspec.Struct):
        id: str | int
        relevant: bool
        reason: str

    decoder = msgspec.json.Decoder(Line)
    failed = False
    with click.open_file(str(file), "rb") as lines, click.open_file("-", "wb") as out:
        for number, raw in enumerate(lines, start=1):
            if not raw.strip():
                continue
            try:
                line = decoder.decode(raw.removeprefix(codecs.BOM_UTF8))
            except (msgspec.MsgspecError, UnicodeDecodeError, RecursionError) as error:
                click.echo(f"parley: {file}, line {number}: not an article: {error}", err=True)
                failed = True
                continue
            url, title, text = line.url or "", line.title or "", line.text or ""
            identity = content_id(url, title, text, number) if line.id in (None, "") else line.id
            verdict = judge(title, text)
            out.write(msgspec.json.encode(Answer(identity, verdict.relevant, verdict.reason)) + b"\n")
    return int(failed)

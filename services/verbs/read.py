"""`parley read`: JSON lines of articles in, who says what in them and where each stands out."""

from pathlib import Path

import click


@click.command(name="read")
@click.argument("file", type=click.Path(exists=True, dir_okay=False, allow_dash=True, path_type=Path))
@click.option("--model", type=click.Path(exists=True, file_okay=False, path_type=Path), help="Exported stance model.")
def command(file: Path, model: Path | None) -> int:
    """Show who says what in articles, and where each stands on a negotiated end to the war.

    FILE (or - for standard input) has one article a line: {"id", "title", "text", "published", "outlet", "url"}; a
    headline alone is an article, and keys may be missing. Each reading is one line: {"article", "speaker", "actor",
    "capacity", "label", "probabilities", "quote", "start", "end", "condition"}, and "old", "scope", "terms" and
    "reported_by" where they apply; "claim_about" names the actor about whom the words are a mere claim, which is never
    the speaker's own stance. `start` and `end` count characters in title + "\\n\\n" + text, and `quote` is that
    slice. A line that cannot be read is named on standard error, and the exit code is 1.

    \b
    Example: echo '{"id": "a", "title": "Zelensky open to talks as Kremlin rejects truce"}' | parley read -
    """
    import io
    import sys
    from collections import Counter
    from datetime import UTC, datetime
    from typing import cast

    from models.exported_model import ModelProblem
    from models.predict import StanceReader
    from services.classify.lines import lines_as_they_come
    from services.errors import UsageProblem
    from services.read.lines import read_lines, render_readings
    from services.settings import read_settings
    from streams.catalogue import read_catalogue
    from streams.readings import make_readings
    from streams.statements import read_article

    try:
        reader = StanceReader.load(read_settings(model=model).model)
    except ModelProblem as error:
        raise UsageProblem(str(error)) from None
    catalogue = read_catalogue()
    bad = 0
    skipped: Counter[str] = Counter()
    source = sys.stdin.buffer if str(file) == "-" else file.open("rb")
    with source:
        for lines in lines_as_they_come(cast(io.BufferedReader, source)):
            batch = list(read_lines(lines, datetime.now(UTC)))
            found = [read_article(line.article, catalogue) if line.article else None for line in batch]
            statements = [statement for one in found if one for statement in one.statements]
            stances = iter(reader.read(statements))
            for line, one in zip(batch, found, strict=True):
                if line.article is None or one is None:
                    click.echo(f"parley read: {line.problem}", err=True)
                    bad += 1
                    continue
                skipped.update(dict(one.skipped))
                own = [next(stances) for _ in one.statements]
                sys.stdout.buffer.write(
                    render_readings(make_readings(line.article, one.statements, own, reader.version))
                )
            sys.stdout.buffer.flush()
    if skipped:
        reasons = ", ".join(f"{reason} {count}" for reason, count in sorted(skipped.items()))
        click.echo(f"parley read: left out: {reasons}", err=True)
    return int(bad > 0)

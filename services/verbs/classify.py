"""`parley classify`: JSON lines of single statements in, their stances out, in order."""

from pathlib import Path

import click


@click.command(name="classify")
@click.argument("file", default="-", type=click.Path(exists=True, dir_okay=False, allow_dash=True, path_type=Path))
@click.option("--model", type=click.Path(exists=True, file_okay=False, path_type=Path), help="Exported stance model.")
def command(file: Path, model: Path | None) -> int:
    """Read the stance of single statements: JSON lines on standard input, one line out for each, in order.

    A line is {"text", "actor"?, "speaker"?, "date"?}: the actor's id or name, the words in the text that name who
    speaks, and the day (for names that changed office). The answer is
    {"label": "favor|against|neither", "probabilities": {"favor", "against", "neither"}}. A line that cannot be read
    is answered by {"error"}, named with its number on standard error, and the exit code is 1.

    \b
    Example: echo '{"text": "Kyiv says Moscow rejects a truce", "actor": "ukraine"}' | parley classify
    """
    import io
    import sys
    from typing import cast

    from models.exported_model import ModelProblem
    from models.predict import StanceReader
    from services.classify.lines import Line, answer, lines_as_they_come
    from services.classify.statement import find_statement
    from services.errors import UsageProblem
    from services.settings import read_settings
    from streams.catalogue import read_catalogue
    from streams.records import Statement

    try:
        reader = StanceReader.load(read_settings(model=model).model)
    except ModelProblem as error:
        raise UsageProblem(str(error)) from None
    catalogue = read_catalogue()

    def make(line: Line) -> Statement:
        return find_statement(line.text, line.actor, line.speaker, line.date, catalogue)

    bad = 0
    source = sys.stdin.buffer if str(file) == "-" else file.open("rb")
    with source:
        for lines in lines_as_they_come(cast(io.BufferedReader, source)):
            answers, problems = answer(lines, make, reader.read)
            sys.stdout.buffer.writelines(answers)
            # Each batch is shown at once: a person at a terminal gets an answer to every line.
            sys.stdout.buffer.flush()
            for problem in problems:
                click.echo(f"parley classify: {problem}", err=True)
            bad += len(problems)
    return int(bad > 0)

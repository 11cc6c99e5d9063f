"""`parley evaluate`: how well the exported stance reader does, on the corpus' held-out rows or on any labelled file."""

from pathlib import Path

import click


@click.command(name="evaluate")
@click.option(
    "--on",
    "files",
    multiple=True,
    metavar="FILE.jsonl",
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
    help='Labelled rows {"text","label","actor"?,"speaker"?,"date"?,"style"?,"trap"?}; the held-out rows by default.',
)
@click.option("--model", type=click.Path(exists=True, file_okay=False, path_type=Path), help="Exported stance model.")
@click.option(
    "--by", multiple=True, type=click.Choice(["style", "trap", "capacity", "actor"]), help="Also by this field."
)
@click.option("--errors", is_flag=True, help="Show each row that is read wrongly.")
@click.option("--baselines", is_flag=True, help="Beside two plain classifiers; needs what `make train` installs.")
@click.option("--json", "as_json", is_flag=True, help="One JSON object instead of tables.")
def command(
    files: tuple[Path, ...], model: Path | None, by: tuple[str, ...], errors: bool, baselines: bool, as_json: bool
) -> None:
    """Measure the stance reader: macro-F1 with its interval, each label, the confusion, calibration, and the gate.

    The interval is a bootstrap over events (rows of one actor in one week, or of one group), since headlines on one
    event stand or fall together. "neither read as stance" and the precision of `against` tell what a desk would suffer.

    \b
    Example: parley evaluate --by style
             parley evaluate --on labelled.jsonl --errors
    """
    from models.corpus.rows import BadRow, read_corpus, read_file
    from models.exported_model import ModelProblem
    from models.predict import StanceReader
    from services.errors import InputProblem, UsageProblem
    from services.evaluation.measure import measure
    from services.evaluation.render import as_object, render
    from services.settings import read_settings
    from streams.catalogue import read_catalogue

    try:
        reader = StanceReader.load(read_settings(model=model).model)
        rows = [row for path in files for row in read_file(path)]
        if not files:
            rows = [row for row in read_corpus() if row.held_out]
    except ModelProblem as error:
        raise UsageProblem(str(error)) from None
    except BadRow as error:
        raise InputProblem(str(error)) from None
    if not rows:
        raise InputProblem(f"{', '.join(map(str, files))}: no labelled rows")
    try:
        measured = measure(rows, reader.read_texts, read_catalogue(), by)
    except BadRow as error:
        raise InputProblem(str(error)) from None
    compared = {}
    if baselines:
        from services.evaluation.baselines import BaselinesMissing, compare

        try:
            compared = compare(rows)
        except BaselinesMissing as error:
            raise UsageProblem(str(error)) from None
    shown = as_object if as_json else render
    click.echo(shown(reader.version, measured, compared, errors))

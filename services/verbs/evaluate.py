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
@click.option(
    "--splits",
    is_flag=True,
    help="Train without a seed document, whole traps, or 2025 and later, and ask for them. Takes an hour of a core.",
)
@click.option(
    "--epochs", default=1, show_default=True, type=click.IntRange(min=1), help="Of each training of --splits."
)
@click.option(
    "--share",
    default=1.0,
    show_default=True,
    type=click.FloatRange(min=0.0, max=1.0, min_open=True),
    help="Of the groups that each training of --splits learns from.",
)
@click.option(
    "--runs",
    default="models/runs",
    show_default=True,
    type=click.Path(file_okay=False, path_type=Path),
    help="Where finished trainings of --splits are kept.",
)
@click.option("--json", "as_json", is_flag=True, help="One JSON object instead of tables.")
def command(
    files: tuple[Path, ...],
    model: Path | None,
    by: tuple[str, ...],
    errors: bool,
    baselines: bool,
    splits: bool,
    epochs: int,
    share: float,
    runs: Path,
    as_json: bool,
) -> None:
    """Measure the stance reader: macro-F1 with its interval, each label, the confusion, calibration, and the gate.

    The interval is a bootstrap over events (rows of one actor in one week, or of one group), since headlines on one
    event stand or fall together. "neither read as stance" and the precision of `against` tell what a desk would suffer.

    \b
    Example: parley evaluate --by style
             parley evaluate --on labelled.jsonl --errors
             parley evaluate --splits
    """
    from models.corpus.rows import BadRow, read_corpus, read_file
    from models.exported_model import ModelProblem
    from models.predict import StanceReader
    from services.errors import InputProblem, UsageProblem
    from services.evaluation.measure import measure
    from services.evaluation.render import as_object, render
    from services.settings import read_settings
    from streams.catalogue import read_catalogue

    if splits:
        if files or by or errors or baselines or as_json or model:
            raise UsageProblem("--splits goes with --epochs, --share and --runs alone")
        click.echo(_splits(epochs, share, runs))
        return
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
        measured = measure(rows, reader.read, read_catalogue(), by)
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


def _splits(epochs: int, share: float, runs: Path) -> str:
    """The table of the trainings that leave something whole out."""
    import msgspec

    from models.base_encoder import EncoderMissing
    from models.corpus.rows import corpus_hash, read_corpus
    from models.exported_model import HERE
    from services.errors import UsageProblem
    from services.evaluation.baselines import BaselinesMissing
    from services.evaluation.splits import answer_rounds, render_splits, score_splits
    from services.training import TrainingBar
    from streams.catalogue import read_catalogue

    try:
        from models.experiment import read_experiment
        from models.leave_out import ask
    except ModuleNotFoundError as error:
        raise UsageProblem(f"training needs {error.name}, which is not installed; run `make train`") from None
    shipped = read_experiment(HERE / "experiments" / "shipped.toml")
    experiment = msgspec.structs.replace(shipped, epochs=epochs)
    rows = read_corpus()
    try:
        with TrainingBar() as bar:
            answered = answer_rounds(rows, read_catalogue(), experiment, share, runs, bar.advance, ask)
    except (BaselinesMissing, EncoderMissing) as error:
        raise UsageProblem(str(error)) from None
    head = (
        f"corpus {corpus_hash(rows)}, {len(rows)} rows; trainings of {epochs} epoch(s) on {share:.0%} of the groups; "
        "macro-F1, 95 % interval by group, (neither read as a stance)"
    )
    return render_splits(head, score_splits(answered))

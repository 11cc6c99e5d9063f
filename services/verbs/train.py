"""`parley train`: fine-tune the stance reader on the corpus and export it."""

from pathlib import Path

import click


@click.command(name="train")
@click.argument("experiment", type=click.Path(exists=True, dir_okay=False, path_type=Path), required=False)
@click.option(
    "--to",
    type=click.Path(file_okay=False, path_type=Path),
    help="Where the exported model goes; the repository's place.",
)
@click.option(
    "--runs",
    default="models/runs",
    show_default=True,
    type=click.Path(file_okay=False, path_type=Path),
    help="Where checkpoints are kept.",
)
def command(experiment: Path | None, to: Path | None, runs: Path) -> None:
    """Fine-tune the stance reader on the corpus as a TOML file says, export it, and show how it scores.

    Stopped, it goes on from the last epoch when started again. The same seed, corpus and processor give the same model.

    \b
    Example: make train
             parley train models/experiments/one.toml --to /tmp/model
    """
    from models.exported_model import EXPORTED, HERE
    from services.errors import ParleyError, UsageProblem
    from services.settings import reject_unknown_settings
    from services.training import TrainingBar

    reject_unknown_settings()
    try:
        from models.base_encoder import EncoderMissing
        from models.experiment import BadExperiment, read_experiment
        from models.train import ExportDisagrees, train
    except ModuleNotFoundError as error:
        raise UsageProblem(f"training needs {error.name}, which is not installed; run `make train`") from None
    path = experiment or HERE / "experiments" / "shipped.toml"
    try:
        with TrainingBar() as bar:
            trained = train(path.stem, read_experiment(path), runs, to or EXPORTED, bar.advance)
    except (BadExperiment, EncoderMissing) as error:
        raise UsageProblem(str(error)) from None
    except ExportDisagrees as error:
        raise ParleyError(str(error)) from None
    except KeyboardInterrupt:
        click.echo(f"stopped; started again, it goes on from the last finished epoch, kept in {runs}", err=True)
        raise
    click.echo(f"{trained.description.version}: learnt {trained.learnt} rows, held out {trained.held_out}")
    for name, value in trained.description.scores.items():
        click.echo(f"{name} {value:g}")

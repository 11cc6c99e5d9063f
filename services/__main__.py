"""The one command, `parley`: finds the verb and hands over; turns every error a user can mend into one line."""

import logging
import sys
from importlib import import_module

import click

from services.errors import ParleyError
from services.logs import about, is_json

# Each verb lives in services/verbs/<name>.py (a hyphen is an underscore there) and is imported only when called, so
# that `parley parse` never pays for the model and `parley classify` never pays for Kafka.
VERBS = {
    "up": "Run everything on this machine: broker, sample newsroom, ingester, worker, notifier.",
    "ingest": "Watch feeds and publish new articles to Kafka.",
    "stream": "Run a worker: articles to readings, positions and alerts.",
    "notify": "Deliver alerts to Slack and webhooks.",
    "desk": "Serve the page and API that a desk looks at.",
    "feedback": "Export what desks said as labelled rows.",
    "topics": "Create the topics that are missing.",
    "trace": "Follow one article through the topics: fetched, read, counted, alerted, told.",
    "explain": "Say why an alert was raised: before and after, when, and the readings that decided it.",
    "dead-letters": "List, replay or drop records that could not be handled.",
    "newsroom": "Serve the sample newsroom's feeds over HTTP.",
    "parse": "Show what Parley sees in feed files.",
    "relevance": "Say which articles are about a negotiated end to the war.",
    "read": "Show who says what in articles, and the stance of each statement.",
    "classify": "Read the stance of single statements.",
    "replay": "Run articles through the stream's code without Kafka and show the alerts.",
    "shadow": "Show which alerts another model would add, drop or move.",
    "train": "Fine-tune the stance reader on the corpus and export it.",
    "evaluate": "Measure the stance reader.",
}


class Verbs(click.Group):
    """A group whose commands are imported on first use."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        return list(VERBS)

    def get_command(self, ctx: click.Context, name: str) -> click.Command | None:
        if name not in VERBS:
            return None
        command: click.Command = import_module(f"services.verbs.{name.replace('-', '_')}").command
        return command

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        with formatter.section("Verbs"):
            formatter.write_dl(list(VERBS.items()))


@click.group(cls=Verbs, context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100})
@click.version_option(package_name="parley")
def parley() -> None:
    """Parley watches the news: who stands where on a negotiated end to the Russia-Ukraine war, and who just moved.

    Example: parley up --feeds my.opml
    """


def main() -> None:
    """Run `parley`; exits 2 on a wrong call, 1 on wrong input, 130 on Ctrl-C."""
    try:
        result = parley.main(prog_name="parley", standalone_mode=False)
        sys.exit(result if isinstance(result, int) else 0)
    except click.exceptions.NoArgsIsHelpError as error:
        click.echo(error.format_message())
        sys.exit(0)
    except click.ClickException as error:
        verb = error.ctx.command_path if isinstance(error, click.UsageError) and error.ctx else "parley"
        click.echo(f"{verb}: {' '.join(error.format_message().split())} (see `{verb} --help`)", err=True)
        sys.exit(2)
    except ParleyError as error:
        if is_json():
            logging.getLogger("parley").critical("%s", error, extra=about("ended", exit_code=error.exit_code))
        else:
            click.echo(f"parley: {error}", err=True)
        sys.exit(error.exit_code)
    except (click.Abort, KeyboardInterrupt):
        sys.exit(130)
    except BrokenPipeError:
        # The reader went away (`parley read … | head`); not an error of ours, and Python must not complain at exit.
        sys.stderr.close()
        sys.exit(0)


if __name__ == "__main__":
    main()

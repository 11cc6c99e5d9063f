"""Settings -> .env.example: every setting with its default and meaning. `python -m ops.env_example` writes it."""

import textwrap
from pathlib import Path

from pydantic import SecretStr

from services.settings import PREFIX, Settings

FILE = Path(__file__).parents[1] / ".env.example"
HEAD = """\
# Copy to .env and take the mark off the lines that you want to change; what is here is the default.
# Secrets do not belong here but in files of their own: `make secrets` makes them, ops/RUNBOOK.md says what goes where.

# --- read by docker compose itself ---
# How many workers share the articles.
#STREAM_WORKERS=1
# A folder of this machine with your list, feeds.opml; user 10001 must be allowed to write to it for the desk to change
# the list. As it stands, a volume that begins with the starter list.
#FEEDS=feeds
# A folder with your own routes.yaml and the like; the containers see it as /etc/parley.
#CONFIG=./config
# Where the pages are to be seen from: everything else stays within the composition's own network.
#BIND_ADDRESS=127.0.0.1
#DESK_PORT=8440
#GRAFANA_PORT=3000
#PROMETHEUS_PORT=9090
#ALERTMANAGER_PORT=9093

# --- read by parley; docker-compose.yml sets addresses, directories and ports itself, which win over what is here ---
"""


def write_example() -> str:
    """Return the file's text."""
    lines = [HEAD]
    for name, field in Settings.model_fields.items():
        text = " ".join((field.description or "").split())
        if field.annotation == SecretStr | None:
            text += f" A secret: the file secrets/{name}."
        lines += textwrap.wrap(text, 118, initial_indent="# ", subsequent_indent="# ")
        default = "" if field.default is None else field.default
        lines.append(f"#{PREFIX}{name.upper()}={str(default).lower() if isinstance(default, bool) else default}")
    return "\n".join(lines) + "\n"


if __name__ == "__main__":
    FILE.write_text(write_example())

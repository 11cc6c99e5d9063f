"""What a load takes, from figures measured here: .venv/bin/python -m ops.sizing [--write].

Prints the tables of ops/RUNBOOK.md as this machine gives them. With --write the figures are kept and the runbook's
section is replaced.
"""

import argparse
import sys
from pathlib import Path

from ops.sizing.figures import write_figures
from ops.sizing.measure import measure
from ops.sizing.render import put_into, render

RUNBOOK = Path(__file__).parents[1] / "RUNBOOK.md"


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--write", action="store_true", help="keep the figures and rewrite the runbook's section")
    write = parser.parse_args().write
    figures = measure()
    section = render(figures)
    sys.stdout.write(section + "\n")
    if write:
        write_figures(figures)
        RUNBOOK.write_text(put_into(RUNBOOK.read_text(), section))
    return 0


if __name__ == "__main__":
    sys.exit(main())

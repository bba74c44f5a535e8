"""The command line: parses and prints, decides nothing."""

from __future__ import annotations

import sys

import click

from leukon import __version__
from leukon.cli.assess import assess, demo
from leukon.cli.check import check
from leukon.cli.explain import explain
from leukon.cli.limits import limits
from leukon.errors import LeukonError

INTERRUPTED = 130
BROKEN_PIPE = 141

EPILOG = """\b
Examples:
  leukon assess "WBC 3.6"
  leukon assess results.csv --scale CTCAE@5.0 --out results
  leukon explain ctcae.neut.g2@5.0
  leukon limits --analyte WBC --value 3.6

\b
Exit codes: 0 ran, whatever was found · 2 usage · 3 unreadable input or unwritable output
            4 some rows rejected (the report was written) · 5 knowledge fails its own check

Not a diagnosis, and not for emergencies. See INTENDED_USE.md.
"""


@click.group(epilog=EPILOG, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(__version__, message="leukon %(version)s")
def cli() -> None:
    """Reads white blood cell counts, says which are low and by whose line, grades them, and shows every source."""


for command in (assess, explain, limits, check, demo):
    cli.add_command(command)


def main(arguments: list[str] | None = None) -> None:
    """The command `leukon`: an error of ours is one message on stderr and its exit code, never a traceback."""
    for stream in (sys.stdout, sys.stderr):
        if hasattr(stream, "reconfigure"):
            stream.reconfigure(errors="replace")
    try:
        code = cli.main(arguments, prog_name="leukon", standalone_mode=False)
    except click.ClickException as error:
        error.show()
        code = error.exit_code
    except LeukonError as error:
        click.echo(f"leukon: {error.code}: {error}", err=True)
        code = error.exit_code
    except (click.Abort, KeyboardInterrupt):
        click.echo("leukon: stopped; nothing half written was left behind", err=True)
        code = INTERRUPTED
    except BrokenPipeError:
        sys.stdout = None
        code = BROKEN_PIPE
    sys.exit(code if isinstance(code, int) else 0)

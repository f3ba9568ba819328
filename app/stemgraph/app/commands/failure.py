"""How commands fail: one line that names the place and the mend, and exit code 1."""

from __future__ import annotations

import sys
from typing import Any

import typer
from typer.core import TyperGroup

from stemgraph.ontology.errors import StemgraphError


class FailureReportingGroup(TyperGroup):
    """A group of commands in which whatever stemgraph refuses ends as one line on standard error."""

    def invoke(self, ctx: Any) -> Any:  # noqa: ANN401  # typer carries a click of its own, privately
        """Run the command that was asked for."""
        try:
            return super().invoke(ctx)
        except StemgraphError as error:
            report_failure(str(error))
        except BrokenPipeError:
            # Who read our output has enough, such as `head`; flushing at exit must not complain again.
            sys.stdout = open("/dev/null", "w", encoding="utf-8")  # noqa: SIM115, PTH123  # open to the end
        except OSError as error:
            place = f"{error.filename}: " if error.filename else ""
            report_failure(f"{place}{error.strerror or error}")
        raise typer.Exit(1)


def report_failure(message: str) -> None:
    """Print one line to standard error."""
    typer.echo(f"stemgraph: {' '.join(message.split())}", err=True)

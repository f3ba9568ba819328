"""The command ``stemgraph``: one module for each of its commands.

Modules of the library are imported inside the commands, so that ``--help`` and completion answer at once.
"""

from __future__ import annotations

import sys
from io import TextIOWrapper
from typing import Annotated

import typer

from stemgraph.app.commands.annotate import annotate
from stemgraph.app.commands.backup import backup
from stemgraph.app.commands.build import build
from stemgraph.app.commands.check import check
from stemgraph.app.commands.doctor import doctor
from stemgraph.app.commands.export import export
from stemgraph.app.commands.failure import FailureReportingGroup
from stemgraph.app.commands.idcheck import idcheck
from stemgraph.app.commands.key import key
from stemgraph.app.commands.load import load
from stemgraph.app.commands.query import query
from stemgraph.app.commands.release import release
from stemgraph.app.commands.restore import restore
from stemgraph.app.commands.serve import serve
from stemgraph.app.commands.validate import validate

application = typer.Typer(
    name="stemgraph",
    cls=FailureReportingGroup,
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    rich_markup_mode="markdown",
    context_settings={"help_option_names": ["-h", "--help"]},
    epilog=(
        "Try `stemgraph serve`, then open http://127.0.0.1:8000/docs. "
        "Exit codes: 0 done, 1 failed, 2 wrong usage. "
        "Not medical advice."
    ),
)


def _print_version(wanted: bool) -> None:
    if wanted:
        from importlib.metadata import version  # noqa: PLC0415  # only here

        typer.echo(f"stemgraph {version('stemgraph')}")
        raise typer.Exit


@application.callback()
def stemgraph(
    _version: Annotated[
        bool,
        typer.Option("--version", callback=_print_version, is_eager=True, help="Print the version and stop."),
    ] = False,
) -> None:
    """A knowledge graph of stem-cell and immune therapies in which every answer carries its evidence."""


for _command in (
    serve,
    load,
    query,
    export,
    validate,
    idcheck,
    annotate,
    check,
    build,
    doctor,
    backup,
    restore,
):
    application.command()(_command)
application.add_typer(release)
application.add_typer(key)


def main() -> None:
    """Run the command line."""
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, TextIOWrapper):  # a terminal may lack a letter; better a mark than no answer
            stream.reconfigure(errors="replace")
    application()


__all__ = ["application", "main"]

"""``stemgraph doctor``: is everything here that stemgraph needs, and what to do where it is not."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from stemgraph.app.commands.console import TableFormat, print_rows
from stemgraph.app.commands.data_directory import DataOption, default_data_directory


def doctor(
    data: DataOption = None,
    port: Annotated[int, typer.Option(min=0, max=65535, help="Port that the service would take.")] = 8000,
    chosen: Annotated[TableFormat, typer.Option("--format", help="How to print.")] = TableFormat.TABLE,
) -> None:
    """Check what is installed, the data directory, the SPARQL workers and the port.

    Fails when a check fails; a warning names what would be better.

    * `stemgraph doctor`
    * `stemgraph doctor --data ./my-data --format json`
    """
    from stemgraph.app.commands.checks import all_checks  # noqa: PLC0415  # start-up time

    directory: Path = data or default_data_directory()
    findings = list(all_checks(directory, port))
    print_rows(
        ("check", "state", "found", "mend"),
        [(each.name, each.state, each.found, each.mend) for each in findings],
        chosen,
        wrapped="mend",
    )
    if any(each.state == "fail" for each in findings):
        raise typer.Exit(1)

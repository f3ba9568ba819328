"""``stemgraph backup``: a data directory as it is after one edit, also while it is served."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from stemgraph.app.commands.console import say, shown_progress
from stemgraph.app.commands.data_directory import DataOption, default_data_directory


def backup(
    directory: Annotated[
        Path, typer.Argument(metavar="DIR", help="Directory to make; it must not be there or be empty.")
    ],
    data: DataOption = None,
    link: Annotated[
        bool,
        typer.Option(
            "--link", help="Hard links instead of copies: at once, but no help where the disk itself fails."
        ),
    ] = False,
) -> None:
    """Back up a data directory: its releases, its journal and its keys, as of one edit.

    The service may run and be written to meanwhile.

    * `stemgraph backup /mnt/backups/monday`
    * `stemgraph backup --data ./my-data /mnt/backups/monday`
    """
    from stemgraph.app.writer.backup import back_up  # noqa: PLC0415  # start-up time

    with shown_progress("Backing up") as progress:
        made = back_up(data or default_data_directory(), directory, link=link, progress=progress)
    say(f"{directory} holds release {made.number} ({made.release}) with every edit up to {made.sequence}")
    say(f"its digest is {made.digest}; restore it with `stemgraph restore {directory} --data DIR`")

"""``stemgraph restore``: a backup becomes a data directory again, verified whole."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from stemgraph.app.commands.console import say, shown_progress
from stemgraph.app.commands.data_directory import DataOption, default_data_directory


def restore(
    backup: Annotated[
        Path, typer.Argument(metavar="BACKUP", help="Directory made by `stemgraph backup`.", readable=False)
    ],
    data: DataOption = None,
) -> None:
    """Make a data directory of a backup: every file is verified by its checksum, the state by its digest.

    The data directory must not be there, or be empty.

    * `stemgraph restore /mnt/backups/monday --data ./restored`
    """
    from stemgraph.app.writer.restore import restore as restore_backup  # noqa: PLC0415  # start-up time

    directory = data or default_data_directory()
    with shown_progress("Restoring") as progress:
        made = restore_backup(backup, directory, progress=progress)
    say(f"{directory} is release {made.number} ({made.release}) with every edit up to {made.sequence}")
    say(f"its digest is {made.digest}, as it was backed up on {made.made}")

"""What commands print: tables, JSON or TSV on standard output, progress on standard error."""

from __future__ import annotations

import json
import sys
from collections.abc import Callable, Generator, Iterable, Sequence
from contextlib import contextmanager
from enum import StrEnum
from typing import BinaryIO

import typer

from stemgraph.graph.errors import FormatError, UnknownFormatError

# Rich is imported inside: it takes 70 ms, and most invocations print nothing with it.
# ruff: noqa: PLC0415

Progress = Callable[[str, float], None]


class TableFormat(StrEnum):
    """How a command prints rows."""

    TABLE = "table"
    JSON = "json"
    TSV = "tsv"


def print_rows(
    columns: Sequence[str], rows: Iterable[Sequence[str]], chosen: TableFormat, *, wrapped: str | None = None
) -> None:
    """Print rows as a table for people, or as JSON or TSV for programs; ``wrapped`` is the widest column."""
    if chosen is TableFormat.JSON:
        records = [dict(zip(columns, row, strict=True)) for row in rows]
        typer.echo(json.dumps(records, indent=2, ensure_ascii=False))
    elif chosen is TableFormat.TSV:
        typer.echo("\t".join(columns))
        for row in rows:
            typer.echo("\t".join(" ".join(cell.split()) for cell in row))
    else:
        _print_table(columns, rows, wrapped)


def _print_table(columns: Sequence[str], rows: Iterable[Sequence[str]], wrapped: str | None) -> None:
    from rich import box
    from rich.console import Console
    from rich.table import Table
    from rich.text import Text

    table = Table(box=box.SIMPLE_HEAD, pad_edge=False)
    for column in columns:
        table.add_column(column, overflow="fold", ratio=1 if column == wrapped else None)
    for row in rows:
        table.add_row(*(Text(cell) for cell in row))
    console = Console()
    if not console.is_terminal:
        # A file or pipe has no width: nothing is to be folded there.
        console = Console(width=10_000)
    console.print(table, soft_wrap=not console.is_terminal)


def standard_output() -> BinaryIO:
    """Standard output, for bytes.

    Raises:
        FormatError: There is none, for the shell has closed it.
    """
    if sys.stdout is None:  # pyright: ignore[reportUnnecessaryComparison]  # Python says None where it is closed
        raise FormatError("is closed", place="standard output", mend="name a file with --output, or use >")
    return typer.get_binary_stream("stdout")


def say(message: str) -> None:
    """Tell the person who watches something that is no result: one line to standard error."""
    typer.echo(message, err=True)


@contextmanager
def shown_progress(title: str) -> Generator[Progress]:
    """A progress bar on a terminal, one line elsewhere; both appear when the work first tells of itself."""
    from rich.console import Console
    from rich.progress import BarColumn, SpinnerColumn, TextColumn, TimeElapsedColumn
    from rich.progress import Progress as Bar

    console = Console(stderr=True)
    if not console.is_terminal:
        told = False

        def tell(_stage: str, _fraction: float) -> None:
            nonlocal told
            if not told:
                say(f"{title}…")
                told = True

        yield tell
        return
    bar = Bar(
        SpinnerColumn(), TextColumn("{task.description}"), BarColumn(), TimeElapsedColumn(),
        console=console, transient=True,
    )  # fmt: skip
    with bar:
        task = bar.add_task(title, total=1.0)

        def advance(stage: str, fraction: float) -> None:
            bar.update(task, completed=fraction, description=f"{title}: {stage.lower()}")

        yield advance


def unknown_format(name: str, known: Iterable[str]) -> UnknownFormatError:
    """The refusal of a ``--format`` that is none."""
    return UnknownFormatError(f"'{name}' is not a format", place="--format", mend=f"use {', '.join(known)}")

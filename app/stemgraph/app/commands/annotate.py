"""``stemgraph annotate``: the entities that a text names."""

from __future__ import annotations

from typing import Annotated, Final

import typer

from stemgraph.app.commands.console import TableFormat, print_rows, say
from stemgraph.app.commands.data_directory import DataOption, ReleaseOption, open_graph
from stemgraph.app.commands.text_file import TextArgument, read_text

BudgetOption = Annotated[
    float,
    typer.Option("--budget", metavar="SECONDS", min=0.001, max=600, help="Stop after so long, and say so."),
]
_COLUMNS: Final = ("from", "to", "text", "id", "label", "categories", "also")


def annotate(
    file: TextArgument,
    *,
    data: DataOption = None,
    release: ReleaseOption = None,
    category: Annotated[
        list[str] | None, typer.Option(metavar="NAME", help="Only this category; may be repeated.")
    ] = None,
    budget: BudgetOption = 60,
    chosen: Annotated[TableFormat, typer.Option("--format", help="How to print.")] = TableFormat.TABLE,
) -> None:
    """Find the entities in a text: where each stands, its id, and what else the words may mean.

    * `stemgraph annotate article.txt`
    * `stemgraph annotate article.txt --category disease --category therapy`
    * `pbpaste | stemgraph annotate - --format json`
    """
    text = read_text(file)
    with open_graph(data, release) as graph:
        found = graph.annotate(text, category=category or (), budget_ms=max(1, int(budget * 1000)))
    rows = [
        (
            str(each.start),
            str(each.end),
            " ".join(each.text.split()),
            each.entity.id,
            each.entity.label,
            ", ".join(each.entity.categories),
            ", ".join(f"{other.entity.id} ({other.entity.label})" for other in each.candidates[1:]),
        )
        for each in found.items
    ]
    print_rows(_COLUMNS, rows, chosen, wrapped="label")
    say(f"{len(found.items):,} names in {found.checked:,} characters")
    if not found.complete:
        say(f"not complete: {found.reason}")
        raise typer.Exit(1)

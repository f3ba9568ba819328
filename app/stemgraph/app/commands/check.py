"""``stemgraph check``: the claims of a text held against the graph."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Annotated, Final

import typer

from stemgraph.app.commands.annotate import BudgetOption
from stemgraph.app.commands.console import TableFormat, print_rows, say, shown_progress
from stemgraph.app.commands.data_directory import DataOption, ReleaseOption, open_graph
from stemgraph.app.commands.text_file import TextArgument, read_text

if TYPE_CHECKING:
    from stemgraph.graph.claims import Check, ClaimEnd, Judged

_COLUMNS: Final = ("sentence", "verdict", "claim", "because")
"""What a table shows; there is no room for more."""
_ALL: Final = ("sentence", "verdict", "claim", "hedge", "because", "evidence")


def check(
    file: TextArgument,
    *,
    data: DataOption = None,
    release: ReleaseOption = None,
    without: Annotated[
        list[str] | None,
        typer.Option(metavar="SOURCE", help="Leave out what this source states; may be repeated."),
    ] = None,
    budget: BudgetOption = 60,
    chosen: Annotated[
        TableFormat, typer.Option("--format", help="How to print; json has the associations with it.")
    ] = TableFormat.TABLE,
) -> None:
    """Check each claim of a text: supported, supported more weakly, contradicted, unknown, or not a claim.

    * `stemgraph check article.txt`
    * `stemgraph check article.txt --without article` leaves out what the graph knows from this article alone
    * `stemgraph check leaflet.txt --format tsv > claims.tsv`
    """
    text = read_text(file)
    with open_graph(data, release) as graph, shown_progress("Checking") as progress:
        found = graph.check(
            text,
            without=without or (),
            budget_ms=max(1, int(budget * 1000)),
            progress=lambda fraction: progress("reading", fraction),
        )
    if chosen is TableFormat.JSON:
        typer.echo(json.dumps(found.to_record(), indent=2, ensure_ascii=False))
    else:
        rows = [_row(each) for each in found.items]
        columns = _COLUMNS if chosen is TableFormat.TABLE else _ALL
        print_rows(columns, [[row[name] for name in columns] for row in rows], chosen, wrapped="because")
    _tell(found)


def _row(item: Judged) -> dict[str, str]:
    from stemgraph.graph.claims import Claim  # noqa: PLC0415  # start-up time

    read = item.item
    strongest = item.supporting[:1] or item.opposing[:1]
    references = dict.fromkeys(e.reference for each in strongest for e in each.association.evidence)
    row = {
        "sentence": str(read.sentence),
        "verdict": f"{item.verdict} (by this text alone)" if item.own_words else item.verdict,
        "claim": f"\u201c{_shortened(read.text)}\u201d",
        "hedge": "",
        "because": item.reason,
        "evidence": ", ".join(references),
    }
    if isinstance(read, Claim):
        relation = f"NOT {read.relation}" if read.negated else read.relation
        ends = (_named(read.subject), relation, _named(read.object))
        row |= {"claim": " | ".join(ends), "hedge": read.hedge}
    return row


def _named(end: ClaimEnd | None) -> str:
    if end is None:
        return ""
    return end.entities[0].label if end.entities else f"{end.text} (unknown)"


def _shortened(text: str) -> str:
    words = " ".join(text.split())
    return words if len(words) <= 60 else words[:57] + "…"


def _tell(found: Check) -> None:
    counted = ", ".join(f"{count:,} {verdict}" for verdict, count in found.count().items() if count)
    say(f"{found.sentences:,} sentences: {counted or 'nothing to judge'}")
    if not found.complete:
        say(f"not complete: {found.reason}")
        raise typer.Exit(1)

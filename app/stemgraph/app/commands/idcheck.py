"""``stemgraph idcheck``: does each identifier carry the name that its ontology gives it?"""

from __future__ import annotations

import tempfile
from collections import Counter
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from stemgraph.app.commands.console import TableFormat, print_rows, say
from stemgraph.ontology.errors import ContentError

if TYPE_CHECKING:
    from stemgraph.ontology.identifier_pairs import IdentifierPair

# ruff: noqa: PLC0415  # start-up time


def idcheck(
    files: Annotated[
        list[Path],
        typer.Argument(
            metavar="FILE…",
            help="CSV, TSV, YAML, KGX or RDF files; - for standard input.",
            show_default=False,
            readable=False,
        ),
    ],
    tables: Annotated[
        Path | None,
        typer.Option(
            metavar="DIR", help="Directory of label tables that replace those shipped.", readable=False
        ),
    ] = None,
    chosen: Annotated[TableFormat, typer.Option("--format", help="How to print.")] = TableFormat.TABLE,
    everything: Annotated[bool, typer.Option("--all", help="Print what is right, too.")] = False,
    standard_input: Annotated[
        str,
        typer.Option("--stdin-format", metavar="SUFFIX", help="What - holds: csv, tsv, yaml, jsonl, ttl…"),
    ] = "tsv",
) -> None:
    """Check identifiers against the names beside them: exact, synonym, case, differs, obsolete, unknown.

    Fails when one differs, is obsolete or is unknown.

    * `stemgraph idcheck curated.yaml terms.tsv`
    * `cut -f1,2 nodes.tsv | stemgraph idcheck - --format json`
    * `stemgraph idcheck --tables ./ontology_tables terms.csv` against releases of your own
    """
    from stemgraph.ontology.identifier_check import check_identifiers, identifier_tables

    against = identifier_tables(tables)
    pairs: list[IdentifierPair] = []
    with tempfile.TemporaryDirectory(prefix="stemgraph-idcheck-") as temporary:
        for file in files:
            path = file
            if str(file) == "-":
                path = Path(temporary) / f"standard-input.{Path(standard_input).name.removeprefix('.')}"
                path.write_bytes(typer.get_binary_stream("stdin").read())
            pairs += _pairs(path, "standard input" if path is not file else None)
    verdicts = check_identifiers(pairs, against)
    shown = [each for each in verdicts if everything or each.kind != "exact"]
    if shown or chosen is not TableFormat.TABLE:
        print_rows(
            ("place", "id", "label", "verdict", "message"),
            [
                (each.pair.place, each.pair.id, each.pair.label, each.kind.value, each.message)
                for each in shown
            ],
            chosen,
            wrapped="message",
        )
    counted = Counter(each.kind.value for each in verdicts)
    listed = ", ".join(f"{count:,} {kind}" for kind, count in counted.most_common())
    say(f"{len(verdicts):,} checked: {listed}")
    if any(each.is_wrong for each in verdicts):
        raise typer.Exit(1)


def _pairs(path: Path, name: str | None) -> Iterator[IdentifierPair]:
    """The pairs of a file, whose places say ``name`` instead of its path."""
    from stemgraph.ontology.identifier_pairs import read_pairs

    try:
        for pair in read_pairs(path):
            yield pair if name is None else replace(pair, place=pair.place.replace(str(path), name, 1))
    except ContentError as error:
        if name is None:
            raise
        place = (error.place or "").replace(str(path), name, 1)
        raise ContentError(error.message, place=place, mend=error.mend) from error

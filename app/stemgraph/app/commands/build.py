"""``stemgraph build``: the bundle that ships with stemgraph, from its reviewable content."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from stemgraph.app.commands.console import say, shown_progress

# ruff: noqa: PLC0415  # start-up time


def build(
    output: Annotated[
        Path | None,
        typer.Option(
            "--output",
            "-o",
            metavar="DIR",
            help="Where to write; without it, where stemgraph ships it.",
            readable=False,
        ),
    ] = None,
    content: Annotated[
        Path | None,
        typer.Option(
            metavar="DIR",
            help="Content to build from: curated, entities, sources.yaml, release.yaml.",
            readable=False,
        ),
    ] = None,
) -> None:
    """Build the bundle: the same content always gives the same bytes.

    * `stemgraph build` renews the bundle of a checkout
    * `stemgraph build --output ./bundle` writes it elsewhere
    """
    from stemgraph.graph.packed_tables import pack_tables
    from stemgraph.ontology.builder import build_bundle
    from stemgraph.ontology.bundle import bundle_directory

    with shown_progress("Building") as progress:
        summary = build_bundle(output or bundle_directory(), content=content, progress=progress)
    with shown_progress("Packing its tables") as progress:
        size = summary.size + pack_tables(summary.directory, progress=progress)
    counts = ", ".join(f"{count:,} {name.replace('_', ' ')}" for name, count in summary.counts.items())
    say(f"{summary.directory}: {counts}; {size / 1e6:.1f} MB, digest {summary.digest[:16]}")

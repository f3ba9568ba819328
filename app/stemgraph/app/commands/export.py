"""``stemgraph export``: the graph, or a part of it, in another format."""

from __future__ import annotations

import os
from collections.abc import Generator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, BinaryIO

import typer

from stemgraph.app.commands.console import say, shown_progress, standard_output
from stemgraph.app.commands.data_directory import DataOption, ReleaseOption, open_graph
from stemgraph.graph.errors import FormatError, UnknownFormatError

if TYPE_CHECKING:
    from stemgraph.graph import AssociationQuery

# ruff: noqa: PLC0415  # start-up time

_FILTER = "Only associations with this "


def export(  # noqa: PLR0917  # typer reads the options of a command from its parameters
    output: Annotated[
        str, typer.Option("--output", "-o", metavar="FILE", help="Where to write; - is standard output.")
    ] = "-",
    format_name: Annotated[
        str | None,
        typer.Option(
            "--format",
            metavar="FORMAT",
            help="turtle, trig, ntriples, nquads, jsonld, rdfxml, kgx-tsv, kgx-jsonl, graphml, cytoscape, "
            "node-link or csv; without it the file's name says, or else turtle.",
        ),
    ] = None,
    data: DataOption = None,
    release: ReleaseOption = None,
    subject: Annotated[str | None, typer.Option(help=_FILTER + "subject, a CURIE.")] = None,
    predicate: Annotated[list[str] | None, typer.Option(help=_FILTER + "predicate; may be repeated.")] = None,
    object_: Annotated[str | None, typer.Option("--object", help=_FILTER + "object, a CURIE.")] = None,
    entity: Annotated[str | None, typer.Option(help=_FILTER + "entity at either end.")] = None,
    category: Annotated[str | None, typer.Option(help=_FILTER + "category at the other end.")] = None,
    status: Annotated[str | None, typer.Option(help=_FILTER + "status.")] = None,
    source: Annotated[str | None, typer.Option(help=_FILTER + "source, such as curated or mondo.")] = None,
    negated: Annotated[
        bool | None,
        typer.Option("--negated/--not-negated", help="Only what is stated as negative, or only the rest."),
    ] = None,
    jurisdiction: Annotated[str | None, typer.Option(help=_FILTER + "jurisdiction, such as US.")] = None,
    donor_type: Annotated[str | None, typer.Option(help=_FILTER + "donor type.")] = None,
    inferred: Annotated[
        bool,
        typer.Option("--inferred", help="Write what is inferred too, in the graph sgg:inferred; RDF only."),
    ] = False,
) -> None:
    """Write the graph, or the associations that the filters leave, with their entities and evidence.

    * `stemgraph export -o stemgraph.trig` writes everything
    * `stemgraph export --format csv --predicate treats --status approved > approved.csv`
    * `stemgraph export --entity MONDO:0005301 -o ms.graphml` for Gephi or Cytoscape
    """
    from stemgraph.graph import AssociationQuery
    from stemgraph.graph.formats import export_format

    name = format_name or _format_of(output)
    export_format(name)
    asked = AssociationQuery(
        subject=subject,
        predicate=tuple(predicate) if predicate else None,
        object=object_,
        entity=entity,
        category=category,
        status=status,
        source=source,
        negated=negated,
        jurisdiction=jurisdiction,
        donor_type=donor_type,
    )
    _write(output, name, data, release, None if asked == AssociationQuery() else asked, inferred=inferred)


def _write(
    output: str,
    name: str,
    data: Path | None,
    release: Path | None,
    asked: AssociationQuery | None,
    *,
    inferred: bool,
) -> None:
    path = Path(output)
    if output != "-":
        _check_place(path)
    with open_graph(data, release) as graph:
        if output == "-":
            stream = standard_output()
            graph.export(name, stream, query=asked, inferred=inferred)
            stream.flush()
            return
        with _written(path) as file, shown_progress(f"Writing {path}") as progress:
            progress(name, 0.0)
            graph.export(name, file, query=asked, inferred=inferred)
        say(f"{path}: {path.stat().st_size:,} bytes of {name}")


def _check_place(path: Path) -> None:
    if path.is_dir():
        raise FormatError("is a directory", place=str(path), mend="name a file in it")
    if not path.parent.is_dir():
        raise FormatError("does not exist", place=str(path.parent), mend="make the directory first")


@contextmanager
def _written(path: Path) -> Generator[BinaryIO]:
    """A file that takes its name when it is whole; what is no plain file is written to as it is."""
    special = path.exists() and not path.is_file()
    partial = path if special else path.with_name(f".{path.name}.{os.getpid()}.partial")
    try:
        with partial.open("wb") as file:
            yield file
        if not special:
            partial.replace(path)
    except OSError as error:
        raise FormatError(
            f"cannot be written: {error.strerror or error}",
            place=str(path),
            mend="check permissions and free space",
        ) from error
    finally:
        if not special:
            partial.unlink(missing_ok=True)


def _format_of(output: str) -> str:
    from stemgraph.graph.formats import EXPORT_FORMATS

    if output == "-":
        return "turtle"
    extension = Path(output).suffix.removeprefix(".").lower()
    for known in EXPORT_FORMATS.values():
        if known.extension == extension:
            return known.name
    raise UnknownFormatError(
        f"the name '{output}' does not say a format",
        place="--output",
        mend=f"name one with --format: {', '.join(EXPORT_FORMATS)}",
    )

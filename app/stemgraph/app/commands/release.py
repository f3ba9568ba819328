"""``stemgraph release``: publish the next release of a data directory, list them, and compare two."""

from __future__ import annotations

import json
import tempfile
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from stemgraph.app.commands.console import TableFormat, print_rows, say, shown_progress
from stemgraph.app.commands.data_directory import (
    DataOption,
    default_data_directory,
    fill,
    open_graph,
    refuse_foreign,
)
from stemgraph.app.commands.load import (
    DiscardOption,
    as_file,
    quads_of_files,
    sequence_to_discard,
    tell_published,
)
from stemgraph.graph.release import DataDirectory

if TYPE_CHECKING:
    from stemgraph.graph.publication import Publication
    from stemgraph.graph.release_diff import RecordChange

# What publishes is imported when there is something to publish: start-up time.
# ruff: noqa: PLC0415

release = typer.Typer(
    name="release", no_args_is_help=True, help="Publish, list and compare the releases of a data directory."
)

FormatOption = Annotated[TableFormat, typer.Option("--format", help="How to print.")]


class Kind(StrEnum):
    """What may have changed."""

    ASSOCIATION = "association"
    ENTITY = "entity"


class Change(StrEnum):
    """How it may have changed."""

    ADDED = "added"
    REMOVED = "removed"
    CHANGED = "changed"


@release.command()
def publish(  # noqa: PLR0917  # typer reads the options of a command from its parameters
    files: Annotated[
        list[Path] | None,
        typer.Argument(
            metavar="FILE…",
            help="RDF or KGX files that are the whole release; without any, the content of this package.",
            show_default=False,
        ),
    ] = None,
    data: DataOption = None,
    content: Annotated[
        Path | None,
        typer.Option(metavar="DIR", help="Content to build the release from, instead of this package's."),
    ] = None,
    format_name: Annotated[
        str | None,
        typer.Option(
            "--format", metavar="FORMAT", help="turtle, trig, ntriples, nquads, jsonld, rdfxml or kgx."
        ),
    ] = None,
    graph: Annotated[
        str,
        typer.Option(metavar="NAME", help="Named graph for statements that are in none: a word or an IRI."),
    ] = "loaded",
    edits: Annotated[
        bool, typer.Option("--edits", help="Publish the current release with the edits made since.")
    ] = False,
    discard_edits: DiscardOption = False,
) -> None:
    """Publish the next release of a data directory, and make it the current one.

    Earlier releases stay as they are and can be asked with `?release=`. Associations that were there before
    keep the release in which they first stood.

    * `stemgraph release publish` publishes the content of the installed package
    * `stemgraph release publish --content ./my-content` builds and publishes your own
    * `stemgraph release publish graph.trig` publishes a file
    * `stemgraph release publish --edits` publishes what was edited since the last release
    """
    directory = DataDirectory(data or default_data_directory())
    if directory.is_empty:
        refuse_foreign(directory.path)
    if bool(files) + (content is not None) + edits > 1:
        raise typer.BadParameter("give files, --content or --edits, not several of them")
    if edits:
        published = _publish_edits(directory)
    else:
        sequence = sequence_to_discard(directory, discard_edits=discard_edits)
        if content is not None:
            published = _publish_content(content, directory, sequence)
        elif files:
            published = _publish_files(files, directory, format_name, graph, sequence)
        else:
            published = fill(directory, sequence=sequence)
    tell_published(published, directory)
    number = published.release.number
    say(
        f"a service that takes writes answers from it now; another with ?release={number}, "
        "and without once it is started again"
    )


def _publish_edits(directory: DataDirectory) -> Publication:
    from stemgraph.graph.unpublished import publish_edits

    with shown_progress("Publishing") as progress:
        return publish_edits(directory, progress=progress)


def _publish_content(content: Path, directory: DataDirectory, sequence: int) -> Publication:
    from stemgraph.graph.publication import publish_release
    from stemgraph.ontology.builder import build_bundle

    with (
        tempfile.TemporaryDirectory(prefix="stemgraph-publish-") as temporary,
        shown_progress("Publishing") as progress,
    ):
        build_bundle(Path(temporary), content=content, progress=progress)
        return publish_release(Path(temporary), directory, sequence=sequence, progress=progress)


def _publish_files(
    files: list[Path], directory: DataDirectory, format_name: str | None, graph: str, sequence: int
) -> Publication:
    from stemgraph.graph.publication import publish_release
    from stemgraph.graph.source import write_source

    with (
        tempfile.TemporaryDirectory(prefix="stemgraph-publish-") as temporary,
        shown_progress("Publishing") as progress,
    ):
        source = Path(temporary) / "source"
        given = [as_file(file, Path(temporary), format_name) for file in files]
        write_source(quads_of_files(given, format_name, graph, progress), source)
        return publish_release(source, directory, sequence=sequence, progress=progress)


@release.command(name="list")
def list_releases(data: DataOption = None, chosen: FormatOption = TableFormat.TABLE) -> None:
    """List the releases of a data directory, the last first.

    * `stemgraph release list`
    * `stemgraph release list --format json`
    """
    with open_graph(data, None) as graph:
        rows = [
            (
                str(each.number),
                each.id,
                each.date,
                str(each.counts.get("associations", "")),
                str(each.counts.get("entities", "")),
                "current" if each.id == graph.release.id else "",
            )
            for each in reversed(graph.releases())
        ]
    print_rows(("release", "id", "date", "associations", "entities", "served"), rows, chosen)


@release.command()
def diff(  # noqa: PLR0917  # typer reads the options of a command from its parameters
    before: Annotated[
        str, typer.Argument(metavar="FROM", help="The earlier release: number, id or digits of the digest.")
    ],
    after: Annotated[
        str | None,
        typer.Argument(
            metavar="TO", help="The later release; without it the current one.", show_default=False
        ),
    ] = None,
    data: DataOption = None,
    kind: Annotated[Kind | None, typer.Option(help="Only changes of this kind of record.")] = None,
    change: Annotated[Change | None, typer.Option(help="Only what was added, removed or changed.")] = None,
    entity: Annotated[
        str | None, typer.Option(metavar="CURIE", help="Only this entity, and associations with it.")
    ] = None,
    chosen: FormatOption = TableFormat.TABLE,
) -> None:
    """Tell what changed from one release to another.

    As JSON, each change has its fields with their values before and after.

    * `stemgraph release diff 1` compares release 1 with the current one
    * `stemgraph release diff 1 2 --kind association --change added --format json`
    """
    with open_graph(data, None) as graph:
        found = graph.diff(before, after)
        page = found.changes(kind=kind, change=change, entity=entity, limit=max(1, len(found)))
        if chosen is TableFormat.JSON:
            typer.echo(json.dumps([each.to_record() for each in page], indent=2, ensure_ascii=False))
        else:
            columns = ("change", "kind", "id", "what", "fields")
            print_rows(columns, (_row(each) for each in page), chosen, wrapped="what")
        say(repr(found).strip("<>"))


def _row(change: RecordChange) -> tuple[str, str, str, str, str]:
    fields = ", ".join(each.field for each in change.fields)
    return change.change, change.kind, change.id, change.label, fields

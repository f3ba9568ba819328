"""``stemgraph load``: files become a new release of a data directory."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Final

import typer

from stemgraph.app.commands.console import Progress, say, shown_progress
from stemgraph.app.commands.data_directory import DataOption, default_data_directory
from stemgraph.graph.errors import BadRequestError, FormatError
from stemgraph.ontology.identifiers import BASE

if TYPE_CHECKING:
    import pyoxigraph

    from stemgraph.graph.publication import Publication
    from stemgraph.graph.release import DataDirectory
    from stemgraph.graph.unpublished import UnpublishedEdits

# What loads is imported when there is something to load: start-up time.
# ruff: noqa: PLC0415

_STEP: Final = 50_000

DiscardOption = Annotated[
    bool,
    typer.Option("--discard-edits", help="Give up the edits since the last release, if there are any."),
]


def load(  # noqa: PLR0917  # typer reads the options of a command from its parameters
    files: Annotated[
        list[Path],
        typer.Argument(
            metavar="FILE…", help="RDF or KGX files, gzipped or not.", show_default=False, readable=False
        ),
    ],
    data: DataOption = None,
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
    replace: Annotated[
        bool,
        typer.Option("--replace", help="Hold these files only, not what the directory serves now as well."),
    ] = False,
    discard_edits: DiscardOption = False,
) -> None:
    """Load files into a data directory as a new release, and make it the current one.

    Edits that were made since the last release become part of it.

    * `stemgraph load trials.ttl` adds a file to what is served
    * `stemgraph load --replace --data ./mine nodes.tsv edges.tsv` makes a graph of your own from KGX
    * `zcat dump.nq.gz | stemgraph load --format nquads -` reads standard input
    """
    from stemgraph.graph.publication import publish_release
    from stemgraph.graph.release import DataDirectory
    from stemgraph.graph.source import write_source
    from stemgraph.graph.unpublished import UnpublishedEdits

    directory = DataDirectory(data or default_data_directory())
    with tempfile.TemporaryDirectory(prefix="stemgraph-load-") as temporary:
        source = Path(temporary) / "source"
        with shown_progress("Loading") as progress:
            given = [as_file(file, Path(temporary), format_name) for file in files]
            quads = quads_of_files(given, format_name, graph, progress)
            sequence, loaded, aside = 0, set[str](), tuple[str, ...]()
            if replace:
                sequence = sequence_to_discard(directory, discard_edits=discard_edits)
            elif not directory.is_empty:
                edits = UnpublishedEdits.of(directory)
                quads, sequence = _chained(directory, edits, _noted(quads, loaded)), edits.last
                aside = edits.aside
            write_source(quads, source, aside=(each for each in aside if each not in loaded))
            published = publish_release(source, directory, sequence=sequence, progress=progress)
    tell_published(published, directory)
    say("serve it with `stemgraph serve" + (f" --data {directory.path}`" if data else "`"))


def tell_published(published: Publication, directory: DataDirectory) -> None:
    """Say which release is current now, and how much it holds."""
    release = published.release
    counts = ", ".join(
        f"{count:,} {name}" for name, count in release.counts.items() if isinstance(count, int)
    )
    if not published.is_new:
        say(f"release {release.number} says exactly this; nothing new was made")
    say(f"release {release.number} ({release.id}) is current in {directory.path}: {counts}")


def as_file(file: Path, temporary: Path, format_name: str | None) -> Path:
    """The file itself, or standard input as a file."""
    if str(file) != "-":
        return file
    if format_name is None:
        raise FormatError(
            "what comes from there is not known", place="standard input", mend="name it with --format"
        )
    copy = temporary / ("input.tsv" if format_name == "kgx" else "input")
    copy.write_bytes(typer.get_binary_stream("stdin").read())
    return copy


def quads_of_files(
    files: Sequence[Path], format_name: str | None, graph: str, progress: Progress
) -> Iterator[pyoxigraph.Quad]:
    """The quads of files; those in no named graph come into this one, those about a release are left out."""
    import pyoxigraph as ox

    from stemgraph.graph.formats import read_dataset

    named = _graph_name(graph)
    count = 0
    for file in files:
        progress(f"reading {file.name}", 0.0)
        for quad in read_dataset(file, format_name):
            if str(quad.subject).startswith(f"<{BASE}release/"):  # where the file was taken from
                continue
            count += 1
            if count % _STEP == 0:
                progress(f"reading {file.name}: {count:,} statements", 0.0)
            outside = isinstance(quad.graph_name, ox.DefaultGraph) and not _describes_graph(quad)
            yield ox.Quad(quad.subject, quad.predicate, quad.object, named) if outside else quad
    if count == 0:
        raise FormatError(
            "no statement was found", place=", ".join(map(str, files)), mend="check that the file is whole"
        )


def _graph_name(graph: str) -> pyoxigraph.NamedNode:
    import pyoxigraph as ox

    try:
        if graph.strip():
            return ox.NamedNode(graph if "://" in graph else f"{BASE}graph/{graph}")
    except ValueError:  # not an IRI
        pass
    raise BadRequestError(
        f"'{graph}' cannot name a graph", place="--graph", mend="use a word such as trials, or an IRI"
    )


def _describes_graph(quad: pyoxigraph.Quad) -> bool:
    """Whether it says something about a named graph of ours: those statements stand in the default graph."""
    return str(quad.subject).startswith(f"<{BASE}graph/")


def _chained(
    directory: DataDirectory, edits: UnpublishedEdits, quads: Iterator[pyoxigraph.Quad]
) -> Iterator[pyoxigraph.Quad]:
    from stemgraph.graph.formats import read_dataset

    yield from edits.made_on(read_dataset(directory.current().export))
    yield from quads


def _noted(quads: Iterator[pyoxigraph.Quad], graphs: set[str]) -> Iterator[pyoxigraph.Quad]:
    """The quads, while the IRIs of their graphs are noted: what is loaded does not stand aside any more."""
    for quad in quads:
        graphs.add(getattr(quad.graph_name, "value", ""))
        yield quad


def sequence_to_discard(directory: DataDirectory, *, discard_edits: bool) -> int:
    """The number of the last edit that is given up when other content takes the place of the current.

    Raises:
        BadRequestError: There are edits that no release holds, and it was not said that they may go.
    """
    from stemgraph.graph.unpublished import UnpublishedEdits

    if directory.is_empty:
        return 0
    edits = UnpublishedEdits.of(directory)
    if edits.count and not discard_edits:
        raise BadRequestError(
            f"{edits.count} edits since release {edits.release.number} are in no release",
            place=str(directory.path),
            mend="publish them first with `stemgraph release publish --edits`, or add --discard-edits",
        )
    return edits.last

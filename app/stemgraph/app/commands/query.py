"""``stemgraph query``: a SPARQL query answered on the command line."""

from __future__ import annotations

import signal
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Final

import typer

from stemgraph.app.commands.console import TableFormat, print_rows, standard_output, unknown_format
from stemgraph.app.commands.data_directory import DataOption, ReleaseOption, open_graph
from stemgraph.graph.errors import FormatError

if TYPE_CHECKING:
    from stemgraph.graph import QueryAnswer

RESULT_FORMATS: Final = ("table", "json", "xml", "csv", "tsv")
GRAPH_FORMATS: Final = ("turtle", "ntriples", "nquads", "trig", "jsonld", "rdfxml")


def query(
    text: Annotated[
        str,
        typer.Argument(
            metavar="QUERY",
            help="SPARQL 1.1, a file that holds it, or - for standard input.",
            show_default=False,
        ),
    ],
    data: DataOption = None,
    release: ReleaseOption = None,
    format_name: Annotated[
        str,
        typer.Option(
            "--format",
            metavar="FORMAT",
            help="table, json, xml, csv, tsv; for a graph turtle, ntriples, nquads, trig, jsonld, rdfxml.",
        ),
    ] = "table",
) -> None:
    """Answer a SPARQL query; the prefixes of the graph need no declaration.

    * `stemgraph query "SELECT ?name { ?x sgv:treats MONDO:0020546 ; rdfs:label ?name }"`
    * `stemgraph query question.rq --format csv > answer.csv`
    * `echo "DESCRIBE MONDO:0005301" | stemgraph query - --format turtle`
    """
    if format_name not in (*RESULT_FORMATS, *GRAPH_FORMATS):
        raise unknown_format(format_name, (*RESULT_FORMATS, *GRAPH_FORMATS))
    sparql = read_query(text)
    with open_graph(data, release) as graph:
        # Oxigraph does not look whether Python has been interrupted: let Ctrl-C end the process itself.
        signal.signal(signal.SIGINT, signal.SIG_DFL)
        print_answer(graph.sparql(sparql), format_name)


def read_query(given: str) -> str:
    """The query itself, from the argument, the file that it names, or standard input.

    Raises:
        FormatError: The file cannot be read, or is not UTF-8.
    """
    try:
        text = _text_of(given)
        text.encode("utf-8")  # an argument that is not UTF-8 holds lone surrogates
    except OSError as error:
        raise FormatError(
            f"cannot be read: {error.strerror}", place=given, mend="name a file, or give the query itself"
        ) from error
    except UnicodeError as error:
        place = "the query" if "\n" in given or " " in given else given
        raise FormatError("is not UTF-8", place=place, mend="save it as UTF-8") from error
    if not text.strip():
        raise FormatError(
            "holds no query", place=given.strip() or "the query", mend="begin one with SELECT or ASK"
        )
    return text


def _text_of(given: str) -> str:
    # A byte order mark, which Windows editors write, is no part of the query.
    if given == "-":
        return typer.get_binary_stream("stdin").read().decode("utf-8-sig")
    path = Path(given)
    if given and (_looks_like_file(given) or _exists(path)):
        return path.read_text(encoding="utf-8-sig")
    return given


def _looks_like_file(given: str) -> bool:
    return given.endswith((".rq", ".sparql")) and "\n" not in given


def _exists(path: Path) -> bool:
    try:
        return path.exists()
    except (OSError, ValueError):  # a query is too long for a name, or holds what no name may
        return False


def print_answer(answer: QueryAnswer, format_name: str) -> None:
    """Print what a query answered."""
    if format_name == "table" and answer.kind == "boolean":
        typer.echo("yes" if answer else "no")
    elif format_name == "table" and answer.kind == "solutions":
        rows = [
            [each.get(name, "") for name in answer.variables] for each in answer if isinstance(each, dict)
        ]
        print_rows(answer.variables, rows, TableFormat.TABLE)
        typer.echo(f"{len(rows)} rows", err=True)
    else:
        chosen = "turtle" if format_name == "table" else format_name
        stream = standard_output()
        stream.write(answer.serialize(chosen))
        stream.flush()

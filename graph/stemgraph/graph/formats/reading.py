"""Reading a data set into quads: any RDF file, or KGX nodes and edges."""

from __future__ import annotations

import gzip
import zlib
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from types import MappingProxyType
from typing import IO, Final, cast

import pyoxigraph as ox

from stemgraph.graph.errors import FormatError, UnknownFormatError
from stemgraph.graph.formats.kgx_import import kgx_quads
from stemgraph.graph.formats.kgx_source import find_kgx

RDF_FORMATS: Final[Mapping[str, ox.RdfFormat]] = MappingProxyType(
    {
        "turtle": ox.RdfFormat.TURTLE,
        "trig": ox.RdfFormat.TRIG,
        "ntriples": ox.RdfFormat.N_TRIPLES,
        "nquads": ox.RdfFormat.N_QUADS,
        "jsonld": ox.RdfFormat.JSON_LD,
        "rdfxml": ox.RdfFormat.RDF_XML,
    }
)
"""RDF formats by the name that they have in exports too."""

IMPORT_FORMATS: Final = (*RDF_FORMATS, "kgx")
"""Every format that can be read; ``kgx`` is TSV or JSON Lines."""

_EXTENSIONS: Final[Mapping[str, str]] = MappingProxyType(
    {
        "ttl": "turtle",
        "turtle": "turtle",
        "trig": "trig",
        "nt": "ntriples",
        "nq": "nquads",
        "jsonld": "jsonld",
        "json-ld": "jsonld",
        "rdf": "rdfxml",
        "owl": "rdfxml",
        "xml": "rdfxml",
        "tsv": "kgx",
        "jsonl": "kgx",
        "zip": "kgx",
    }
)


def read_dataset(path: Path, format: str | None = None) -> Iterator[ox.Quad]:  # noqa: A002  # users' word
    """The quads of a file or KGX directory, read as they are asked for; gzip is recognised.

    Args:
        path: An RDF file; a KGX directory, zip, or either of its two files.
        format: A name in ``IMPORT_FORMATS``; without it, the name of the file says.

    Raises:
        UnknownFormatError: The format is not known, or the name does not say it.
        FormatError: The file does not parse or cannot be read; ``place`` is file, line and column.
    """
    chosen = format or _format_of(path)
    if chosen == "kgx":
        return kgx_quads(find_kgx(path))
    if chosen not in RDF_FORMATS:
        raise UnknownFormatError(
            f"'{chosen}' is not an import format",
            place="format",
            mend=f"use one of {', '.join(IMPORT_FORMATS)}",
        )
    return _rdf_quads(path, RDF_FORMATS[chosen])


def _format_of(path: Path) -> str:
    if path.is_dir():
        return "kgx"
    extension = path.name.lower().removesuffix(".gz").rpartition(".")[2]
    found = _EXTENSIONS.get(extension)
    if found is None:
        raise UnknownFormatError(
            f"the name '{path.name}' does not say its format",
            place=str(path),
            mend=f"name one of {', '.join(IMPORT_FORMATS)}",
        )
    return found


def _rdf_quads(path: Path, rdf_format: ox.RdfFormat) -> Iterator[ox.Quad]:
    try:
        with path.open("rb") as plain:
            compressed = plain.read(2) == b"\x1f\x8b"
            plain.seek(0)
            stream = cast("IO[bytes]", gzip.GzipFile(fileobj=plain)) if compressed else plain
            quads: Iterable[ox.Quad] = ox.parse(stream, rdf_format, base_iri=path.resolve().as_uri())
            yield from quads
    except SyntaxError as error:
        raise FormatError(str(error.msg), place=_place(path, error), mend="correct the file there") from error
    except (OSError, EOFError, zlib.error) as error:
        raise FormatError(f"cannot be read: {_reason(error)}", place=str(path)) from error


def _place(path: Path, error: SyntaxError) -> str:
    return f"{path}, line {error.lineno}, column {error.offset}" if error.lineno else str(path)


def _reason(error: Exception) -> str:
    return (error.strerror if isinstance(error, OSError) else None) or str(error)

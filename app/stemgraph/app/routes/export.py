"""The whole graph, or what filters choose of it, as a file."""

from __future__ import annotations

from os import SEEK_END
from pathlib import Path
from typing import Annotated, BinaryIO, Final

from pydantic import Field

from stemgraph.app.export_stream import stream_export
from stemgraph.app.filters import EndFilters
from stemgraph.app.operation import Answer, Call, get
from stemgraph.app.parameters import Flag, Word
from stemgraph.graph.formats.registry import EXPORT_FORMATS

# N-Quads first: the default is what loses nothing, and a release keeps its file of it.
OFFERS: Final = tuple(
    dict.fromkeys(["application/n-quads", *(each.media_type for each in EXPORT_FORMATS.values())])
)
BY_MEDIA_TYPE: Final = {each.media_type: each for each in reversed(list(EXPORT_FORMATS.values()))}
"""The format of each media type; the first listed where several share one."""

LARGEST_COMPRESSED: Final = 256 * 1024 * 1024
"""A gzip file tells its length modulo 4 GiB, so that of a larger one is not believed."""


class ExportParameters(EndFilters):
    """The format, and which associations."""

    format: Annotated[
        Annotated[str, Word("export format", lambda: EXPORT_FORMATS)] | None,
        Field(description="Format of the file; without it the Accept header decides.", examples=["turtle"]),
    ] = None
    inferred: Annotated[
        Flag,
        Field(description="Whether what is inherited is written too, in RDF, in the graph sgg:inferred."),
    ] = False


@get(
    "/api/v1/export",
    tag="what is in it",
    parameters=ExportParameters,
    offers=OFFERS,
    entities=("subject", "object", "entity"),
)
def export_graph(call: Call[ExportParameters]) -> Answer:
    """The graph as a file, whole or as filters choose, streamed while it is written.

    A stream that breaks off before its end has failed: it is never ended as if it were whole. RDF says which
    release it is from; N-Quads of the whole are the release itself, whose SHA-256 is its digest, unless it
    was edited since: then the edits are in them.
    """
    asked = call.parameters
    chosen = EXPORT_FORMATS[asked.format] if asked.format else BY_MEDIA_TYPE[call.media_type]
    filtered = any(value not in (None, ()) for field, value in asked if field not in {"format", "inferred"})
    query = asked.query(entity=asked.entity, subject=asked.subject, object=asked.object, limit=None)

    def write(stream: BinaryIO) -> None:
        chosen_query = query if filtered else None
        call.graph.export(chosen.name, stream, query=chosen_query, inferred=asked.inferred, with_release=True)

    settings = call.service.settings
    chunks = stream_export(write, limiter=call.service.export_limiter, patience=settings.export_stall_seconds)
    edition = call.graph.edition
    edited = "" if edition.is_release else f".{edition.sequence}"
    name = f"stemgraph-{edition.release.number}{edited}{'-part' if filtered else ''}.{chosen.extension}"
    headers = [(b"content-disposition", f'attachment; filename="{name}"'.encode())]
    if chosen.name == "nquads" and not filtered and not asked.inferred and edition.is_release:
        headers += _length(call.graph.directory.export)
    return Answer(chunks, chosen.media_type, headers=tuple(headers))


def _length(file: Path) -> list[tuple[bytes, bytes]]:
    """The length of the release's own N-Quads, so that who fetches them sees how far it is."""
    if file.stat().st_size > LARGEST_COMPRESSED:
        return []
    with file.open("rb") as stream:
        stream.seek(-4, SEEK_END)
        return [(b"content-length", str(int.from_bytes(stream.read(4), "little")).encode())]

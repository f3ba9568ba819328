"""The whole graph, or what filters choose of it, as a file."""

from __future__ import annotations

from typing import Annotated, BinaryIO, Final

from pydantic import Field

from stemgraph.app.export_stream import stream_export
from stemgraph.app.filters import EndFilters
from stemgraph.app.operation import Answer, Call, get
from stemgraph.app.parameters import Word

MEDIA_TYPES: Final = {
    "nquads": ("application/n-quads", "nq"),
    "trig": ("application/trig", "trig"),
    "turtle": ("text/turtle", "ttl"),
    "ntriples": ("application/n-triples", "nt"),
    "jsonld": ("application/ld+json", "jsonld"),
    "rdfxml": ("application/rdf+xml", "rdf"),
    "kgx-tsv": ("application/zip", "zip"),
    "kgx-jsonl": ("application/zip", "zip"),
    "graphml": ("application/graphml+xml", "graphml"),
    "cytoscape": ("application/vnd.cytoscape+json", "cyjs"),
    "node-link": ("application/json", "json"),
    "csv": ("text/csv", "csv"),
}
"""Media type and file extension of each format of the library."""

BY_MEDIA_TYPE: Final = {media_type: name for name, (media_type, _) in reversed(MEDIA_TYPES.items())}
"""The format of each media type; the first listed where several share one."""


class ExportParameters(EndFilters):
    """The format, and which associations."""

    format: Annotated[
        Annotated[str, Word("export format", lambda: MEDIA_TYPES)] | None,
        Field(description="Format of the file; without it the Accept header decides.", examples=["turtle"]),
    ] = None


@get(
    "/api/v1/export",
    tag="what is in it",
    parameters=ExportParameters,
    offers=tuple(dict.fromkeys(media_type for media_type, _ in MEDIA_TYPES.values())),
    entities=("subject", "object", "entity"),
)
def export_graph(call: Call[ExportParameters]) -> Answer:
    """The graph as a file, whole or as filters choose, streamed while it is written.

    A stream that breaks off before its end has failed: it is never ended as if it were whole.
    """
    asked = call.parameters
    name = asked.format or BY_MEDIA_TYPE[call.media_type]
    media_type, extension = MEDIA_TYPES[name]
    query = asked.query(entity=asked.entity, subject=asked.subject, object=asked.object, limit=None)
    filtered = any(value not in (None, ()) for field, value in asked if field != "format")
    chosen = query if filtered else None

    def write(stream: BinaryIO) -> None:
        call.graph.export(name, stream, query=chosen)

    settings = call.service.settings
    chunks = stream_export(write, limiter=call.service.export_limiter, patience=settings.export_stall_seconds)
    file_name = f"stemgraph-{call.graph.release.number}{'-part' if filtered else ''}.{extension}"
    disposition = (b"content-disposition", f'attachment; filename="{file_name}"'.encode())
    return Answer(chunks, media_type, headers=(disposition,))

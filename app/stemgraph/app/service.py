"""What the routes of one instance share: the graph, the settings, and what every answer says about itself."""

from __future__ import annotations

from collections.abc import Callable
from functools import cached_property
from importlib.metadata import version
from typing import TYPE_CHECKING, Final

import anyio
import orjson

from stemgraph.app.caching import HeaderList
from stemgraph.app.settings import Settings

if TYPE_CHECKING:
    from stemgraph.graph import KnowledgeGraph


NOTICE: Final = "Not medical advice. A research knowledge graph; decisions about care belong to clinicians."

# Each header of an answer costs a repeated read one part in fifty of its time: there are no more than needed.
NO_SNIFFING: Final = (b"x-content-type-options", b"nosniff")
DATA_POLICY: Final = (b"content-security-policy", b"default-src 'none'; frame-ancestors 'none'")
"""The content security policy of an answer that is data, not a page."""

CORS_HEADERS: Final[tuple[tuple[bytes, bytes], ...]] = (
    (b"access-control-allow-origin", b"*"),
    (b"access-control-expose-headers", b"ETag, Link, Stemgraph-Release, Stemgraph-Cache"),
)


class Service:
    """One instance of the service: any number may live in one process.

    Args:
        graph: The knowledge graph that is served.
        settings: The limits.
        cors: Whether every answer says that pages of any origin may read it.
    """

    def __init__(self, graph: KnowledgeGraph, settings: Settings, *, cors: bool = False) -> None:
        self.graph = graph
        self.settings = settings
        self.cors = cors
        self.ready = False
        """Whether what runs beside the graph has been started; its lifespan sets it."""
        self.describe: Callable[[], bytes] = lambda: b"{}"
        """The OpenAPI document; set by the router that is described."""

    @cached_property
    def slow_limiter(self) -> anyio.CapacityLimiter:
        """Bounds the threads in which slow reads run."""
        return anyio.CapacityLimiter(self.settings.slow_threads)

    @cached_property
    def export_limiter(self) -> anyio.CapacityLimiter:
        """Bounds the threads in which exports run."""
        return anyio.CapacityLimiter(self.settings.export_threads)

    @property
    def release_id(self) -> str:
        """The id of the release that is served."""
        return self.graph.release.id

    @cached_property
    def edition(self) -> str:
        """What the answers depend on beside the request: the release and the version of this software."""
        return f"{self.graph.release.id}/{version('stemgraph')}"

    @cached_property
    def meta(self) -> bytes:
        """The ``meta`` member of every JSON envelope, as JSON."""
        release = self.graph.release
        return orjson.dumps({"release": release.id, "release_date": str(release.date), "notice": NOTICE})

    @cached_property
    def headers(self) -> HeaderList:
        """The headers of every answer, whatever it is."""
        release = self.graph.release
        said = f'{release.id}; date={release.date}; notice="not medical advice"'
        return [(b"stemgraph-release", said.encode()), NO_SNIFFING, *(CORS_HEADERS if self.cors else ())]

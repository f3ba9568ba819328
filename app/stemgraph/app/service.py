"""What the routes of one instance share, and what the answers from one release have in common."""

from __future__ import annotations

from collections.abc import Callable
from functools import cached_property
from importlib.metadata import version
from typing import TYPE_CHECKING, Final

import anyio
import orjson

from stemgraph.app.caching import HeaderList
from stemgraph.app.settings import Settings
from stemgraph.app.shelf import Shelf

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
    """One release as it is answered from; ``instance`` is what all releases share."""

    def __init__(self, graph: KnowledgeGraph, instance: Instance) -> None:
        self.graph = graph
        self.instance = instance

    @property
    def settings(self) -> Settings:
        """The limits."""
        return self.instance.settings

    @property
    def ready(self) -> bool:
        """Whether what runs beside the graph has been started."""
        return self.instance.ready

    @property
    def describe(self) -> Callable[[], bytes]:
        """Gives the OpenAPI document."""
        return self.instance.describe

    @property
    def slow_limiter(self) -> anyio.CapacityLimiter:
        """Bounds the threads in which slow reads run."""
        return self.instance.slow_limiter

    @property
    def export_limiter(self) -> anyio.CapacityLimiter:
        """Bounds the threads in which exports run."""
        return self.instance.export_limiter

    @cached_property
    def release_id(self) -> str:
        """The id of the release."""
        return self.graph.release.id

    @cached_property
    def edition(self) -> str:
        """What the answers depend on beside the request: the release and the version of this software."""
        return f"{self.release_id}/{version('stemgraph')}"

    @cached_property
    def meta(self) -> bytes:
        """The ``meta`` member of every JSON envelope, as JSON."""
        release = self.graph.release
        return orjson.dumps(
            {
                "release": release.id,
                "release_number": release.number,
                "release_date": str(release.date),
                "notice": NOTICE,
            }
        )

    @cached_property
    def headers(self) -> HeaderList:
        """The headers of every answer, whatever it is."""
        release = self.graph.release
        said = f'{release.id}; date={release.date}; notice="not medical advice"'
        cors = CORS_HEADERS if self.instance.cors else ()
        return [(b"stemgraph-release", said.encode()), NO_SNIFFING, *cors]


class Instance:
    """One instance of the service: any number may live in one process.

    Args:
        graph: The knowledge graph that is served; releases beside it are opened when they are asked for.
        settings: The limits.
        cors: Whether every answer says that pages of any origin may read it.
    """

    def __init__(self, graph: KnowledgeGraph, settings: Settings, *, cors: bool = False) -> None:
        self.settings = settings
        self.cors = cors
        self.ready = False
        """Whether what runs beside the graph has been started; its lifespan sets it."""
        self.describe: Callable[[], bytes] = lambda: b"{}"
        """The OpenAPI document; set by the router that is described."""
        self.current = Service(graph, self)
        """The release that answers where none is asked for."""
        self._others = Shelf[str, Service](settings.open_releases, self._open, self._close)

    @cached_property
    def slow_limiter(self) -> anyio.CapacityLimiter:
        """Bounds the threads in which slow reads run."""
        return anyio.CapacityLimiter(self.settings.slow_threads)

    @cached_property
    def export_limiter(self) -> anyio.CapacityLimiter:
        """Bounds the threads in which exports run."""
        return anyio.CapacityLimiter(self.settings.export_threads)

    def take(self, asked: str | None) -> Service:
        """The release that is asked for by number, id or digest; give it back when the answer is sent.

        Raises:
            UnknownReleaseError: There is no such release.
            UnavailableError: Too many releases are being read.
            DataDirectoryError: It is damaged.
        """
        if asked is None:
            return self.current
        release = self.current.graph.history.find(asked)
        return self.current if release.id == self.current.release_id else self._others.take(release.id)

    def give_back(self, service: Service) -> None:
        """The answer for which the release was taken has been sent."""
        if service is not self.current:
            self._others.give_back(service.release_id)

    def close(self) -> None:
        """Close the releases that were opened here."""
        self._others.close()

    def _open(self, release: str) -> Service:
        return Service(self.current.graph.at(release), self)

    def _close(self, service: Service) -> None:
        service.graph.close()

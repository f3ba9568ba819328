"""What the routes of one instance share, and what the answers from one release have in common."""

from __future__ import annotations

import asyncio
import pickle
from collections.abc import Callable
from functools import cached_property
from importlib.metadata import version
from typing import TYPE_CHECKING, Final

import anyio
import orjson

from stemgraph.app.access import Access
from stemgraph.app.caching import HeaderList, KeptResponses
from stemgraph.app.jail import Jail, JailLimits
from stemgraph.app.settings import Settings
from stemgraph.app.shelf import Shelf
from stemgraph.app.telemetry.metrics import Metrics

if TYPE_CHECKING:
    from stemgraph.app.telemetry.observer import Observer
    from stemgraph.app.writer import WriterClient
    from stemgraph.graph import KnowledgeGraph


NOTICE: Final = "Not medical advice. A research knowledge graph; decisions about care belong to clinicians."

# Each header of an answer costs a repeated read one part in fifty of its time: there are no more than needed.
NO_SNIFFING: Final = (b"x-content-type-options", b"nosniff")
DATA_POLICY: Final = (b"content-security-policy", b"default-src 'none'; frame-ancestors 'none'")
"""The content security policy of an answer that is data, not a page."""

CORS_HEADERS: Final[tuple[tuple[bytes, bytes], ...]] = (
    (b"access-control-allow-origin", b"*"),
    (
        b"access-control-expose-headers",
        b"ETag, Link, Location, Stemgraph-Release, Stemgraph-Cache, X-Request-ID",
    ),
)


class Service:
    """One edition as it is answered from; ``instance`` is what all editions share.

    Args:
        graph: The edition.
        instance: What it is part of.
        owned: Whether the graph is closed when it is needed no more; otherwise whoever opened it does.
    """

    def __init__(self, graph: KnowledgeGraph, instance: Instance, *, owned: bool = True) -> None:
        self.graph = graph
        self.instance = instance
        self.owned = owned
        self.users = 0
        """Number of requests that are being answered from it, while it is or was the current one."""

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
    def edition_id(self) -> str:
        """The id of the edition: the release's own, and after edits the number of the last one behind it."""
        return self.graph.edition.id

    @cached_property
    def edition(self) -> str:
        """What the answers depend on beside the request: the edition and the version of this software."""
        return f"{self.edition_id}/{version('stemgraph')}"

    @cached_property
    def graph_names(self) -> frozenset[str]:
        """The IRIs of the named graphs."""
        return frozenset(self.graph.store.graphs())

    @cached_property
    def pickled_graph(self) -> bytes:
        """The graph, for a worker of the jail that opens it."""
        return pickle.dumps(self.graph)

    @cached_property
    def meta(self) -> bytes:
        """The ``meta`` member of every JSON envelope, as JSON."""
        release = self.graph.release
        return orjson.dumps(
            {
                "release": release.id,
                "release_number": release.number,
                "release_date": str(release.date),
                "edition": self.edition_id,
                "notice": NOTICE,
            }
        )

    @cached_property
    def headers(self) -> HeaderList:
        """The headers of every answer, whatever it is."""
        release = self.graph.release
        said = f'{release.id}; date={release.date}; edition={self.edition_id}; notice="not medical advice"'
        cors = CORS_HEADERS if self.instance.cors else ()
        return [(b"stemgraph-release", said.encode()), NO_SNIFFING, *cors]


class Instance:
    """One instance of the service: any number may live in one process.

    It is for one event loop: ``take``, ``give_back`` and ``swap`` are called on it alone.

    Args:
        graph: The knowledge graph that is served; releases beside it are opened when they are asked for.
        settings: The limits.
        cors: Whether every answer says that pages of any origin may read it.
        owned: Whether the graph is closed with the instance, or when another takes its place.
    """

    def __init__(
        self, graph: KnowledgeGraph, settings: Settings, *, cors: bool = False, owned: bool = False
    ) -> None:
        self.settings = settings
        self.cors = cors
        self.access = Access.from_settings(settings)
        """Who may do what."""
        self.methods: dict[str, set[str]] = {}
        """The methods of the routes, by path."""
        self.ready = False
        """Whether what runs beside the graph has been started; its lifespan sets it."""
        self.observer: Observer | None = None
        """What notes each request; set by the app, and absent where another app has its own."""
        self.metrics = Metrics(self)
        """The figures of the service."""
        self.describe: Callable[[], bytes] = lambda: b"{}"
        """The OpenAPI document; set by the router that is described."""
        self.writer: WriterClient | None = None
        """What writes are submitted to; None where writes are off."""
        self.current = Service(graph, self, owned=owned)
        """The edition that answers where no release is asked for."""
        self.jail = Jail(JailLimits.from_settings(settings), stores=[graph.edition.store])
        """Where what strangers send is worked on; the lifespan starts and stops it."""
        self.jail.hold(graph.edition.store)
        self.kept = KeptResponses(settings.cache_bytes)
        """Finished answers, each under the edition that answers and what was asked."""
        self._others = Shelf[str, Service](settings.open_releases, self._open, self._close)
        self._closing: set[asyncio.Future[None]] = set()

    @cached_property
    def slow_limiter(self) -> anyio.CapacityLimiter:
        """Bounds the threads in which slow reads run."""
        return anyio.CapacityLimiter(self.settings.slow_threads)

    @cached_property
    def export_limiter(self) -> anyio.CapacityLimiter:
        """Bounds the threads in which exports run."""
        return anyio.CapacityLimiter(self.settings.export_threads)

    def swap(self, graph: KnowledgeGraph) -> None:
        """Answer from this graph from now on, and close it when another takes its place.

        Requests that are being answered keep the graph that they began with; it is closed after the last.
        """
        retired = self.current
        self.current = Service(graph, self)
        self.jail.hold(graph.edition.store)
        if retired.users == 0:
            self._retire(retired)

    def take(self, asked: str | None) -> Service:
        """The release that is asked for by number, id or digest; give it back when the answer is sent.

        Where none is asked for, it is the current edition. A release that is asked for is as it was
        published, whatever was edited since.

        Raises:
            UnknownReleaseError: There is no such release.
            UnavailableError: Too many releases are being read.
            DataDirectoryError: It is damaged.
        """
        current = self.current
        if asked is not None:
            release = current.graph.history.find(asked)
            if release.id != current.edition_id:
                return self._others.take(release.id)
        current.users += 1
        return current

    def give_back(self, service: Service) -> None:
        """The answer for which the release was taken has been sent."""
        if service.users == 0:
            self._others.give_back(service.release_id)
            return
        service.users -= 1
        if service.users == 0 and service is not self.current:
            self._retire(service)

    async def closed(self) -> None:
        """Wait until the graphs that are needed no more are closed."""
        await asyncio.gather(*self._closing)

    def close(self) -> None:
        """Close the graphs that are owned here."""
        self._others.close()
        self._close(self.current)

    def _open(self, release: str) -> Service:
        return Service(self.current.graph.at(release), self)

    def _retire(self, service: Service) -> None:
        """Close what has had its last user; in a thread, for names may still be being read from it."""
        try:
            loop = asyncio.get_running_loop()
        except RuntimeError:
            self._close(service)
            return
        closing = loop.run_in_executor(None, self._close, service)
        self._closing.add(closing)
        closing.add_done_callback(self._closing.discard)

    def _close(self, service: Service) -> None:
        if service.owned:
            service.graph.close()

"""The outermost layer of the service: it times, counts and, where asked to, logs and traces each request."""

from __future__ import annotations

import logging
import time
from typing import TYPE_CHECKING, Any, Final

from starlette.types import ASGIApp, Message, Receive, Scope, Send

from stemgraph.app.telemetry.request_record import RequestRecord, current_request
from stemgraph.app.telemetry.traffic import Traffic

if TYPE_CHECKING:
    from stemgraph.app.service import Instance
    from stemgraph.app.telemetry.traces import Traces

access_logger = logging.getLogger("stemgraph.access")
slow_logger = logging.getLogger("stemgraph.slow")

UNMATCHED: Final = "unmatched"
"""The route of requests that no route takes: strangers' paths must not fill the memory."""
_REMEMBERED_PATHS: Final = 10_000
_LONGEST_QUERY: Final = 500
_LONGEST_PATH: Final = 300


class Observer:
    """ASGI middleware that notes what comes of each request.

    Args:
        app: What answers.
        instance: What is served.
    """

    def __init__(self, app: ASGIApp, instance: Instance) -> None:
        self.app = app
        self.instance = instance
        self.traffic = Traffic()
        self.traces: Traces | None = None
        self._access_log = instance.settings.access_log
        self._slow_seconds = instance.settings.slow_seconds or float("inf")
        self._routes: dict[str, str] = {}

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer, and note."""
        if scope["type"] == "http":
            await self.watch(self.app, scope, receive, send)
        else:
            await self.app(scope, receive, send)

    async def watch(self, app: ASGIApp, scope: Scope, receive: Receive, send: Send) -> None:
        """Have an app answer, and note what it does."""
        record = RequestRecord(scope)
        current_request.set(record)
        traffic = self.traffic

        async def sending(message: Message) -> None:
            if message["type"] == "http.response.body":
                record.bytes += len(message.get("body", b""))
            elif message["type"] == "http.response.start":
                record.status = message["status"]
            await send(message)

        traffic.running += 1
        try:
            await app(scope, receive, sending)
        finally:
            traffic.running -= 1
            self._note(record)

    def note_kept(self, scope: Scope, status: int, size: int, began: float) -> None:
        """Note a request that was answered from what is kept: being in a hurry, it passes by this layer."""
        seconds = time.perf_counter() - began
        route = self._routes.get(scope["path"], UNMATCHED)
        traffic = self.traffic
        traffic.count(route, scope["method"], status, seconds)
        traffic.bytes += size
        traffic.hits += 1
        if self._access_log or self.traces is not None:
            record = RequestRecord(scope)
            current_request.set(record)
            record.status, record.bytes = status, size
            self._tell(record, route, seconds)

    def _note(self, record: RequestRecord) -> None:
        seconds = time.perf_counter() - record.began
        traffic = self.traffic
        route = self._route_of(record)
        traffic.count(route, record.scope["method"], record.status, seconds)
        traffic.bytes += record.bytes
        if record.kept:
            traffic.hits += 1
        if seconds >= self._slow_seconds:
            traffic.slow += 1
            slow_logger.warning("slow request", extra=self._said(record, route, seconds, client=True))
        self._tell(record, route, seconds)

    def _tell(self, record: RequestRecord, route: str, seconds: float) -> None:
        if self._access_log:
            access_logger.info("request", extra=self._said(record, route, seconds))
        if self.traces is not None:
            self.traces.keep(record, route, seconds)

    def _route_of(self, record: RequestRecord) -> str:
        """The path of the route that answered, as it is declared."""
        if record.route is not None:
            return record.route
        route = record.scope.get("route")
        if route is None:
            return UNMATCHED
        found: str = route.path
        if record.status == 200:
            self._remember(record.scope["path"], found)
        return found

    def _remember(self, path: str, route: str) -> None:
        if path not in self._routes:
            if len(self._routes) >= _REMEMBERED_PATHS:
                self._routes.clear()
            self._routes[path] = route

    def _said(
        self, record: RequestRecord, route: str, seconds: float, *, client: bool = False
    ) -> dict[str, Any]:
        """The fields of a line; the query string is not among them, for some clients send secrets there."""
        fields: dict[str, Any] = {
            "request_id": record.id,
            "method": record.scope["method"],
            "path": record.scope["path"][:_LONGEST_PATH],
            "route": route,
            "status": record.status,
            "milliseconds": round(seconds * 1000, 2),
            "bytes": record.bytes,
            "edition": self.instance.current.edition_id,
        }
        if record.key is not None:
            fields["key"] = record.key
        if client:
            fields["client"] = record.client
        if record.query is not None:
            fields["query"] = shortened(record.query)
        return {"fields": fields}


def shortened(query: str) -> str:
    """A query on one line, its beginning only."""
    line = " ".join(query[: 4 * _LONGEST_QUERY].split())
    return line if len(line) <= _LONGEST_QUERY else f"{line[:_LONGEST_QUERY]}…"

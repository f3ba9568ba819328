"""HTTP/1.1 on uvicorn's httptools protocol, with deadlines that trickling does not move, and caps.

The parser (llhttp, in its strict mode) refuses what two servers could read in two ways: Content-Length
beside Transfer-Encoding, folded headers, bad chunk sizes, NUL, a bare LF. What it lets pass is refused here:
two Host headers or none, other codings than ``chunked``, and all that is too long or too slow. Trailers are
dropped: they would join the headers after these were checked.
"""

from __future__ import annotations

import asyncio
from enum import IntEnum
from math import inf
from typing import TYPE_CHECKING, Any, Final
from urllib.parse import unquote

import httptools
from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol
from uvicorn.server import ServerState

from stemgraph.app.edge.cycle import EdgeCycle
from stemgraph.app.edge.refusal import (
    BODY_TOO_LARGE,
    CROWDED,
    HEAD_TOO_LARGE,
    MALFORMED,
    SLOW,
    STOPPING,
    TARGET_TOO_LONG,
    UPGRADE,
    Refusal,
)

if TYPE_CHECKING:
    from uvicorn._types import ASGI3Application

    from stemgraph.app.edge.configuration import EdgeConfig

LINGER_SECONDS: Final = 2.0
"""How long what still arrives after a refusal is thrown away, so that the client gets to read it."""

WATCHED: Final = frozenset({b"host", b"content-length", b"transfer-encoding", b"expect"})
VERSIONS: Final = ("1.1", "1.0")


class Phase(IntEnum):
    """What a connection is receiving; the order is that in which connections are displaced."""

    IDLE = 0
    HEAD = 1
    BODY = 2
    ENDED = 3
    """Nothing more is read from it."""


class RefusedError(Exception):
    """Raised inside the parser's callbacks, to stop it."""


class EdgeProtocol(HttpToolsProtocol):
    """One connection."""

    config: EdgeConfig
    parser: httptools.HttpRequestParser
    app: ASGI3Application

    def __init__(
        self,
        config: EdgeConfig,
        server_state: ServerState,
        app_state: dict[str, Any],
        _loop: asyncio.AbstractEventLoop | None = None,
    ) -> None:
        super().__init__(config, server_state, app_state, _loop)
        self.limits = config.limits
        self.registry = config.connections
        self.address = ""
        self.phase = Phase.IDLE
        self.due = inf
        """When it is to have received what it is receiving; idle, when it is to have begun."""
        self.received = 0
        """Bytes of the request that is arriving, as they came."""
        self.most = self.limits.head_bytes
        self.arriving = 0
        self.body_received = 0
        self.hosts = 0
        self.declared = 0
        self.chunked = False
        self.refusal: Refusal | None = None
        self.waiting_bytes = 0
        self.stalled = 0.0

    @property
    def is_busy(self) -> bool:
        """Whether a request of it is being answered."""
        return self.has_begun and not self.cycle.response_complete

    @property
    def has_begun(self) -> bool:
        """Whether it ever sent a whole head."""
        return self.cycle is not None  # pyright: ignore[reportUnnecessaryComparison]  # uvicorn's first value

    @property
    def may_be_displaced(self) -> bool:
        """Whether it is idle, or still sending its request."""
        if self.phase is Phase.ENDED or self.transport.is_closing():
            return False
        return self.phase is not Phase.IDLE or not self.is_busy

    @property
    def rank(self) -> tuple[int, float]:
        """Its place among those that may be displaced: first who waits to ask again, then the slowest."""
        if self.phase is Phase.IDLE and not self.has_begun:
            return Phase.HEAD, self.due  # it may be about to ask
        return self.phase, self.due

    # What the transport tells.

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]  # as uvicorn's
        """Take the connection, or refuse it where there are too many."""
        super().connection_made(transport)
        self.address = self.client[0] if self.client else ""
        self.due = self.loop.time() + self.limits.head_seconds
        if not self.registry.add(self):
            self.displace(CROWDED)

    def connection_lost(self, exc: Exception | None) -> None:
        """Forget the connection."""
        self.registry.remove(self)
        self.phase = Phase.ENDED
        super().connection_lost(exc)

    def data_received(self, data: bytes) -> None:
        """Read what has arrived."""
        if self.phase is Phase.ENDED:
            return
        self.arriving = len(data)
        self.received += self.arriving
        try:
            self.parser.feed_data(data)
        except httptools.HttpParserUpgrade:
            self._finish_without_upgrade()
        except httptools.HttpParserError:
            self.refuse(self.refusal or MALFORMED)
        else:
            if self.received > self.most:
                self._refuse_overlong()

    def _finish_without_upgrade(self) -> None:
        """Answer as though no other protocol were asked for; what follows is no HTTP, so nothing follows."""
        self.phase = Phase.ENDED
        if self.is_busy:
            self.cycle.keep_alive = False

    def _refuse_overlong(self) -> None:
        if self.phase is Phase.BODY:
            self.refuse(BODY_TOO_LARGE)
        elif self.phase is Phase.HEAD:
            too_long = len(self.url) > self.limits.target_bytes
            self.refuse(TARGET_TOO_LONG if too_long else HEAD_TOO_LARGE)
        else:  # blank lines before a request
            self.refuse(MALFORMED)

    # What the parser tells.

    def on_message_begin(self) -> None:
        """A request begins: its time runs from its first byte."""
        # Of requests that came in one read only the first is counted from its first byte.
        self.received = self.arriving if self.phase is Phase.IDLE and not self.is_busy else 0
        self.most = self.limits.head_bytes
        self.phase = Phase.HEAD
        self.due = self.loop.time() + self.limits.head_seconds
        self.hosts = self.declared = self.body_received = 0
        self.chunked = False
        super().on_message_begin()

    def on_header(self, name: bytes, value: bytes) -> None:
        """Keep a header, and remember what decides how the body is read."""
        if self.phase is not Phase.HEAD:  # a trailer: it must not join the headers, which were checked
            return
        name = name.lower()
        self.headers.append((name, value))
        if name in WATCHED:
            self._watch(name, value)

    def _watch(self, name: bytes, value: bytes) -> None:
        if name == b"host":
            self.hosts += 1
        elif name == b"content-length":
            self.declared = int(value)
        elif name == b"transfer-encoding":
            if value.lower() != b"chunked" or self.parser.get_http_version() != "1.1":
                self._stop(MALFORMED)
            self.chunked = True
        elif name == b"expect" and value.lower() == b"100-continue":
            self.expect_100_continue = True

    def on_headers_complete(self) -> None:
        """The head is whole: check it, and begin to answer."""
        self._check_head()
        self.phase = Phase.BODY
        self.most = self.limits.raw_body_bytes
        self.due = self.loop.time() + self.limits.body_seconds
        self._tell_target()
        before = self.cycle if self.has_begun else None
        self.cycle = EdgeCycle(
            self.scope,
            self.transport,
            self.flow,
            self.logger,
            self.access_logger,
            False,  # the service has its own log
            self.server_state.default_headers,
            asyncio.Event(),
            self.expect_100_continue,
            self.scope["http_version"] == "1.1" and self.parser.should_keep_alive(),
            self.on_response_complete,
        )
        if before is None or before.response_complete:
            self._start_asgi_task(self.cycle, self.app)
        else:  # it came before the one before it was answered
            self.flow.pause_reading()
            self.pipeline.appendleft((self.cycle, self.app))

    def _tell_target(self) -> None:
        target = httptools.parse_url(self.url)
        path = target.path.decode("ascii")
        scope = self.scope
        scope["method"] = self.parser.get_method().decode("ascii")
        scope["http_version"] = self.parser.get_http_version()
        scope["path"] = self.root_path + (unquote(path) if "%" in path else path)
        scope["raw_path"] = self.root_path.encode("ascii") + target.path
        scope["query_string"] = target.query or b""

    def _check_head(self) -> None:
        version = self.parser.get_http_version()
        if self.hosts != 1 and (self.hosts or version == "1.1"):
            self._stop(MALFORMED)
        if len(self.url) > self.limits.target_bytes:
            self._stop(TARGET_TOO_LONG)
        if len(self.headers) > self.limits.header_count:
            self._stop(HEAD_TOO_LARGE)
        if max(self.received, self.arriving) > self.limits.head_bytes:  # it may be the head or the body
            size = sum(len(name) + len(value) + 4 for name, value in self.headers) + len(self.url)
            if size > self.limits.head_bytes:
                self._stop(HEAD_TOO_LARGE)
        if self.declared > self.limits.body_bytes:
            self._stop(BODY_TOO_LARGE)
        if not self.url.startswith(b"/"):
            self._take_authority()
        if version not in VERSIONS:
            self._stop(MALFORMED)
        if (self.declared or self.chunked) and self.parser.should_upgrade():
            self._stop(UPGRADE)

    def _take_authority(self) -> None:
        """Of a request line with a whole address, the address counts (RFC 9112, section 3.2.2)."""
        address = httptools.parse_url(self.url)
        if address.schema not in (b"http", b"https") or not address.host:
            self._stop(MALFORMED)
        host = address.host if not address.port else b"%s:%d" % (address.host, address.port)
        self.headers[:] = [(name, host if name == b"host" else value) for name, value in self.headers]

    def on_body(self, body: bytes) -> None:
        """A part of the body; it is counted as it is read, whatever was declared."""
        self.body_received += len(body)
        if self.body_received > self.limits.body_bytes:
            self._stop(BODY_TOO_LARGE)
        super().on_body(body)

    def on_message_complete(self) -> None:
        """The request is whole."""
        self.phase = Phase.IDLE
        self.most = self.limits.head_bytes
        self.received = 0
        if self.cycle.response_complete:
            self.due = self.loop.time() + self.limits.idle_seconds
        super().on_message_complete()

    def _stop(self, refusal: Refusal) -> None:
        self.refusal = refusal
        raise RefusedError

    # What the answer tells.

    def on_response_complete(self) -> None:
        """An answer is whole: begin the next, or wait for it."""
        self.server_state.total_requests += 1
        if self.transport.is_closing():
            return
        if self.phase is Phase.BODY and self.cycle.response_complete and self.expect_100_continue:
            # It was answered without its body being asked for: whether the body still comes, no one can know.
            self._end_after_answer()
            return
        self.flow.resume_reading()
        if self.pipeline:
            cycle, app = self.pipeline.pop()
            self._start_asgi_task(cycle, app)
        elif self.phase is Phase.IDLE:
            self.due = self.loop.time() + self.limits.idle_seconds

    # What ends a connection.

    def refuse(self, refusal: Refusal) -> None:
        """Answer what is arriving with a refusal, and end the connection."""
        arriving, self.phase = self.phase, Phase.ENDED
        self.registry.refused[refusal.name] += 1
        if self.transport.is_closing():
            return
        if self.is_busy and arriving is not Phase.BODY:
            # Others before it are being answered: they are, and then it ends.
            self.cycle.keep_alive = False
            return
        if arriving is Phase.BODY and not self.is_busy:
            self._end_after_answer()  # it has its answer, and nothing of its body was of use
            return
        answering = self.is_busy and self.cycle.response_started
        self._disconnect()
        if answering or self.pipeline:
            self.transport.close()
            return
        self.transport.write(refusal.to_bytes(self.server_state.default_headers))
        self._end_after_answer()

    def displace(self, refusal: Refusal) -> None:
        """End the connection for another's sake."""
        if self.phase is Phase.IDLE and self.has_begun:
            self.transport.close()  # between two requests nothing need be said
            return
        self.refuse(refusal)
        self.transport.close()

    def _disconnect(self) -> None:
        """Tell who answers that no one is there any more."""
        if self.is_busy:
            self.cycle.disconnected = True
            self.cycle.message_event.set()

    def _end_after_answer(self) -> None:
        """Send no more, and throw away what still comes for a while: a reset would take the answer away."""
        self.phase = Phase.ENDED
        self.due = self.loop.time() + LINGER_SECONDS
        self.flow.resume_reading()
        if self.transport.can_write_eof():
            self.transport.write_eof()
        else:
            self.transport.close()

    def shutdown(self) -> None:
        """The service stops: end what has not begun, and give the rest some seconds."""
        super().shutdown()
        if not self.transport.is_closing():
            self.loop.call_later(self.limits.grace_seconds, self._give_up)

    def _give_up(self) -> None:
        if self.transport.is_closing():
            return
        if self.is_busy and not self.cycle.response_started and not self.pipeline:
            self.transport.write(STOPPING.to_bytes(self.server_state.default_headers))
        self._disconnect()
        self.phase = Phase.ENDED
        self.transport.close()

    def look_at_the_clock(self, now: float, since: float) -> None:
        """End it where its time is over; ``since`` are the seconds from the last look."""
        if self._is_stalled(since):
            self._disconnect()
            self.transport.abort()
        elif self.phase is not Phase.ENDED and self.flow.read_paused:
            self.due += since  # that it does not arrive is our doing
        elif now >= self.due:
            self._end_late()

    def _is_stalled(self, since: float) -> bool:
        waiting = self.transport.get_write_buffer_size()
        if waiting and waiting == self.waiting_bytes:
            self.stalled += since
        else:
            self.stalled = 0.0
        self.waiting_bytes = waiting
        return self.stalled >= self.limits.stall_seconds

    def _end_late(self) -> None:
        if self.phase is Phase.ENDED:
            if not self.is_busy:
                self.transport.close()
        elif self.phase is not Phase.IDLE:
            self.refuse(SLOW)
        elif not self.is_busy:
            self.transport.close()

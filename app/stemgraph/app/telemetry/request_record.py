"""One request as logs, metrics and traces see it; the id that ties them together."""

from __future__ import annotations

import re
import secrets
import time
from contextvars import ContextVar
from typing import Final

from starlette.types import Scope

_WELL_FORMED: Final = re.compile(rb"[A-Za-z0-9._:@/+=-]{1,128}")
_TRACE_PARENT: Final = re.compile(rb"[0-9a-f]{2}-([0-9a-f]{32})-[0-9a-f]{16}-[0-9a-f]{2}(?:-.*)?")

current_request: ContextVar[RequestRecord | None] = ContextVar("stemgraph_request", default=None)
"""The request that is being answered, also in the threads that work for it."""


class Step:
    """A part of the work for a request, with when it began and ended."""

    __slots__ = ("attributes", "began", "ended", "name")

    def __init__(self, name: str, attributes: dict[str, str | int]) -> None:
        self.name = name
        self.attributes = attributes
        self.began = time.time_ns()
        self.ended = self.began

    def __enter__(self) -> Step:
        """It goes on."""
        return self

    def __exit__(self, *_: object) -> None:
        """It has ended."""
        self.ended = time.time_ns()


class RequestRecord:
    """What is noted of a request while it is answered.

    Args:
        scope: Its ASGI scope.
    """

    __slots__ = ("_id", "began", "bytes", "kept", "query", "route", "scope", "status", "steps")

    def __init__(self, scope: Scope) -> None:
        self.scope = scope
        self.began = time.perf_counter()
        self.status = 0
        """The status of the answer; 0 where none was begun."""
        self.bytes = 0
        """Bytes of the answer's body that were handed to the server."""
        self.route: str | None = None
        """The path of the route, where what answers is not found by the router."""
        self.kept = False
        """Whether it was answered from what is kept."""
        self.query: str | None = None
        """The SPARQL text that was asked."""
        self.steps: list[Step] = []
        self._id: str | None = None

    @property
    def id(self) -> str:
        """What the client calls it (X-Request-ID, or the trace of traceparent), or else a name made here."""
        if self._id is None:
            self._id = _given_id(self.scope) or secrets.token_hex(16)
        return self._id

    @property
    def client(self) -> str:
        """The address that asks."""
        client = self.scope.get("client")
        return str(client[0]) if client else ""

    @property
    def key(self) -> str | None:
        """The id of the key that was sent; never its secret."""
        principal = self.scope.get("stemgraph.principal")
        return None if principal is None or principal.id == "anonymous" else str(principal.id)

    def step(self, name: str, **attributes: str | int) -> Step:
        """Note a part of the work, to be entered: it becomes a span where traces are kept."""
        step = Step(name, attributes)
        self.steps.append(step)
        return step


def record_of(scope: Scope) -> RequestRecord:
    """The record of a request; made, and told to everything that works for it, where there is none yet."""
    record = current_request.get()
    # Copies of a scope share their list of headers, and no two requests do.
    if record is None or record.scope["headers"] is not scope["headers"]:
        record = RequestRecord(scope)
        current_request.set(record)
    return record


def _given_id(scope: Scope) -> str | None:
    trace = None
    for name, value in scope["headers"]:
        if name == b"x-request-id" and _WELL_FORMED.fullmatch(value):
            return str(value, "ascii")
        if name == b"traceparent" and (found := _TRACE_PARENT.fullmatch(value)) and found[1].strip(b"0"):
            trace = str(found[1], "ascii")
    return trace

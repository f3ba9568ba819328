"""A route as one declaration: what is read, answered and documented comes from the same place.

An endpoint is a plain function from a ``Call`` to an ``Answer``; ``@get`` and ``@post`` make it an
``Operation``, which ``stemgraph.app.routing`` turns into a FastAPI route.
"""

from __future__ import annotations

import re
from collections.abc import AsyncIterator, Callable, Coroutine, Mapping, Sequence
from dataclasses import dataclass, field
from inspect import cleandoc
from typing import TYPE_CHECKING, Any, Final, Generic, TypeVar

from pydantic import BaseModel

from stemgraph.app.access.origins import GATE_STATUSES, SAFE_METHODS
from stemgraph.app.access.principal import ANONYMOUS, Principal
from stemgraph.app.access.scopes import ScopeName
from stemgraph.app.negotiation import JSON, JSON_ONLY
from stemgraph.app.parameters import Parameters
from stemgraph.app.query_string import Pairs, again
from stemgraph.app.service import Service

if TYPE_CHECKING:
    from stemgraph.graph import KnowledgeGraph


ParametersType = TypeVar("ParametersType", bound=Parameters)

OPERATIONS_TAG: Final = "operations"
"""The tag of routes about the service itself, which are not read from a release."""

_PATH_NAME: Final = re.compile(r"{([a-z_]+)(?::path)?}")


@dataclass(slots=True)
class Call(Generic[ParametersType]):
    """One request as an endpoint sees it: already read, checked and negotiated."""

    service: Service
    parameters: ParametersType
    media_type: str
    """The negotiated type: one of the operation's offers."""
    path: str
    """The path of the request, with the prefix under which the routes live."""
    raw_path: bytes
    """The same before percent-decoding."""
    path_values: Mapping[str, str]
    """The parameters that stand in the path, as they were received."""
    body: bytes = b""
    asked_release: str | None = None
    """The release as the request names it; None where it names none."""
    pairs: Pairs = field(default_factory=list[tuple[str, str]])
    """The parameters of the query string."""
    headers: Sequence[tuple[bytes, bytes]] = ()
    """The headers of the request, their names in lower case."""
    principal: Principal = ANONYMOUS
    """Who asks."""

    def header(self, name: str) -> str | None:
        """The value of a header; of one that is given more than once the values, joined by commas."""
        wanted = name.lower().encode()
        found = [value.decode("latin-1") for each, value in self.headers if each == wanted]
        return ", ".join(found) if found else None

    @property
    def graph(self) -> KnowledgeGraph:
        """The knowledge graph that is asked."""
        return self.service.graph

    client: str = ""
    """Who asks: an address, or the id of a key."""

    def pinned(self, address: str) -> str:
        """An address of ours without a query, at the release that was asked for, if one was."""
        return address if self.asked_release is None else f"{address}?release={self.asked_release}"

    def again(self, **changed: str | None) -> str:
        """The same request with other parameters, or without those that are None: relative to it."""
        return again(self.pairs, **changed)

    def way_home(self, tail: str) -> str:
        """The way from this request up to where the routes live; ``tail`` is its path from there.

        It is relative, so that it holds behind any prefix; where the path has empty segments, which clients
        count differently, it is the path itself.
        """
        base = self.path.removesuffix(tail)
        if b"//" in self.raw_path:
            return base + "/"
        return "../" * (self.raw_path.count(b"/") - base.count("/") - 1)


@dataclass(slots=True)
class Answer:
    """What an endpoint gives back: finished bytes, or chunks that are still to come."""

    content: bytes | AsyncIterator[bytes]
    media_type: str = JSON
    status: int = 200
    headers: tuple[tuple[bytes, bytes], ...] = ()
    next_cursor: str | None = None
    """Becomes the ``Link`` header to the next page."""
    lasting: bool = True
    """Whether the same request gets the same answer; one cut short by the clock does not."""


Endpoint = (
    Callable[[Call[ParametersType]], Answer] | Callable[[Call[ParametersType]], Coroutine[Any, Any, Answer]]
)
"""What answers: a plain function, or one that waits for other processes."""


@dataclass(frozen=True)
class Operation(Generic[ParametersType]):
    """A route: its place, what it takes and returns, and how it runs."""

    endpoint: Endpoint[ParametersType]
    method: str
    path: str
    parameters: type[ParametersType]
    returns: type[BaseModel] | None
    """The model of the JSON answer; None where the answer is of another kind."""
    offers: tuple[str, ...]
    """Media types, the default first."""
    tag: str
    entities: tuple[str, ...] = ()
    """Names of the parameters that name entities, which may be unknown: 404 is documented."""
    slow: bool = False
    """Whether it runs in a thread, because it may take more than a millisecond."""
    kept: bool = True
    """Whether its answer depends on release and request alone, so that it has an entity tag."""
    takes: type[BaseModel] | None = None
    """The model of the JSON body."""
    redirects: bool = False
    problems: tuple[int, ...] = ()
    """Statuses of problems beyond those that follow from the other fields."""
    policy: bytes | None = None
    """A content security policy of its own: for pages."""
    scope: ScopeName = "read"
    """What a key must allow; whatever is not ``read`` needs one."""
    of_history: bool = False
    """Whether its answer depends on which releases there are, where none is asked for."""
    reads: tuple[str, ...] = ()
    """Media types of a body that is handed to the endpoint as it came."""
    version: Callable[[Call[ParametersType]], str] | None = None
    """Gives what the entity tag begins with, up to a hyphen: the version of what is read, for If-Match."""
    statuses: tuple[int, ...] = (200,)
    """Statuses of its answers, the usual one first."""
    conditions: tuple[str, ...] = ()
    """Names of the conditional headers that it takes beside If-None-Match: see ``documentation``."""
    path_names: frozenset[str] = field(init=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "path_names", frozenset(_PATH_NAME.findall(self.path)))

    @property
    def name(self) -> str:
        """The function's name, which is the operationId."""
        return self.endpoint.__name__

    @property
    def summary(self) -> str:
        """The first line of the function's docstring."""
        return cleandoc(self.endpoint.__doc__ or "").partition("\n")[0].rstrip(".")

    @property
    def description(self) -> str:
        """The function's docstring."""
        return cleandoc(self.endpoint.__doc__ or "")

    @property
    def of_release(self) -> bool:
        """Whether it answers from the graph, and so from any release that is asked for."""
        return self.tag != OPERATIONS_TAG and self.scope == "read"

    @property
    def problem_statuses(self) -> list[int]:
        """Statuses of the problems that it may answer."""
        found = {400, 406, 422, *GATE_STATUSES, *self.problems}
        if self.method not in SAFE_METHODS:
            found.add(403)
        if self.of_release:
            found |= {404, 503}
        if self.path_names:
            found.add(404)
        if self.takes is not None or self.reads:
            found |= {413, 415}
        if self.scope != "read":
            found |= {401, 403, 503}
            if self.method != "GET":
                found |= {409, 412, 507}
        if self.scope == "update":
            found.add(504)  # what is sent is worked out in the jail, by a deadline
        if "If-Match" in self.conditions:
            found |= {404, 428}
        return sorted(found)


def get(
    path: str,
    *,
    tag: str,
    parameters: type[ParametersType],
    returns: type[BaseModel] | None = None,
    offers: tuple[str, ...] = JSON_ONLY,
    entities: tuple[str, ...] = (),
    slow: bool = False,
    kept: bool = True,
    redirects: bool = False,
    problems: tuple[int, ...] = (),
    policy: bytes | None = None,
    of_history: bool = False,
    scope: ScopeName = "read",
    version: Callable[[Call[ParametersType]], str] | None = None,
) -> Callable[[Callable[[Call[ParametersType]], Answer]], Operation[ParametersType]]:
    """Declare a function as the endpoint of a GET (and HEAD) route; the fields are those of ``Operation``."""

    def declare(endpoint: Callable[[Call[ParametersType]], Answer]) -> Operation[ParametersType]:
        return Operation(
            endpoint,
            "GET",
            path,
            parameters,
            returns,
            offers,
            tag,
            entities=entities,
            slow=slow,
            kept=kept,
            redirects=redirects,
            problems=problems,
            policy=policy,
            of_history=of_history,
            scope=scope,
            version=version,
        )

    return declare


def post(
    path: str,
    *,
    tag: str,
    takes: type[BaseModel],
    returns: type[BaseModel],
    slow: bool = False,
    problems: tuple[int, ...] = (),
) -> Callable[[Endpoint[Parameters]], Operation[Parameters]]:
    """Declare a function as the endpoint of a POST route that reads a JSON body and changes nothing."""

    def declare(endpoint: Endpoint[Parameters]) -> Operation[Parameters]:
        return Operation(
            endpoint,
            "POST",
            path,
            Parameters,
            returns,
            JSON_ONLY,
            tag,
            slow=slow,
            kept=False,
            takes=takes,
            problems=problems,
        )

    return declare


def write(
    method: str,
    path: str,
    *,
    tag: str,
    parameters: type[ParametersType],
    returns: type[BaseModel] | None,
    takes: type[BaseModel] | None = None,
    reads: tuple[str, ...] = (),
    scope: ScopeName = "write",
    statuses: tuple[int, ...] = (200,),
    conditions: tuple[str, ...] = (),
    problems: tuple[int, ...] = (),
) -> Callable[[Callable[[Call[ParametersType]], Coroutine[Any, Any, Answer]]], Operation[ParametersType]]:
    """Declare a coroutine function as the endpoint of a route that changes the graph."""

    def declare(
        endpoint: Callable[[Call[ParametersType]], Coroutine[Any, Any, Answer]],
    ) -> Operation[ParametersType]:
        return Operation(
            endpoint,
            method,
            path,
            parameters,
            returns,
            JSON_ONLY,
            tag,
            kept=False,
            takes=takes,
            reads=reads,
            scope=scope,
            statuses=statuses,
            conditions=conditions,
            problems=problems,
        )

    return declare

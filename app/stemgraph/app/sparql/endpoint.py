"""The SPARQL 1.1 Protocol endpoint."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Awaitable, Callable
from typing import Final, Protocol

from fastapi import Request, Response
from starlette.requests import ClientDisconnect
from starlette.types import Receive, Scope, Send

from stemgraph.app.caching import (
    MISS,
    REQUEST_KEY,
    HeaderList,
    KeptResponse,
    RequestKey,
    canonical_query,
    kept_response,
)
from stemgraph.app.conditional import WEAK, entity_tag, matches, not_modified_headers
from stemgraph.app.jail import QueryRequest, UnparsedQueryError
from stemgraph.app.jail.clients import client_of
from stemgraph.app.jail.guard import CheckedQuery
from stemgraph.app.jail.verdicts import Verdicts
from stemgraph.app.problems import internal_problem, problem_of, status_problem
from stemgraph.app.routing import (
    CLIENT_GONE,
    FinishedResponse,
    problem_response,
)
from stemgraph.app.service import DATA_POLICY, Instance, Service
from stemgraph.app.sparql.formats import (
    GRAPH_TYPES,
    content_type,
    media_type,
    prefers_page,
    worker_format,
)
from stemgraph.app.sparql.request import ProtocolRequest, check_graphs, no_updates, read_body, read_request
from stemgraph.app.sparql.service_description import service_description
from stemgraph.app.sparql.sharing import SharedWork
from stemgraph.app.sparql.syntax import syntax_error
from stemgraph.app.sparql.yasgui import PAGE_POLICY, sparql_page
from stemgraph.app.telemetry.request_record import record_of
from stemgraph.graph.errors import StemgraphError
from stemgraph.ontology.identifiers import PREFIXES

logger = logging.getLogger("stemgraph.sparql")

PATH: Final = "/sparql"
VOID_PATH: Final = "/.well-known/void"
ALLOWED: Final = "GET, HEAD, OPTIONS, POST"
LONG_QUERY: Final = 16_384
"""Characters from which a query is checked in a thread, so that others are answered meanwhile."""
LONGEST_KEPT_BODY: Final = 16_384
"""Bytes up to which the body of a POST is itself a key of its answer."""

_DECIDING: Final = frozenset({b"accept", b"content-type", b"if-none-match"})
_READ: Final = "stemgraph.deciding"
"""Scope key of the deciding headers of a request."""


class Updating(Protocol):
    """What answers an update, where updates are taken."""

    async def __call__(self, request: Request, asked: ProtocolRequest) -> Response:
        """Do the update and answer; what is refused is raised."""
        ...


class Endpoint:
    """The endpoint of one instance, answered by the jail from the store of the release that is asked.

    Args:
        instance: What is served.
        update: Answers updates; without it they are refused.
    """

    def __init__(self, instance: Instance, update: Updating | None = None) -> None:
        self.instance = instance
        self.update = update
        self._work = SharedWork[bytes]()
        self._verdicts = Verdicts(PREFIXES)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer a request as an ASGI app."""
        response = await self.answer(Request(scope, receive))
        await send_response(response, scope, receive, send)

    async def answer(self, request: Request) -> Response:
        """Answer a request of any method to the endpoint; everything that is refused becomes a problem."""
        record_of(request.scope).route = PATH
        if request.method not in ("GET", "HEAD", "POST"):
            return self._other(request, ALLOWED)
        return await self._guarded(self._answer, request)

    async def describe(self, request: Request) -> Response:
        """Answer a request for the description alone."""
        record_of(request.scope).route = VOID_PATH
        if request.method not in ("GET", "HEAD"):
            return self._other(request, "GET, HEAD, OPTIONS")
        return await self._guarded(self._describe, request)

    async def _guarded(self, work: Callable[[Request], Awaitable[Response]], request: Request) -> Response:
        service = self.instance.current
        try:
            return await work(request)
        except ClientDisconnect:  # while its body was read
            return FinishedResponse(CLIENT_GONE, [], b"")
        except StemgraphError as error:
            problem = problem_of(error)
            if problem.status == 500:
                logger.error("%s %s failed", request.method, request.url.path, exc_info=error)  # noqa: TRY400  # with its cause
        except Exception:
            logger.exception("%s %s failed", request.method, request.url.path)
            problem = internal_problem()
        return problem_response(problem.at(request.scope["path"]), service.headers)

    def _other(self, request: Request, allowed: str) -> Response:
        headers = self.instance.current.headers
        if request.method == "OPTIONS":
            return FinishedResponse(204, [*headers, (b"allow", allowed.encode()), DATA_POLICY], b"")
        problem = status_problem(405, headers={"Allow": allowed}).at(request.scope["path"])
        return problem_response(problem, headers)

    async def _answer(self, request: Request) -> Response:
        posted = request.method == "POST"
        body = await read_body(request, self.instance.settings.request_bytes) if posted else b""
        key = self._key(request, body)
        kept = None if key is None else self.instance.kept.get(key)
        if kept is not None:
            return _from_kept(kept, request)
        record = record_of(request.scope)
        asked = read_request(request, body)
        record.query = asked.query or asked.update
        if asked.update is not None:
            if self.update is None:
                raise no_updates()
            return await self.update(request, asked)
        service = self.instance.take(asked.release)
        try:
            if not posted and asked.format is None and prefers_page(_accept(request)):
                return _page(service)
            check_graphs((*asked.default_graphs, *asked.named_graphs), service.graph_names)
            if asked.query is None:
                return _description(request, asked, service)
            return await self._query(request, asked, service, key)
        finally:
            self.instance.give_back(service)

    async def _describe(self, request: Request) -> Response:
        asked = read_request(request, b"")
        service = self.instance.take(asked.release)
        try:
            return _description(request, asked, service)
        finally:
            self.instance.give_back(service)

    def _key(self, request: Request, body: bytes) -> RequestKey | None:
        """What the answer is kept under; for GET the key that the response cache in front of us uses."""
        if len(body) > LONGEST_KEPT_BODY:
            return None
        scope = request.scope
        looked_for: RequestKey | None = scope.get(REQUEST_KEY)
        if looked_for is not None:
            return looked_for
        asked = _header(request, b"accept")
        if request.method == "POST":
            asked = b"\n".join((asked, _header(request, b"content-type"), body))
        return self.instance.current.edition_id, scope["path"], canonical_query(scope["query_string"]), asked

    async def _query(
        self, request: Request, asked: ProtocolRequest, service: Service, key: RequestKey | None
    ) -> Response:
        query = await self._checked(asked.query or "", service.graph_names)
        chosen = media_type(query.form, _accept(request), asked.format)
        headers = _headers(chosen, service)
        client = client_of(request.scope)
        shared = None
        if query.varies:
            headers.append((b"cache-control", b"no-store"))
        else:
            named = [f"{kind} {iri}" for kind, iris in _graphs(asked) for iri in iris]
            # Weak, for without ORDER BY rows may come in another order, from memory or from disk.
            tag = WEAK + entity_tag(service.edition, "query_sparql", chosen, query.text, *named)
            headers += [(b"cache-control", b"public, max-age=0, must-revalidate"), (b"etag", tag)]
            if (kept := self.instance.kept.tagged(tag)) is not None:
                if key is not None:
                    self.instance.kept.keep(key, kept)
                return _from_kept(kept, request)
            if _is_known(request, tag):
                return FinishedResponse(304, [*not_modified_headers(headers), MISS], b"")
            # What a client asks again before it is answered; each client is held to its own share.
            shared = client, tag
        question = QueryRequest(
            query.text,
            worker_format(query.form, chosen),
            asked.default_graphs,
            asked.named_graphs,
            union=not query.has_dataset,
            prefixes=not query.self_contained,
        )
        try:
            store = service.graph.edition.store
            with record_of(request.scope).step("sparql", form=query.form, format=chosen):
                body = await self._work.result(
                    shared,
                    lambda: self.instance.jail.query(store, question, client=client),
                    request.receive,
                )
        except UnparsedQueryError as error:
            raise syntax_error(query, error.message) from error
        if body is None:
            return FinishedResponse(CLIENT_GONE, [], b"")
        headers.append((b"content-length", str(len(body)).encode()))
        if not query.varies:
            response = kept_response(headers, body)
            self.instance.kept.keep(key or self._tag_key(response), response)
            if _header(request, b"if-none-match") == b"*" and request.method != "POST":
                return FinishedResponse(304, [*not_modified_headers(headers), MISS], b"")
        return FinishedResponse(200, [*headers, MISS], body)

    async def _checked(self, text: str, graphs: frozenset[str]) -> CheckedQuery:
        if len(text) < LONG_QUERY:
            return self._verdicts.check(text, graphs)
        return await asyncio.to_thread(self._verdicts.check, text, graphs)

    def _tag_key(self, response: KeptResponse) -> RequestKey:
        """A key for the answer to a query that is too long to be one."""
        return self.instance.current.edition_id, PATH, b"", response.tag


async def send_response(response: Response, scope: Scope, receive: Receive, send: Send) -> None:
    """Send a finished response, to HEAD without its body."""
    if scope["method"] == "HEAD":
        response.body = b""
    await response(scope, receive, send)


def _from_kept(kept: KeptResponse, request: Request) -> Response:
    record_of(request.scope).kept = True
    if _is_known(request, kept.tag):
        return FinishedResponse(304, kept.not_modified, b"")
    return FinishedResponse(200, kept.headers, kept.body)


def _is_known(request: Request, tag: bytes) -> bool:
    """Whether If-None-Match names the answer; ``*`` needs one that is there, and says nothing of a tag."""
    if request.method == "POST":
        return False
    wanted = _header(request, b"if-none-match")
    return wanted != b"*" and matches(wanted, tag)


def _page(service: Service) -> Response:
    page = sparql_page()
    headers = [
        *service.headers,
        (b"content-security-policy", PAGE_POLICY),
        (b"referrer-policy", b"no-referrer"),
        (b"cache-control", b"no-cache"),
        (b"vary", b"Accept"),
        (b"content-type", b"text/html; charset=utf-8"),
        (b"content-length", str(len(page)).encode()),
    ]
    return FinishedResponse(200, headers, page)


def _description(request: Request, asked: ProtocolRequest, service: Service) -> Response:
    chosen = media_type("construct", _accept(request), asked.format)
    home = str(request.url.replace(query="", fragment="")).removesuffix(PATH).removesuffix(VOID_PATH)
    body = service_description(service, home, GRAPH_TYPES[chosen.partition(";")[0]])
    headers = _headers(chosen, service)
    # It holds the address by which it was asked, so that no cache may give it to another.
    headers += [(b"cache-control", b"no-store"), (b"content-length", str(len(body)).encode())]
    return FinishedResponse(200, headers, body)


def _headers(chosen: str, service: Service) -> HeaderList:
    return [
        *service.headers,
        DATA_POLICY,
        (b"vary", b"Accept"),
        (b"content-type", content_type(chosen)),
    ]


def _accept(request: Request) -> str | None:
    return _header(request, b"accept").decode("latin-1") or None


def _header(request: Request, wanted: bytes) -> bytes:
    """A header that decides how is answered; all of them are read at once, for each is wanted often."""
    scope = request.scope
    found: dict[bytes, bytes] | None = scope.get(_READ)
    if found is None:
        found = scope[_READ] = {}
        for name, value in scope["headers"]:
            if name in _DECIDING:
                found[name] = found[name] + b"," + value if name in found else value
    return found.get(wanted, b"")


def _graphs(asked: ProtocolRequest) -> tuple[tuple[str, tuple[str, ...]], ...]:
    return ("default", asked.default_graphs), ("named", asked.named_graphs)

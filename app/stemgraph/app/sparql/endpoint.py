"""The SPARQL 1.1 Protocol endpoint as a router."""

from __future__ import annotations

import asyncio
from collections.abc import Coroutine, Mapping
from typing import Final, TypeVar

from fastapi import APIRouter, Request, Response
from starlette.requests import ClientDisconnect
from starlette.types import Receive, Scope, Send

from stemgraph.app.caching import HeaderList
from stemgraph.app.conditional import entity_tag, matches, not_modified_headers
from stemgraph.app.jail import Jail, QueryRequest, UnparsedQueryError
from stemgraph.app.jail.clients import client_of
from stemgraph.app.jail.guard import CheckedQuery, check
from stemgraph.app.problems import problem_of, status_problem
from stemgraph.app.routing import (
    CLIENT_GONE,
    HEAD_KEY,
    FinishedResponse,
    OperationRoute,
    operation_id_at,
    problem_response,
)
from stemgraph.app.service import DATA_POLICY, NO_SNIFFING, Instance, Service
from stemgraph.app.sparql.documentation import (
    GET_DOCUMENTATION,
    GET_RESPONSES,
    POST_DOCUMENTATION,
    POST_RESPONSES,
)
from stemgraph.app.sparql.formats import GRAPH_TYPES, RESULT_TYPES, content_type, is_graph, media_type
from stemgraph.app.sparql.request import ProtocolRequest, check_graphs, read_request
from stemgraph.app.sparql.service_description import service_description
from stemgraph.app.sparql.syntax import syntax_error
from stemgraph.graph.errors import StemgraphError

PATH: Final = "/sparql"
ALLOWED: Final = "GET, HEAD, OPTIONS, POST"
LONG_QUERY: Final = 16_384
"""Characters from which a query is checked in a thread, so that others are answered meanwhile."""

Result = TypeVar("Result")


class SparqlRoute(OperationRoute):
    """A route that answers OPTIONS, and names every method of the endpoint in its 405."""

    async def handle(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer the methods that the endpoint has beside those of the route."""
        if scope["method"] == "OPTIONS":
            response = FinishedResponse(204, [(b"allow", ALLOWED.encode()), DATA_POLICY, NO_SNIFFING], b"")
            await response(scope, receive, send)
        elif scope["method"] not in ("GET", "HEAD", "POST"):
            problem = status_problem(405, headers={"Allow": ALLOWED}).at(scope["path"])
            await problem_response(problem)(scope, receive, send)
        else:
            await super().handle(scope, receive, send)


class Endpoint:
    """The endpoint of one instance, answered by the jail from the store of the release that is asked."""

    def __init__(self, instance: Instance) -> None:
        self.instance = instance
        self.jail: Jail = instance.jail

    async def respond(self, request: Request) -> Response:
        """Answer a request; everything that is refused becomes a problem."""
        instance = self.instance
        try:
            asked = await read_request(request, instance.settings.request_bytes)
            service = instance.take(asked.release)
        except ClientDisconnect:  # while its body was read
            return FinishedResponse(CLIENT_GONE, [], b"")
        except StemgraphError as error:
            return _refuse(error, request, instance.current)
        try:
            graphs = await self.jail.graphs(service.graph.edition.store)
            check_graphs((*asked.default_graphs, *asked.named_graphs), graphs)
            if asked.query is None:
                return _description(request, asked, service, graphs)
            return await self._answer(request, asked, asked.query, service, graphs)
        except StemgraphError as error:
            return _refuse(error, request, service)
        finally:
            instance.give_back(service)

    async def _answer(
        self, request: Request, asked: ProtocolRequest, text: str, service: Service, known: frozenset[str]
    ) -> Response:
        query = await _checked(text, known, self.jail.prefixes)
        chosen = media_type(query.form, _accept(request), asked.format)
        headers = _headers(chosen, service)
        wanted = request.headers.get("if-none-match", "").encode() if request.method != "POST" else b""
        if query.varies:
            headers.append((b"cache-control", b"no-store"))
        else:
            graphs = [f"{kind} {iri}" for kind, iris in _graphs(asked) for iri in iris]
            tag = entity_tag(service.edition, "query_sparql", chosen, query.text, *graphs)
            headers += [(b"cache-control", b"public, max-age=0, must-revalidate"), (b"etag", tag)]
            if wanted != b"*" and matches(wanted, tag):
                return FinishedResponse(304, not_modified_headers(headers), b"")
        types = GRAPH_TYPES if is_graph(query.form) else RESULT_TYPES
        question = QueryRequest(
            query.text, types[chosen], asked.default_graphs, asked.named_graphs, union=not query.has_dataset
        )
        try:
            store = service.graph.edition.store
            asking = self.jail.query(store, question, client=client_of(request.scope))
            body = await _unless_gone(request, asking)
        except UnparsedQueryError as error:
            raise syntax_error(query, error.message) from error
        if body is None:
            return FinishedResponse(CLIENT_GONE, [], b"")
        if wanted == b"*" and not query.varies:
            return FinishedResponse(304, not_modified_headers(headers), b"")
        headers.append((b"content-length", str(len(body)).encode()))
        return FinishedResponse(200, headers, b"" if HEAD_KEY in request.scope else body)


async def _checked(text: str, graphs: frozenset[str], prefixes: Mapping[str, str]) -> CheckedQuery:
    if len(text) < LONG_QUERY:
        return check(text, graphs=graphs, prefixes=prefixes)
    return await asyncio.to_thread(check, text, graphs=graphs, prefixes=prefixes)


def _description(
    request: Request, asked: ProtocolRequest, service: Service, graphs: frozenset[str]
) -> Response:
    chosen = media_type("construct", _accept(request), asked.format)
    endpoint = str(request.url.replace(query="", fragment=""))
    body = service_description(endpoint, graphs, GRAPH_TYPES[chosen])
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


def _refuse(error: StemgraphError, request: Request, service: Service) -> Response:
    return problem_response(problem_of(error).at(request.scope["path"]), service.headers)


def _accept(request: Request) -> str | None:
    return ",".join(request.headers.getlist("accept")) or None


def _graphs(asked: ProtocolRequest) -> tuple[tuple[str, tuple[str, ...]], ...]:
    return ("default", asked.default_graphs), ("named", asked.named_graphs)


async def _unless_gone(request: Request, work: Coroutine[None, None, Result]) -> Result | None:
    """What the work comes to, or None when the client goes away first: then the work is cancelled."""
    working = asyncio.ensure_future(work)
    leaving = asyncio.ensure_future(_disconnected(request.receive))
    try:
        await asyncio.wait((working, leaving), return_when=asyncio.FIRST_COMPLETED)
        return working.result() if working.done() else None
    finally:
        for task in (working, leaving):
            task.cancel()
        await asyncio.gather(working, leaving, return_exceptions=True)


async def _disconnected(receive: Receive) -> None:
    while (await receive())["type"] != "http.disconnect":
        pass


def create_sparql_router(instance: Instance) -> APIRouter:
    """The endpoint as a router; whoever includes it starts and stops the jail in a lifespan."""
    endpoint = Endpoint(instance)
    router = APIRouter()

    async def query_sparql(request: Request) -> Response:
        return await endpoint.respond(request)

    async def post_sparql(request: Request) -> Response:
        return await endpoint.respond(request)

    router.add_api_route(
        PATH,
        query_sparql,
        methods=["GET"],
        generate_unique_id_function=operation_id_at(PATH, "query_sparql"),
        summary="Answer a SPARQL 1.1 query, or without one describe the endpoint",
        description=_DESCRIPTION,
        tags=["sparql"],
        response_class=Response,
        responses=GET_RESPONSES,
        openapi_extra=GET_DOCUMENTATION,
        route_class_override=SparqlRoute,
    )
    router.add_api_route(
        PATH,
        post_sparql,
        methods=["POST"],
        generate_unique_id_function=operation_id_at(PATH, "post_sparql"),
        summary="Answer a SPARQL 1.1 query sent as a form or as the body itself",
        description=_DESCRIPTION,
        tags=["sparql"],
        response_class=Response,
        responses=POST_RESPONSES,
        openapi_extra=POST_DOCUMENTATION,
        route_class_override=SparqlRoute,
    )
    return router


_DESCRIPTION: Final = (
    "The default graph is the union of the named graphs. Prefixes of `GET /api/v1/schema` hold without being "
    "declared. Each query runs in a process of its own, up to a time limit; its result is answered whole or "
    "not at all. SERVICE, updates and graphs that are not here are refused."
)

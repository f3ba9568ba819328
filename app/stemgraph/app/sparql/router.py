"""The endpoint among the routes: found, documented, and answered past FastAPI's machinery."""

from __future__ import annotations

from typing import Final

from fastapi import APIRouter, Request, Response
from starlette.types import Receive, Scope, Send

from stemgraph.app.routing import OperationRoute, operation_id_at
from stemgraph.app.sparql.documentation import (
    DESCRIPTION_DOCUMENTATION,
    DESCRIPTION_RESPONSES,
    GET_DOCUMENTATION,
    GET_RESPONSES,
    post_documentation,
    post_responses,
)
from stemgraph.app.sparql.endpoint import PATH, VOID_PATH, Endpoint, send_response


class SparqlRoute(OperationRoute):
    """A route whose endpoint answers every method of its path, without FastAPI's machinery around it."""

    async def handle(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Hand the request to the endpoint."""
        response = await self.endpoint(Request(scope, receive))
        await send_response(response, scope, receive, send)


def create_sparql_router(endpoint: Endpoint) -> APIRouter:
    """The endpoint as a router; whoever includes it starts and stops the workers in a lifespan."""
    router = APIRouter()
    updates = endpoint.update is not None

    async def query_sparql(request: Request) -> Response:
        return await endpoint.answer(request)

    async def post_sparql(request: Request) -> Response:
        return await endpoint.answer(request)

    async def describe_sparql(request: Request) -> Response:
        return await endpoint.describe(request)

    for path, method, function, summary, description, responses, extra in (
        (
            PATH,
            "GET",
            query_sparql,
            "Answer a SPARQL query, or without one describe the endpoint",
            _DESCRIPTION,
            GET_RESPONSES,
            GET_DOCUMENTATION,
        ),
        (
            PATH,
            "POST",
            post_sparql,
            "Answer a SPARQL query, or do an update, sent as a form or as the body itself"
            if updates
            else "Answer a SPARQL query sent as a form or as the body itself",
            _UPDATE_DESCRIPTION if updates else _DESCRIPTION,
            post_responses(updates=updates),
            post_documentation(updates=updates),
        ),
        (
            VOID_PATH,
            "GET",
            describe_sparql,
            "What the dataset and its endpoint are",
            _VOID_DESCRIPTION,
            DESCRIPTION_RESPONSES,
            DESCRIPTION_DOCUMENTATION,
        ),
    ):
        router.add_api_route(
            path,
            function,
            methods=[method],
            generate_unique_id_function=operation_id_at(path, function.__name__),
            summary=summary,
            description=description,
            tags=["sparql"],
            response_class=Response,
            responses=responses,
            openapi_extra=extra,
            route_class_override=SparqlRoute,
        )
    return router


_DESCRIPTION: Final = (
    "The default graph is the union of the named graphs. Prefixes of `GET /api/v1/schema` hold without being "
    "declared. Each query runs in a process of its own, up to a time limit; its result is answered whole or "
    "not at all. SERVICE, updates and graphs that are not here are refused. A browser gets a page to write "
    "queries in. `Stemgraph-Cache` tells whether the answer was kept from an earlier request."
)
_UPDATE_DESCRIPTION: Final = (
    "A query needs no key; an update needs one of scope `update`. All operations of an update are done or "
    "none is; LOAD and blank nodes are refused. Its JSON answer says which edition it made, and how many "
    "quads it added and removed. The default graph of a query is the union of the named graphs, that of an "
    "update is the store's own. Each runs in a process of its own, up to a time limit."
)
_VOID_DESCRIPTION: Final = (
    "The SPARQL 1.1 Service Description, with the named graphs of the dataset, their licences and their "
    "counts in the VoID vocabulary. It is also what `GET /sparql` answers without a query."
)

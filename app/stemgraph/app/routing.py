"""Operations as FastAPI routes: documented like any other, answered without its dependency machinery."""

from __future__ import annotations

import logging
import re
from collections.abc import AsyncIterator, Callable, Coroutine
from dataclasses import dataclass, replace
from typing import Any, Final, cast

import anyio.to_thread
from fastapi import APIRouter, Request, Response
from fastapi.responses import JSONResponse
from fastapi.routing import APIRoute
from starlette.requests import ClientDisconnect
from starlette.responses import StreamingResponse
from starlette.routing import Match
from starlette.types import Message, Receive, Scope, Send

from stemgraph.app.access import ANONYMOUS, PRINCIPAL, permit
from stemgraph.app.access.documentation import security_of
from stemgraph.app.asked_release import RELEASE, split_release
from stemgraph.app.caching import NOT_KEPT_HERE, HeaderList
from stemgraph.app.conditional import entity_tag, matches, not_modified_headers, versioned_tag
from stemgraph.app.documentation import describe_operation
from stemgraph.app.jail.clients import client_of
from stemgraph.app.negotiation import negotiate
from stemgraph.app.operation import Answer, Call, Operation
from stemgraph.app.parameters import Parameters, read_parameters
from stemgraph.app.problems import MEDIA_TYPE, Problem, problem_of, status_problem
from stemgraph.app.query_string import Pairs, again, query_pairs
from stemgraph.app.request_body import read_body
from stemgraph.app.service import DATA_POLICY, NO_SNIFFING, Instance, Service
from stemgraph.app.telemetry.request_record import current_request, record_of
from stemgraph.graph.errors import StemgraphError, UnknownIdentifierError

logger = logging.getLogger("stemgraph.app")

Handler = Callable[[Request], Coroutine[Any, Any, Response]]
"""The parameters of a query string, in its order."""

CLIENT_GONE: Final = 499
"""Status of an answer that no one waits for; it is not sent."""

HEAD_KEY = "stemgraph.head"
"""Scope key that marks a HEAD request, which is matched and answered as GET."""


class FinishedResponse(Response):
    """A response whose header list is complete as given."""

    def __init__(self, status: int, headers: HeaderList, body: bytes) -> None:
        self.status_code = status
        self.raw_headers = headers
        self.body = body
        self.background = None

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Send it."""
        await send({"type": "http.response.start", "status": self.status_code, "headers": self.raw_headers})
        await send({"type": "http.response.body", "body": self.body})


class OperationRoute(APIRoute):
    """A FastAPI route whose endpoint is handed the request itself, and which answers HEAD and 405."""

    def get_route_handler(self) -> Handler:
        """The endpoint: it reads and checks the request without FastAPI's dependencies."""
        handler: Handler = self.endpoint
        return handler

    def matches(self, scope: Scope) -> tuple[Match, Scope]:
        """Match HEAD as GET; a line break, which patterns let pass at the end, is in no path of ours."""
        if "\n" in scope.get("path", ""):
            return Match.NONE, {}
        return super().matches({**scope, "method": "GET"} if self._is_head(scope) else scope)

    async def handle(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer HEAD without a body, and another method with 405."""
        methods: set[str] = self.methods or set()
        if self._is_head(scope):
            scope = {**scope, "method": "GET", HEAD_KEY: True}
            await super().handle(scope, receive, without_body(send))
        elif scope["method"] not in methods:
            bound: BoundOperation = self.endpoint.__self__  # type: ignore[attr-defined]  # add_operation's
            problem = status_problem(405, headers={"Allow": ", ".join(bound.allowed)})
            await bound.refuse(problem, scope)(scope, receive, send)
        else:
            await super().handle(scope, receive, send)

    def _is_head(self, scope: Scope) -> bool:
        return scope["type"] == "http" and scope["method"] == "HEAD" and "GET" in (self.methods or ())


def without_body(send: Send) -> Send:
    """A ``send`` for HEAD."""

    async def sending(message: Message) -> None:
        if message["type"] == "http.response.body":
            message = {**message, "body": b""}
        await send(message)

    return sending


def problem_response(problem: Problem, headers: HeaderList | None = None) -> Response:
    """The response that tells a problem, with these headers beside its own."""
    named: HeaderList = []
    if (record := current_request.get()) is not None:
        problem = replace(problem, request_id=record.id)
        named = [(b"x-request-id", record.id.encode())]
    body = problem.to_bytes()
    return FinishedResponse(
        problem.status,
        [
            (b"content-type", MEDIA_TYPE.encode()),
            (b"content-length", str(len(body)).encode()),
            (b"cache-control", b"no-store"),
            DATA_POLICY,
            *(headers or [NO_SNIFFING]),
            *named,
            *((name.lower().encode(), value.encode()) for name, value in problem.headers.items()),
        ],
        body,
    )


class ReleasingResponse(Response):
    """A response that is still being made while it is sent: what it needs is let go of after that."""

    def __init__(self, response: Response, let_go: Callable[[], None]) -> None:
        self._response = response
        self._let_go = let_go

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Send it."""
        try:
            await self._response(scope, receive, send)
        finally:
            self._let_go()


@dataclass(slots=True)
class Asked:
    """What a request asks, as far as it is the same for every route."""

    pairs: Pairs
    """All parameters of the query string."""
    release: str | None
    others: Pairs
    """The parameters beside ``release``."""
    body: bytes = b""


class BoundOperation:
    """An operation of one instance, answering requests from the release that they ask for."""

    def __init__(self, operation: Operation[Any], instance: Instance) -> None:
        self.operation = operation
        self.instance = instance
        self._headers = _headers_of(operation, b"public, max-age=0, must-revalidate")
        self._headers_of_history = _headers_of(operation, NOT_KEPT_HERE)

    @property
    def allowed(self) -> list[str]:
        """The methods that routes of ours with this path take."""
        methods = self.instance.methods[self.operation.path]
        return sorted({*methods, "HEAD"} if "GET" in methods else methods)

    async def respond(self, request: Request) -> Response:
        """Answer a request; everything that stemgraph refuses becomes a problem."""
        instance = self.instance
        record_of(request.scope)
        try:
            if self.operation.scope != "read":
                await permit(request.scope, instance.access, self.operation.scope)
            asked = await self._read(request)
            service = instance.take(asked.release)
        except StemgraphError as error:
            return self._refuse(error, request, instance.current)
        except ClientDisconnect:  # while its body was read: no one is left to be answered
            return FinishedResponse(CLIENT_GONE, [], b"")
        sending = False
        try:
            response = await self._answer(request, service, asked)
            sending = isinstance(response, StreamingResponse)
        except StemgraphError as error:
            return self._refuse(error, request, service)
        finally:
            if not sending:
                instance.give_back(service)
        return ReleasingResponse(response, lambda: instance.give_back(service)) if sending else response

    def refuse(self, problem: Problem, scope: Scope) -> Response:
        """The response that tells a problem."""
        return problem_response(problem.at(scope["path"]), self.instance.current.headers)

    def _refuse(self, error: StemgraphError, request: Request, service: Service) -> Response:
        problem = problem_of(error)
        if problem.status == 500:
            logger.error("%s %s failed", request.method, request.url.path, exc_info=error)
        return problem_response(problem.at(request.scope["path"]), service.headers)

    async def _read(self, request: Request) -> Asked:
        pairs = query_pairs(request.scope["query_string"])
        release, others = split_release(pairs) if self.operation.of_release else (None, pairs)
        if self.operation.reads:
            most = self.instance.settings.request_bytes
            body = await read_body(request, most, types=self.operation.reads)
            return Asked(pairs, release, others, body)
        if self.operation.takes is None:
            return Asked(pairs, release, others)
        # Read before a release is taken: who sends slowly must not keep one open.
        body = await read_body(request, self.instance.settings.request_bytes)
        return Asked(pairs, release, others, body)

    async def _answer(self, request: Request, service: Service, asked: Asked) -> Response:
        """Answer from a release."""
        operation, scope, pairs = self.operation, request.scope, asked.pairs
        accept, if_none_match = _asked_of(scope)
        media_type = negotiate(accept, operation.offers)
        path_values: dict[str, str] = scope["path_params"]
        beside = (RELEASE,) if operation.of_release else ()
        parameters = read_parameters(operation.parameters, path_values, asked.others, beside=beside)
        of_history = operation.of_history and asked.release is None
        headers = [*service.headers, *(self._headers_of_history if of_history else self._headers)]
        call = Call(
            service,
            parameters,
            media_type,
            scope["path"],
            scope.get("raw_path", b""),
            path_values,
            asked.body,
            asked_release=asked.release,
            pairs=pairs,
            client=client_of(scope),
            headers=scope["headers"],
            principal=scope.get(PRINCIPAL, ANONYMOUS),
        )
        try:
            if operation.kept:
                known = [each.id for each in service.graph.releases()] if of_history else []
                tag = self._tag(service, known, media_type, path_values, pairs)
                if operation.version is not None:
                    tag = versioned_tag(operation.version(call), tag)
                headers.append((b"etag", tag))
                # '*' needs to know that there is an answer; a tag of ours was given out with one.
                if if_none_match != b"*" and matches(if_none_match, tag):
                    return FinishedResponse(304, not_modified_headers(headers), b"")
            answer = await self._run(call)
        except UnknownIdentifierError as error:
            error.place = error.place or _place_of(error.identifier, parameters)
            raise
        if operation.scope != "read":  # it answers from the edition that it made
            headers = [*self.instance.current.headers, *self._headers]
        if not answer.lasting:
            headers = [*service.headers, DATA_POLICY, (b"cache-control", b"no-store")]
        if answer.next_cursor is not None:
            headers.append((b"link", _next_link(pairs, answer.next_cursor)))
        headers += answer.headers
        if operation.kept and answer.lasting and if_none_match == b"*":
            return FinishedResponse(304, not_modified_headers(headers), b"")
        return await _finish(answer, headers, head=HEAD_KEY in scope)

    async def _run(self, call: Call[Any]) -> Answer:
        if self._takes_long(call):
            limiter = self.instance.slow_limiter
            endpoint = cast("Callable[[Call[Any]], Answer]", self.operation.endpoint)
            return await anyio.to_thread.run_sync(endpoint, call, limiter=limiter)
        answer = self.operation.endpoint(call)
        return answer if isinstance(answer, Answer) else await answer

    def _takes_long(self, call: Call[Any]) -> bool:
        """Whether it would hold up others: RDF is serialised anew, and the unknown is looked for all over."""
        if self.operation.scope != "read" and self.operation.method != "GET":
            return False  # it waits for the writer, and for workers
        if self.operation.slow or call.media_type != self.operation.offers[0]:
            return True
        identifiers = (getattr(call.parameters, name) for name in self.operation.entities)
        row_of = call.graph.records.entity_row
        return any(identifier is not None and row_of(identifier) is None for identifier in identifiers)

    def _tag(
        self, service: Service, known: list[str], media_type: str, path: dict[str, str], pairs: Pairs
    ) -> bytes:
        """The entity tag of an answer; ``known`` are the releases there are, where it depends on them."""
        asked = [f"{name}={value}" for name, value in sorted(pairs)]
        named = [f"{name}={value}" for name, value in path.items()]
        return entity_tag(service.edition, *known, self.operation.name, media_type, *named, "?", *asked)


def _place_of(identifier: str, parameters: Parameters) -> str | None:
    """The name of the parameter that gave an identifier."""
    for name in type(parameters).model_fields:
        value = getattr(parameters, name)
        if value == identifier or (isinstance(value, tuple) and identifier in value):
            return name
    return None


async def _finish(answer: Answer, headers: HeaderList, *, head: bool) -> Response:
    if answer.content:
        headers.append((b"content-type", _content_type(answer.media_type)))
    if answer.status == 204:  # which has no body, nor a length of one (RFC 9110, section 8.6)
        return FinishedResponse(204, headers, b"")
    if isinstance(answer.content, bytes):
        headers.append((b"content-length", str(len(answer.content)).encode()))
        return FinishedResponse(answer.status, headers, b"" if head else answer.content)
    if head:
        return FinishedResponse(answer.status, headers, b"")
    # A failure before the first chunk is still a problem; after it the connection breaks off.
    first = await anext(answer.content, b"")
    response = StreamingResponse(_rejoined(first, answer.content), answer.status)
    response.raw_headers = headers
    return response


async def _rejoined(first: bytes, rest: AsyncIterator[bytes]) -> AsyncIterator[bytes]:
    yield first
    async for chunk in rest:
        yield chunk


def _content_type(media_type: str) -> bytes:
    if media_type.startswith("text/") or media_type == "application/javascript":
        return f"{media_type}; charset=utf-8".encode()
    return media_type.encode()


def _headers_of(operation: Operation[Any], lasting: bytes) -> HeaderList:
    """What the answers of an operation have in common; ``lasting`` is the cache control of those kept."""
    headers: HeaderList = [DATA_POLICY]
    if operation.policy is not None:
        headers = [(b"content-security-policy", operation.policy), (b"referrer-policy", b"no-referrer")]
    headers.append((b"cache-control", lasting if operation.kept else b"no-store"))
    if len(operation.offers) > 1:
        headers.append((b"vary", b"Accept"))
    return headers


def _asked_of(scope: Scope) -> tuple[str | None, bytes | None]:
    """The Accept and If-None-Match headers of a request."""
    accept = if_none_match = None
    for name, value in scope["headers"]:
        if name == b"accept":
            accept = value if accept is None else accept + b"," + value
        elif name == b"if-none-match":
            if_none_match = value if if_none_match is None else if_none_match + b"," + value
    return None if accept is None else accept.decode("latin-1"), if_none_match


def _next_link(pairs: Pairs, cursor: str) -> bytes:
    """A link relative to the request itself, so that it holds under any prefix and host."""
    return f'<{again(pairs, cursor=cursor)}>; rel="next"'.encode()


def operation_id_at(path: str, name: str) -> Callable[[APIRoute], str]:
    """Gives a route its operationId: its name, and the prefix where one stands before its path.

    So that two services in one app, under two prefixes, are told apart in its document.
    """

    def identify(route: APIRoute) -> str:
        prefix = route.path.removesuffix(path)
        return re.sub(r"\W+", "_", name + prefix)

    return identify


def add_operation(router: APIRouter, operation: Operation[Any], instance: Instance) -> None:
    """Add an operation to a router, as a route of one instance."""
    responses, extra = describe_operation(operation)
    instance.methods.setdefault(operation.path, set()).add(operation.method)
    router.add_api_route(
        operation.path,
        BoundOperation(operation, instance).respond,
        methods=[operation.method],
        response_model=operation.returns,
        response_class=Response if operation.returns is None else JSONResponse,
        status_code=303 if operation.redirects else operation.statuses[0],
        responses=responses,
        openapi_extra=extra,
        generate_unique_id_function=operation_id_at(operation.path, operation.name),
        summary=operation.summary,
        description=operation.description,
        tags=[operation.tag],
        name=operation.name,
        dependencies=security_of(operation.scope),
        route_class_override=OperationRoute,
    )

"""The service as a FastAPI app of its own, and as a router for another app.

Both are built from one ``Instance``; nothing happens at import, and any number live side by side.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import AsyncGenerator, Callable
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from functools import cache, partial
from importlib.metadata import version
from typing import TYPE_CHECKING, Any, Final

import orjson
from fastapi import APIRouter, FastAPI, Request, Response
from fastapi.exceptions import RequestValidationError
from fastapi.openapi.utils import get_openapi
from starlette.applications import Starlette
from starlette.exceptions import HTTPException
from starlette.middleware.errors import ServerErrorMiddleware
from starlette.types import ASGIApp, Receive, Scope, Send

from stemgraph.app.access.gate import KEPT_COST, Gate
from stemgraph.app.access.permission import principal_of
from stemgraph.app.access.preflight import is_preflight, preflight_response
from stemgraph.app.caching import HeaderList, ResponseCache
from stemgraph.app.direct_routes import DirectRoutes
from stemgraph.app.following import Following
from stemgraph.app.parameters import invalid
from stemgraph.app.problems import internal_problem, problem_of, status_problem
from stemgraph.app.routes import OPERATIONS
from stemgraph.app.routes.metrics import get_metrics
from stemgraph.app.routing import add_operation, problem_response, without_body
from stemgraph.app.service import NOTICE, Instance
from stemgraph.app.settings import Settings, read_settings
from stemgraph.app.sparql import SPARQL_PATH, Endpoint, create_sparql_router
from stemgraph.app.sparql.updating import Updater
from stemgraph.app.telemetry.lifetime import telling
from stemgraph.app.telemetry.observer import Observer
from stemgraph.graph import KnowledgeGraph
from stemgraph.graph.errors import BadRequestError, StemgraphError

if TYPE_CHECKING:
    from stemgraph.app.writer import WriterClient

TITLE: Final = "stemgraph"
DESCRIPTION: Final = (
    "A knowledge graph of stem-cell and immune therapies in which every answer carries its evidence.\n\n"
    f"**{NOTICE}**\n\n"
    "Every response names its release; every refusal is a problem (RFC 9457) that says where it is wrong "
    "and how to mend it. Lists are paged by cursor, reads carry a strong entity tag, and entities and "
    "associations can also be had as RDF."
)

logger = logging.getLogger("stemgraph.app")

PREPARING_SECONDS: Final = 300.0

Lifespan = Callable[[Any], AbstractAsyncContextManager[None]]


class Application(FastAPI):
    """A FastAPI app with its finished responses in front of it: a repeated read never enters FastAPI."""

    instance: Instance
    """What its routes share: its current edition, and ``swap``."""
    gate: Gate
    """What every request passes first."""
    observer: Observer
    """What notes every request."""
    sparql: Endpoint
    direct_routes: DirectRoutes
    answer_directly: ASGIApp
    """Has the route that was found answer, and makes a problem of what fails."""
    cache: ResponseCache | None = None

    async def enter(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer as Starlette does; asking FastAPI's telemetry, which is off, costs a third of a read.

        What is asked in SPARQL goes to its endpoint, and a read to its route, past the layers before them.
        """
        if scope["type"] == "http":
            try:
                self.gate.charge(scope, 1 - KEPT_COST)
            except StemgraphError as error:
                await self._refuse(error, scope, receive, send)
                return
            if _is_sparql(scope):
                await self.sparql(scope, receive, send)
                return
            if not self.user_middleware and self.direct_routes.find(scope) is not None:
                await self.answer_directly(scope, receive, send)
                return
        await Starlette.__call__(self, scope, receive, send)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer what passes the gate, from what is kept where it is HTTP, and note what came of it."""
        if scope["type"] == "http":
            try:
                if self.gate.check(scope):
                    await principal_of(scope, self.gate.access)
                if scope["method"] == "OPTIONS" and self.instance.cors and is_preflight(scope):
                    response = preflight_response(scope, self.gate.origins)
                    await self.observer.watch(response, scope, receive, send)
                    return
            except StemgraphError as error:
                await self.observer.watch(partial(self._refuse, error), scope, receive, send)
                return
        await (self.cache or self.observer)(scope, receive, send)

    async def _refuse(self, error: StemgraphError, scope: Scope, receive: Receive, send: Send) -> None:
        problem = problem_of(error).at(scope["path"])
        response = problem_response(problem, self.instance.current.headers)
        await response(scope, receive, without_body(send) if scope["method"] == "HEAD" else send)


def _is_sparql(scope: Scope) -> bool:
    path: str = scope["path"]
    return path.endswith(SPARQL_PATH) and path == scope.get("root_path", "") + SPARQL_PATH


def create_app(
    settings: Settings | None = None, *, knowledge_graph: KnowledgeGraph | None = None
) -> Application:
    """The service as an app of its own.

    Args:
        settings: The limits and what is served; without them the environment is read.
        knowledge_graph: What is served; without it, what the settings say is opened, and closed when the app
            shuts down.

    Raises:
        DataDirectoryError: What the settings say cannot be opened.
    """
    settings = settings or read_settings()
    graph = knowledge_graph or open_graph(settings)
    instance = Instance(graph, settings, cors=settings.cors, owned=knowledge_graph is None)
    sparql = Endpoint(instance, Updater(instance) if settings.updates else None)
    app = Application(
        title=TITLE,
        version=version("stemgraph"),
        description=DESCRIPTION,
        openapi_url=None,
        docs_url=None,
        redoc_url=None,
        redirect_slashes=False,
        lifespan=_lifespan(instance),
    )
    app.instance = instance
    app.gate = Gate.from_settings(instance.access, settings)
    app.observer = instance.observer = Observer(app.enter, instance)
    app.sparql = sparql
    if settings.writes:
        instance.writer = _writer(instance)
    _add_routes(app.router, instance, sparql)
    install_problem_handlers(app, lambda: instance.current.headers)
    app.direct_routes = DirectRoutes(app.router.routes)
    app.answer_directly = ServerErrorMiddleware(
        app.direct_routes, handler=app.exception_handlers[Exception], debug=app.debug
    )
    if settings.cache_bytes:
        app.cache = ResponseCache(
            app.observer, instance.kept, edition=lambda: instance.current.edition_id, apart=_is_sparql
        )
        app.cache.noted = app.observer.note_kept
    return app


def create_router(knowledge_graph: KnowledgeGraph, settings: Settings | None = None) -> APIRouter:
    """The service as a router: ``app.include_router(create_router(graph), prefix="/kg")``.

    It brings its own lifespan and its own problem details; CORS is the including app's affair.
    """
    instance = Instance(knowledge_graph, settings or read_settings())
    router = APIRouter(lifespan=_lifespan(instance), redirect_slashes=False)
    _add_routes(router, instance, Endpoint(instance))
    return router


def open_graph(settings: Settings) -> KnowledgeGraph:
    """The graph that the settings name: a release, a data directory, or the bundle.

    Raises:
        DataDirectoryError: It cannot be opened.
    """
    place = settings.release or settings.data
    return KnowledgeGraph.bundled() if place is None else KnowledgeGraph.open(place)


def _writer(instance: Instance) -> WriterClient:
    """What submits writes to the data directory that is served.

    Raises:
        BadRequestError: Nothing that can be written is served.
    """
    settings = instance.settings
    if settings.data is None or settings.release is not None:
        raise BadRequestError(
            "a release cannot be written", place="STEMGRAPH_WRITES", mend="serve a data directory: --data DIR"
        )
    from stemgraph.app.writer import WriterClient  # noqa: PLC0415  # only where writes are on

    return WriterClient(instance, settings.data)


def _add_routes(router: APIRouter, instance: Instance, sparql: Endpoint) -> None:
    for operation in OPERATIONS:
        if operation is get_metrics and not instance.settings.metrics:
            continue
        add_operation(router, operation, instance)
    router.include_router(create_sparql_router(sparql))

    @cache
    def describe() -> bytes:
        return orjson.dumps(openapi_document(router))

    instance.describe = describe


def openapi_document(router: APIRouter) -> dict[str, Any]:
    """The OpenAPI document of the service's routes, relative to where it is served."""
    return get_openapi(
        title=TITLE,
        version=version("stemgraph"),
        description=DESCRIPTION,
        routes=router.routes,
        servers=[{"url": "."}],
        license_info={"name": "Apache-2.0 (software), CC BY 4.0 (curated content)"},
    )


async def prepare_texts(instance: Instance) -> None:
    """Index the names of the graph in a worker, so that the first text need not wait for it."""
    service = instance.current
    try:
        await instance.jail.run(
            "ready",
            {"graph": service.edition},
            body=service.pickled_graph,
            client="stemgraph",
            seconds=PREPARING_SECONDS,
            store=service.graph.edition.store,
        )
    except StemgraphError:
        logger.exception("the names could not be indexed beforehand")


def _lifespan(instance: Instance) -> Lifespan:
    @asynccontextmanager
    async def lifespan(app: object) -> AsyncGenerator[None]:
        writer = instance.writer
        if writer is not None:
            writer.begin()  # it takes its time, as the jail does
        try:
            await instance.jail.start()
            if writer is not None:
                await writer.start()
        except BaseException:
            if writer is not None:
                await writer.stop()
            await instance.jail.stop()
            raise
        following = Following(instance)
        following.start()
        instance.ready = True
        preparing = [prepare_texts(instance)] if instance.settings.prepare_texts else []
        tasks = [asyncio.create_task(each) for each in preparing]
        try:
            async with telling(instance):
                yield
        finally:
            instance.ready = False
            await following.stop()
            await asyncio.gather(*tasks)
            if writer is not None:
                await writer.stop()
            await instance.jail.stop()
            await instance.closed()
            instance.close()

    return lifespan


def install_problem_handlers(app: FastAPI, headers: Callable[[], HeaderList | None] = lambda: None) -> None:
    """Make every error of an app a problem: unknown paths, refused methods, and failures too.

    An app that includes our router may want it; our own routes answer with problems in any case.
    """

    def answer_status(request: Request, error: Exception) -> Response:
        assert isinstance(error, HTTPException)  # noqa: S101  # registered for it alone
        problem = status_problem(error.status_code, detail=error.detail, headers=error.headers)
        return problem_response(problem.at(request.scope["path"]), headers())

    def answer_refusal(request: Request, error: Exception) -> Response:
        assert isinstance(error, StemgraphError)  # noqa: S101  # registered for it alone
        problem = problem_of(error)
        if problem.status == 500:
            raise error  # it is answered, and logged, as a failure
        return problem_response(problem.at(request.scope["path"]), headers())

    def answer_invalid(request: Request, error: Exception) -> Response:
        assert isinstance(error, RequestValidationError)  # noqa: S101  # registered for it alone
        problem = problem_of(invalid(error.errors()[0]))
        return problem_response(problem.at(request.scope["path"]), headers())

    def answer_failure(request: Request, error: Exception) -> Response:
        return problem_response(internal_problem().at(request.scope["path"]), headers())

    app.add_exception_handler(HTTPException, answer_status)
    app.add_exception_handler(StemgraphError, answer_refusal)
    app.add_exception_handler(RequestValidationError, answer_invalid)
    app.add_exception_handler(Exception, answer_failure)

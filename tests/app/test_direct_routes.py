from __future__ import annotations

from typing import Any

import pytest
from fastapi.testclient import TestClient
from starlette.routing import Match
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from stemgraph.app import Settings, create_app
from stemgraph.app.routes import OPERATIONS
from stemgraph.graph import KnowledgeGraph

SCLEROSIS = "/api/v1/entity/MONDO:0005301"


def scope_of(path: str, method: str = "GET") -> dict[str, Any]:
    return {"type": "http", "method": method, "path": path, "root_path": "", "headers": []}


@pytest.mark.parametrize("path", [each.path for each in OPERATIONS if each.method == "GET"])
def test_the_short_way_leads_where_starlette_leads(path: str, client: TestClient) -> None:
    app: Any = client.app
    asked = path.replace("{id:path}", "a/b:1/associations/c")
    for each in (asked, asked + "/", asked + "/x", asked + "\n"):
        direct = scope_of(each)
        found = app.direct_routes.find(direct)
        if found is not None:
            matches = ((route, *route.matches(scope_of(each))) for route in app.routes)
            route, child = next((route, child) for route, match, child in matches if match is Match.FULL)
            assert (found, direct["path_params"]) == (route, child["path_params"])


def test_reads_of_the_api_take_the_short_way_and_nothing_else_does(client: TestClient) -> None:
    app: Any = client.app
    assert app.direct_routes.find(scope_of(SCLEROSIS)).name == "get_entity"
    assert app.direct_routes.find(scope_of(f"{SCLEROSIS}/associations")).name == "get_entity_associations"
    for path, method in ((SCLEROSIS, "HEAD"), (SCLEROSIS, "DELETE"), ("/api/v1/none", "GET"), ("/", "GET")):
        assert app.direct_routes.find(scope_of(path, method)) is None
    assert app.direct_routes.find({**scope_of(SCLEROSIS), "root_path": "/kg"}) is None


def test_middleware_that_was_added_is_not_passed_by(small_graph: KnowledgeGraph) -> None:
    class Marking:
        """Marks every answer."""

        def __init__(self, app: ASGIApp) -> None:
            self.app = app

        async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
            async def sending(message: Message) -> None:
                if message["type"] == "http.response.start":
                    message["headers"] = [*message["headers"], (b"x-marked", b"yes")]
                await send(message)

            await self.app(scope, receive, sending)

    app = create_app(Settings(sparql_workers=1), knowledge_graph=small_graph)
    app.add_middleware(Marking)
    with TestClient(app) as client:
        assert client.get(SCLEROSIS).headers["x-marked"] == "yes"

"""Operations that need a key, as routes of a service."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from fastapi import FastAPI
from fastapi.testclient import TestClient
from pydantic import BaseModel

from stemgraph.app import Settings
from stemgraph.app.access import ScopeName
from stemgraph.app.access.key_file import KeyFile
from stemgraph.app.access.scopes import LADDER
from stemgraph.app.operation import Answer, Call, Operation
from stemgraph.app.parameters import Parameters
from stemgraph.app.routing import add_operation
from stemgraph.app.service import Instance
from stemgraph.graph import KnowledgeGraph


class Note(BaseModel):
    """A body."""

    text: str


def note_of(scope: ScopeName) -> Operation[Parameters]:
    """A route that needs the scope."""

    def write(call: Call[Parameters]) -> Answer:
        """Write."""
        return Answer(b"{}")

    write.__name__ = f"write_{scope}"
    offers = ("application/json",)
    return Operation(
        write, "PUT", f"/{scope}", Parameters, None, offers, "curation", kept=False, takes=Note, scope=scope
    )


@pytest.fixture(scope="module")
def data(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A directory with nothing in it."""
    return tmp_path_factory.mktemp("data")


@pytest.fixture(scope="module")
def client(small_graph: KnowledgeGraph, data: Path) -> Iterator[TestClient]:
    """A service with one route for each scope."""
    app = FastAPI()
    instance = Instance(small_graph, Settings(data=data, writes=True, updates=True))
    for scope in LADDER:
        add_operation(app.router, note_of(scope), instance)
    with TestClient(app) as running:
        yield running


@pytest.mark.parametrize("needed", LADDER)
@pytest.mark.parametrize("held", [None, *LADDER])
def test_each_route_is_answered_to_its_scope_and_those_that_include_it(
    client: TestClient, data: Path, needed: ScopeName, held: ScopeName | None
) -> None:
    headers = {}
    if held is not None:
        headers["Authorization"] = "Bearer " + KeyFile.of_data(data).create("", frozenset({held}), None)[1]
    answer = client.put(f"/{needed}", json={"text": ""}, headers=headers)
    if needed == "read":
        assert answer.status_code == 200
    elif held is None:
        assert answer.status_code == 401
        assert answer.headers["www-authenticate"] == 'Bearer realm="stemgraph"'
    else:
        assert answer.status_code == (200 if LADDER.index(held) >= LADDER.index(needed) else 403)


def test_who_has_no_key_is_told_before_the_body_is_read(client: TestClient) -> None:
    answer = client.put("/write", content=b"x" * 2_000_000)
    assert (answer.status_code, answer.headers["content-type"]) == (401, "application/problem+json")
    assert "stemgraph key create --scope write" in answer.json()["mend"]


def test_what_a_route_needs_is_documented(client: TestClient) -> None:
    document: dict[str, Any] = client.get("/openapi.json").json()
    scheme = document["components"]["securitySchemes"]["key"]
    assert (scheme["type"], scheme["scheme"]) == ("http", "bearer")
    assert "security" not in document["paths"]["/read"]["put"]
    for scope in LADDER[1:]:
        operation = document["paths"][f"/{scope}"]["put"]
        assert operation["security"] == [{"key": [scope]}]
        assert {"401", "403"} <= operation["responses"].keys()

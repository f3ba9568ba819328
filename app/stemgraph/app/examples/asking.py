"""Asking the service within this process, as a client would, and making examples of its answers."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from typing import Any

import orjson
from starlette.types import Message, Scope

from stemgraph.app.application import Application, prepare_texts
from stemgraph.app.examples.example import Example
from stemgraph.app.examples.excerpt import excerpt, text_excerpt
from stemgraph.app.examples.requests import ExampleRequest, example_requests
from stemgraph.graph import KnowledgeGraph


def make_examples(app: Application, graph: KnowledgeGraph) -> dict[str, Example]:
    """The example of every operation, by its name."""
    association = graph.associations(predicate="treats", status="approved", limit=1)[0].id
    return asyncio.run(_ask_all(app, example_requests(association)))


async def _ask_all(app: Application, requests: Mapping[str, ExampleRequest]) -> dict[str, Example]:
    async with app.router.lifespan_context(app):
        await prepare_texts(app.instance)
        return {name: await _ask(app, request) for name, request in requests.items()}


async def _ask(app: Application, request: ExampleRequest) -> Example:
    path, _, query = request.path.partition("?")
    headers = {"accept": request.accept, "content-type": request.content_type}
    scope: Scope = {
        "type": "http",
        "asgi": {"version": "3.0"},
        "http_version": "1.1",
        "method": request.method,
        "scheme": "http",
        "path": path,
        "raw_path": path.encode(),
        "root_path": "",
        "query_string": query.encode(),
        "headers": [(name.encode(), value.encode()) for name, value in headers.items() if value],
        "server": ("127.0.0.1", 8000),
        "client": ("127.0.0.1", 1),
    }
    sent: list[Message] = []
    bodies = [{"type": "http.request", "body": (request.body or "").encode()}]

    async def receive() -> Message:
        if bodies:
            return bodies.pop()
        await asyncio.Event().wait()  # the client stays
        raise AssertionError

    async def send(message: Message) -> None:
        sent.append(message)

    await app(scope, receive, send)
    return _example(request, sent)


def _example(request: ExampleRequest, sent: list[Message]) -> Example:
    headers = {name.decode(): value.decode() for name, value in sent[0]["headers"]}
    data = b"".join(message.get("body", b"") for message in sent[1:])
    media_type = headers.get("content-type", "").partition(";")[0]
    body: Any = None
    if media_type.endswith("json"):
        body = orjson.loads(data)
        if request.members:
            body = {name: body[name] for name in request.members}
        body = excerpt(body)
    elif data:
        body = text_excerpt(data.decode(), request.lines)
    return Example(request.text, sent[0]["status"], media_type, body, headers.get("location"))

"""A server with narrow limits, over an application that says what it was sent."""

from __future__ import annotations

import json
import socket
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

import pytest

from stemgraph.app.edge import EdgeConfig, EdgeLimits, EdgeServer

PATIENCE = 30
"""Seconds that a busy machine is given for anything."""


class Told:
    """What the application has seen, for tests to wait on."""

    def __init__(self) -> None:
        self.begun = threading.Semaphore(0)
        self.left = threading.Semaphore(0)


@dataclass
class Reply:
    """An answer as it was read from the socket; ``status`` is 0 where the connection ended without one."""

    status: int
    headers: list[tuple[str, str]]
    body: bytes

    def header(self, name: str) -> list[str]:
        """All values of a header."""
        return [value for given, value in self.headers if given == name]

    @property
    def json(self) -> dict[str, Any]:
        """The body as JSON."""
        found: dict[str, Any] = json.loads(self.body)
        return found


def application(told: Told) -> Callable[..., Any]:
    """``/`` tells what it was sent, ``/early`` before the body, ``/never`` when the client goes.

    ``/parts`` answers in two parts, and ``/short`` less than it says.
    """

    async def answer(scope: dict[str, Any], receive: Any, send: Any) -> None:
        if scope["type"] != "http":
            while (message := await receive())["type"] != "lifespan.shutdown":
                await send({"type": message["type"] + ".complete"})
            await send({"type": "lifespan.shutdown.complete"})
            return
        body = b""
        told.begun.release()
        if scope["path"] == "/never":
            while (await receive())["type"] != "http.disconnect":
                pass
            told.left.release()
            return
        if scope["path"] == "/much":
            await send({"type": "http.response.start", "status": 200, "headers": []})
            await send({"type": "http.response.body", "body": b"x" * 50_000_000})
            return
        if scope["path"] in ("/parts", "/short"):
            await send({"type": "http.response.start", "status": 200, "headers": [(b"content-length", b"6")]})
            await send({"type": "http.response.body", "body": b"abc", "more_body": scope["path"] == "/parts"})
            await send({"type": "http.response.body", "body": b"def"})
            return
        if scope["path"] != "/early":
            more = True
            while more:
                message = await receive()
                if message["type"] == "http.disconnect":
                    told.left.release()
                    return
                body += message["body"]
                more = message["more_body"]
        headers = [[name.decode(), value.decode("latin-1")] for name, value in scope["headers"]]
        answered = json.dumps(
            {"path": scope["path"], "headers": headers, "body": len(body), "client": scope["client"]}
        ).encode()
        length = (b"content-length", str(len(answered)).encode())
        await send({"type": "http.response.start", "status": 200, "headers": [length]})
        await send({"type": "http.response.body", "body": answered})

    return answer


class Edge:
    """A running server."""

    def __init__(self, server: EdgeServer, port: int, told: Told) -> None:
        self.server = server
        self.port = port
        self.told = told
        self.connections = server.config.connections  # type: ignore[attr-defined]  # it is ours

    def connect(self, source: str = "127.0.0.1") -> socket.socket:
        """A connection from an address of this machine."""
        return socket.create_connection(
            ("127.0.0.1", self.port), timeout=PATIENCE, source_address=(source, 0)
        )

    def ask(self, data: bytes) -> Reply:
        """Send bytes on a connection of their own, and read one answer."""
        with self.connect() as connection:
            connection.sendall(data)
            return read_reply(connection)


def read_reply(connection: socket.socket) -> Reply:
    """The next answer of a connection."""
    data = b""
    while b"\r\n\r\n" not in data:
        try:
            part = connection.recv(65536)
        except ConnectionResetError:
            part = b""
        if not part:
            return Reply(0, [], data)
        data += part
    head, _, body = data.partition(b"\r\n\r\n")
    first, *lines = head.decode("latin-1").split("\r\n")
    headers = [(line.partition(":")[0].lower(), line.partition(":")[2].strip()) for line in lines]
    length = int(dict(headers).get("content-length", "0"))
    while len(body) < length:
        part = connection.recv(65536)
        assert part, "the connection ended within an answer"
        body += part
    return Reply(int(first.split()[1]), headers, body)


def is_ended(connection: socket.socket) -> bool:
    """Wait for the other side to end the connection, throwing away what it still sends."""
    try:
        while connection.recv(65536):
            pass
    except ConnectionResetError:
        pass
    return True


@contextmanager
def running(limits: EdgeLimits) -> Iterator[Edge]:
    """A server with these limits in a thread of its own."""
    told, ready = Told(), threading.Event()
    listening = socket.create_server(("127.0.0.1", 0), backlog=512)
    server = EdgeServer(EdgeConfig(application(told), limits, log_level="critical"), ready.set)
    thread = threading.Thread(target=server.run, kwargs={"sockets": [listening]})
    thread.start()
    try:
        assert ready.wait(PATIENCE)
        yield Edge(server, listening.getsockname()[1], told)
    finally:
        server.should_exit = True
        thread.join(PATIENCE)
        listening.close()
        assert not thread.is_alive()


@pytest.fixture(scope="module")
def edge() -> Iterator[Edge]:
    """A server with narrow caps, and times that no test reaches."""
    limits = EdgeLimits(head_bytes=4096, header_count=20, body_bytes=10_000, head_seconds=60, body_seconds=60)
    with running(limits) as server:
        yield server


@pytest.fixture(scope="module")
def hurried() -> Iterator[Edge]:
    """A server whose times are short."""
    limits = EdgeLimits(head_seconds=0.6, body_seconds=0.9, idle_seconds=0.5, stall_seconds=0.6)
    with running(limits) as server:
        yield server

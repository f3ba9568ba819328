"""How many connections there may be, and which of them make room."""

from __future__ import annotations

import select
import time
from contextlib import ExitStack

import pytest
from tests.app.edge.conftest import PATIENCE, Edge, is_ended, read_reply, running

from stemgraph.app.edge import EdgeLimits

GET = b"GET / HTTP/1.1\r\nHost: here\r\n"
NEVER = b"GET /never HTTP/1.1\r\nHost: here\r\n\r\n"


def limits(**given: int) -> EdgeLimits:
    return EdgeLimits(head_seconds=60, body_seconds=60, idle_seconds=60, stop_seconds=4, **given)  # type: ignore[arg-type]


@pytest.mark.parametrize("given", [{"connections": 4}, {"connections_per_client": 4}])
def test_the_longest_idle_connection_makes_room(given: dict[str, int]) -> None:
    with running(limits(**given)) as edge, ExitStack() as opened:
        idle = [opened.enter_context(edge.connect()) for _ in range(4)]
        for connection in (idle[2], idle[0], idle[1], idle[3]):
            connection.sendall(GET + b"\r\n")
            assert read_reply(connection).status == 200
            time.sleep(0.01)  # the loop's clock counts milliseconds
        new = opened.enter_context(edge.connect())
        new.sendall(GET + b"\r\n")
        assert read_reply(new).status == 200
        assert is_ended(idle[2])
        idle[0].sendall(GET + b"\r\n")
        assert read_reply(idle[0]).status == 200


def test_a_slow_request_makes_room_where_none_is_idle() -> None:
    with running(limits(connections=3)) as edge, ExitStack() as opened:
        slow = [opened.enter_context(edge.connect()) for _ in range(3)]
        for connection in slow:
            connection.sendall(GET)
        new = opened.enter_context(edge.connect())
        new.sendall(GET + b"\r\n")
        assert read_reply(new).status == 200
        displaced, _, _ = select.select(slow, [], [], PATIENCE)
        assert [read_reply(each).status for each in displaced] == [503]


def test_who_is_being_answered_is_not_displaced() -> None:
    with running(limits(connections=3)) as edge, ExitStack() as opened:
        for _ in range(3):
            connection = opened.enter_context(edge.connect())
            connection.sendall(NEVER)
            assert edge.told.begun.acquire(timeout=PATIENCE)
        with edge.connect() as new:
            reply = read_reply(new)
            assert (reply.status, reply.header("retry-after")) == (503, ["1"])
            assert is_ended(new)
        assert edge.connections.refused["unavailable"] == 1


def test_one_client_cannot_take_the_room_of_another() -> None:
    with running(limits(connections_per_client=3)) as edge, ExitStack() as opened:
        for _ in range(3):
            opened.enter_context(edge.connect("127.0.0.2")).sendall(NEVER)
            assert edge.told.begun.acquire(timeout=PATIENCE)
        refused = opened.enter_context(edge.connect("127.0.0.2"))
        assert read_reply(refused).status == 503
        other = opened.enter_context(edge.connect("127.0.0.3"))
        other.sendall(GET + b"\r\n")
        assert read_reply(other).status == 200


def test_a_proxy_is_not_one_client() -> None:
    allowed = EdgeLimits(connections_per_client=2, proxies=("127.0.0.0/8",), stop_seconds=4)
    with running(allowed) as edge, ExitStack() as opened:
        connections = [opened.enter_context(edge.connect()) for _ in range(5)]
        for connection in connections:
            connection.sendall(GET + b"X-Forwarded-For: 192.0.2.7\r\n\r\n")
            assert read_reply(connection).json["client"][0] == "192.0.2.7"


def test_who_is_no_proxy_cannot_say_who_asks(edge: Edge) -> None:
    reply = edge.ask(GET + b"X-Forwarded-For: 192.0.2.7\r\n\r\n")
    assert reply.json["client"][0] == "127.0.0.1"

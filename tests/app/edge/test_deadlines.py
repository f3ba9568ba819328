"""Times that trickling does not move."""

from __future__ import annotations

import socket
import threading
import time

from tests.app.edge.conftest import PATIENCE, Edge, is_ended, read_reply

GET = b"GET / HTTP/1.1\r\nHost: here\r\n"


def trickle(connection: socket.socket, ended: threading.Event) -> None:
    """Send a byte every 50 ms until told to stop."""
    while not ended.wait(0.05):
        try:
            connection.sendall(b"x")
        except OSError:
            return


def seconds_until_the_end(connection: socket.socket, begun: float) -> tuple[int, float]:
    """The status that comes while bytes trickle in, and the seconds from ``begun`` until then."""
    ended = threading.Event()
    thread = threading.Thread(target=trickle, args=(connection, ended))
    thread.start()
    reply = read_reply(connection)
    took = time.monotonic() - begun
    ended.set()
    thread.join(PATIENCE)
    return reply.status, took


def test_headers_that_trickle_end_at_their_time(hurried: Edge) -> None:
    begun = time.monotonic()
    with hurried.connect() as connection:
        connection.sendall(GET + b"X-A: ")
        status, took = seconds_until_the_end(connection, begun)
        assert status == 408
        assert took >= 0.6
        assert is_ended(connection)


def test_a_body_that_trickles_ends_at_its_time_and_so_does_who_reads_it(hurried: Edge) -> None:
    begun = time.monotonic()
    with hurried.connect() as connection:
        connection.sendall(b"POST / HTTP/1.1\r\nHost: here\r\nContent-Length: 100000\r\n\r\n")
        status, took = seconds_until_the_end(connection, begun)
        assert status == 408
        assert took >= 0.9
    assert hurried.told.left.acquire(timeout=PATIENCE)


def test_a_connection_that_says_nothing_is_closed(hurried: Edge) -> None:
    with hurried.connect() as connection:
        assert connection.recv(1) == b""


def test_a_kept_connection_is_closed_after_its_time_and_not_before(hurried: Edge) -> None:
    with hurried.connect() as connection:
        connection.sendall(GET + b"\r\n")
        begun = time.monotonic()
        assert read_reply(connection).status == 200
        assert connection.recv(1) == b""
        assert time.monotonic() - begun >= 0.49  # the loop's clock counts milliseconds


def test_an_answer_that_takes_its_time_is_not_ended(hurried: Edge) -> None:
    with hurried.connect() as connection:
        connection.sendall(b"GET /never HTTP/1.1\r\nHost: here\r\n\r\n")
        connection.settimeout(2.5)
        try:
            data = connection.recv(1)
        except TimeoutError:
            data = None
        assert data is None
    assert hurried.told.left.acquire(timeout=PATIENCE)


def test_a_client_that_takes_nothing_of_its_answer_is_cut_off(hurried: Edge) -> None:
    with hurried.connect() as connection:
        connection.sendall(b"GET /much HTTP/1.1\r\nHost: here\r\n\r\n")
        until = time.monotonic() + PATIENCE
        while len(hurried.connections) > 0 and time.monotonic() < until:
            time.sleep(0.05)
        assert len(hurried.connections) == 0
        assert is_ended(connection)


def test_a_body_answered_early_that_never_ends_is_ended_without_a_second_answer(hurried: Edge) -> None:
    with hurried.connect() as connection:
        connection.sendall(b"POST /early HTTP/1.1\r\nHost: here\r\nContent-Length: 9000\r\n\r\n")
        assert read_reply(connection).status == 200
        assert connection.recv(1) == b""

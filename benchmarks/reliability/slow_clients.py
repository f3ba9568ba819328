"""Clients that send as slowly as they can, in hundreds: others are answered, and a stop is a stop."""

from __future__ import annotations

import contextlib
import socket
import threading
import time
from collections.abc import Iterator
from typing import Final

from benchmarks.figure import Figure
from benchmarks.reliability.service import Service, filled_data, serving

SLOW: Final = 200
PATH: Final = "/api/v1/entity/MONDO:0005301"
LIMIT: Final = 250.0
HEAD: Final = b"GET /healthz HTTP/1.1\r\nHost: 127.0.0.1\r\n"
BODY: Final = (
    b"POST /api/v1/annotate HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Type: application/json\r\n"
    b"Content-Length: 100000\r\n\r\n{"
)
CROSS: Final = b"SELECT (COUNT(*) AS ?n) { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i }"


def run(quick: bool) -> Iterator[Figure]:
    """200 slow headers and 200 slow bodies: new clients meanwhile, caps, and the seconds a stop takes."""
    seconds = 6 if quick else 40
    # All come from one address, whose share of the connections would else be the first to hold them.
    with filled_data() as data, serving(data, settings={"connections_per_client": 900}) as service:
        service.request("GET", PATH)
        alone = waits(service, seconds / 2)
        crowd = Crowd(service.port)
        crowd.start()
        try:
            crowd.settled.wait(60)
            crowded = waits(service, seconds)
            queries = [query(service.port) for _ in range(2)]
            yield Figure("slow clients at once", crowd.most, "", at_least=SLOW)
            yield Figure("slow requests ended and begun again", crowd.ended, "")
            yield Figure("new clients before, p99", percentile(alone, 0.99), "ms")
            yield Figure("new clients meanwhile", len(crowded), "", at_least=seconds * 5)
            # Where the machine is busy with other things, new clients wait without slow ones too.
            limit = max(LIMIT, 3 * percentile(alone, 0.99)) if quick else LIMIT
            yield Figure("new clients meanwhile, p50", percentile(crowded, 0.5), "ms")
            yield Figure("new clients meanwhile, p99", percentile(crowded, 0.99), "ms", at_most=limit)
            yield from oversize(service)
            yield Figure("seconds from SIGTERM to the end", service.stop(20), "s", at_most=10)
        finally:
            crowd.stop()
        for connection in queries:
            connection.close()
        said = service.said()
        shown = said[said.find("Traceback") :][:300]
        yield Figure(
            "tracebacks in its log",
            said.count("Traceback"),
            "",
            at_most=0,
            note=shown if "Traceback" in shown else "",
        )


class Crowd(threading.Thread):
    """Slow clients, each on a connection of its own, that begin again when they are cut off."""

    def __init__(self, port: int) -> None:
        super().__init__(daemon=True)
        self.port = port
        self.settled = threading.Event()
        self.most = 0
        self.ended = 0
        self._stopping = threading.Event()

    def run(self) -> None:
        """A byte each second on every connection."""
        kinds = [HEAD] * SLOW + [BODY] * SLOW
        open_: list[socket.socket | None] = [None] * len(kinds)
        while not self._stopping.is_set():
            for number, kind in enumerate(kinds):
                open_[number] = self._trickle(open_[number], kind)
            self.most = max(self.most, sum(each is not None for each in open_))
            self.settled.set()
            self._stopping.wait(1)
        for each in open_:
            if each is not None:
                each.close()

    def _trickle(self, connection: socket.socket | None, kind: bytes) -> socket.socket | None:
        try:
            if connection is None:
                connection = socket.create_connection(("127.0.0.1", self.port), timeout=5)
                connection.sendall(kind)
                connection.setblocking(False)
            else:
                connection.send(b"x")
                if not connection.recv(65536):
                    raise ConnectionResetError
        except BlockingIOError:
            return connection
        except OSError:
            self.ended += 1
            if connection is not None:
                connection.close()
            return None
        return connection

    def stop(self) -> None:
        """Close them all."""
        self._stopping.set()
        self.join(30)


def waits(service: Service, seconds: float) -> list[float]:
    """Milliseconds that new clients, one after the other, wait from connecting to the whole answer."""
    found = []
    until = time.monotonic() + seconds
    while time.monotonic() < until:
        begun = time.perf_counter()
        answer = service.request("GET", PATH)
        found.append((time.perf_counter() - begun) * 1000)
        assert answer.status == 200, answer
        time.sleep(0.01)
    return found


def oversize(service: Service) -> Iterator[Figure]:
    """What is too long, and the status that it gets."""
    get = b"GET / HTTP/1.1\r\nHost: 127.0.0.1\r\n"
    post = BODY.partition(b"Content-Length")[0]
    for name, data, status in (
        ("headers of 64 KB", get + b"X: " + b"x" * 65536 + b"\r\n\r\n", 431),
        ("headers without end", get + b"X: " + b"x" * 200_000, 431),
        ("an address of 64 KB", b"GET /" + b"x" * 65536 + b" HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n", 414),
        ("a body of 2 MB, declared", post + b"Content-Length: 2000000\r\n\r\n", 413),
        ("a body of 2 MB, in chunks", post + b"Transfer-Encoding: chunked\r\n\r\n" + chunks(2_000_000), 413),
    ):
        yield Figure(f"status for {name}", status_of(service.port, data), "", at_least=status, at_most=status)


def chunks(size: int) -> bytes:
    """A chunked body."""
    return b"1000\r\n" + b"\r\n1000\r\n".join([b"x" * 4096] * (size // 4096)) + b"\r\n0\r\n\r\n"


def status_of(port: int, data: bytes) -> int:
    """The status that comes while or after this is sent; 0 for none."""
    with socket.create_connection(("127.0.0.1", port), timeout=30) as connection:
        with contextlib.suppress(OSError):  # it need not read what it refuses
            connection.sendall(data)
        try:
            first = connection.recv(65536)
        except OSError:
            return 0
    return int(first.split(b" ", 2)[1]) if first.startswith(b"HTTP/1.1 ") else 0


def query(port: int) -> socket.socket:
    """A connection on which a query runs that takes longer than any limit."""
    connection = socket.create_connection(("127.0.0.1", port), timeout=30)
    head = b"POST /sparql HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Type: application/sparql-query\r\n"
    connection.sendall(head + b"Content-Length: %d\r\n\r\n" % len(CROSS) + CROSS)
    return connection


def percentile(values: list[float], part: float) -> float:
    """The value below which this part of them is."""
    return sorted(values)[min(len(values) - 1, int(len(values) * part))]

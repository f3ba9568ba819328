"""Many requests over kept-alive connections, as fast as the service answers them."""

from __future__ import annotations

import asyncio
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from urllib.parse import quote

import uvloop

BROKEN = 0
"""The status of a request whose connection broke off."""


@dataclass
class Outcome:
    """What came of many requests."""

    statuses: Counter[int] = field(default_factory=Counter[int])
    shown: dict[int, bytes] = field(default_factory=dict[int, bytes])
    """By status, the beginning of the first request that was answered so."""
    seconds: float = 0.0

    @property
    def count(self) -> int:
        """Number of requests."""
        return self.statuses.total()


def send(method: str, path: str, media_type: str, body: bytes, *headers: str) -> bytes:
    """A request with a body as it goes over the wire."""
    lines = [
        f"{method} {path} HTTP/1.1",
        "Host: 127.0.0.1",
        f"Content-Type: {media_type}",
        f"Content-Length: {len(body)}",
        *headers,
    ]
    return ("\r\n".join(lines) + "\r\n\r\n").encode() + body


def get(path: str, query: bytes, *headers: str) -> bytes:
    """A GET whose parameter ``query`` holds these bytes."""
    lines = [f"GET {path}?query={quote(query)} HTTP/1.1", "Host: 127.0.0.1", *headers]
    return ("\r\n".join(lines) + "\r\n\r\n").encode()


def hammer(port: int, requests: Iterable[bytes], *, connections: int = 16, limit: float = 120) -> Outcome:
    """Send requests over so many connections, each waiting for its answer; a broken one is opened anew."""
    return uvloop.run(_hammer(port, iter(requests), connections, limit))


async def _hammer(port: int, requests: Iterator[bytes], connections: int, limit: float) -> Outcome:
    outcome = Outcome()
    begun = asyncio.get_running_loop().time()
    await asyncio.gather(*(_send(port, requests, outcome, limit) for _ in range(connections)))
    outcome.seconds = asyncio.get_running_loop().time() - begun
    return outcome


async def _send(port: int, requests: Iterator[bytes], outcome: Outcome, limit: float) -> None:
    connection: tuple[asyncio.StreamReader, asyncio.StreamWriter] | None = None
    for request in requests:
        status, keeps = BROKEN, False
        for _ in range(2):  # one that was idle may have been closed at that very moment
            fresh = connection is None
            try:
                connection = connection or await asyncio.open_connection("127.0.0.1", port, limit=1 << 20)
                async with asyncio.timeout(limit):
                    connection[1].write(request)
                    status, keeps = await _answer(connection[0])
            except (OSError, EOFError, TimeoutError, asyncio.IncompleteReadError):
                connection = None
            if status != BROKEN or fresh:
                break
        outcome.statuses[status] += 1
        outcome.shown.setdefault(status, request[:2000])
        if connection is not None and not keeps:
            connection[1].close()
            connection = None
    if connection is not None:
        connection[1].close()


async def _answer(reader: asyncio.StreamReader) -> tuple[int, bool]:
    """Read an answer; its status, and whether the connection stays."""
    head = (await reader.readuntil(b"\r\n\r\n")).lower()
    status = int(head[9:12])
    length, chunked = 0, False
    for line in head.split(b"\r\n")[1:]:
        if line.startswith(b"content-length:"):
            length = int(line[15:])
        elif line.startswith(b"transfer-encoding:"):
            chunked = b"chunked" in line
    if chunked:
        while size := int((await reader.readuntil(b"\r\n")).partition(b";")[0], 16):
            await reader.readexactly(size + 2)
        await reader.readuntil(b"\r\n")
    elif length and status not in (204, 304):
        await reader.readexactly(length)
    return status, b"connection: close" not in head

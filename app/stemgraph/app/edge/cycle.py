"""One request and its answer, whose headers are checked and written once for all answers that have them."""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING

from uvicorn.protocols.http.httptools_impl import (
    HEADER_RE,
    HEADER_VALUE_RE,
    STATUS_LINE,
    RequestResponseCycle,
)

if TYPE_CHECKING:
    from uvicorn._types import ASGISendEvent


@lru_cache(maxsize=1024)
def header_line(name: bytes, value: bytes) -> bytes:
    """A header as it is sent.

    Raises:
        RuntimeError: It would be read as another, or as more than one.
    """
    if HEADER_RE.search(name) or HEADER_VALUE_RE.search(value):
        raise RuntimeError(f"Invalid HTTP header {name!r}.")
    return b"%b: %b\r\n" % (name, value)


class EdgeCycle(RequestResponseCycle):
    """A request that is being answered."""

    async def send(self, message: ASGISendEvent) -> None:
        """Send a part of the answer; all but the head of an ordinary one as uvicorn does."""
        if self.response_started or self.disconnected or self.flow.write_paused:
            await super().send(message)
            return
        if message["type"] == "http.response.start":
            lines = [STATUS_LINE[message["status"]]]
            length = None
            for name, value in (*self.default_headers, *message.get("headers", ())):
                if name == b"content-length":
                    length = int(value)
                    lines.append(b"content-length: %d\r\n" % length)
                elif name in (b"transfer-encoding", b"connection"):
                    length = None
                    break
                else:
                    lines.append(header_line(name, value))
            if length is not None:
                self.response_started = True
                self.waiting_for_100_continue = False
                self.chunked_encoding = False
                self.expected_content_length = length
                lines.append(b"\r\n" if self.keep_alive else b"connection: close\r\n\r\n")
                self.transport.write(b"".join(lines))
                return
        await super().send(message)

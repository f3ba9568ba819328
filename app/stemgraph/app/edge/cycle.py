"""One request and its answer, whose headers are checked and written once for all answers that have them."""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING, Final

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


LONGEST_COPIED: Final = 16_384
"""Bytes of a body that is copied behind its head, since sending one piece costs less than sending two."""


class EdgeCycle(RequestResponseCycle):
    """A request that is being answered."""

    head = b""
    """The head of the answer, until it is sent with the body: each call of the system costs."""

    async def send(self, message: ASGISendEvent) -> None:
        """Send a part of the answer; all but the head of an ordinary one as uvicorn does."""
        if self.head and self._send_with_head(message):
            return
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
                self.head = b"".join(lines)
                return
        await super().send(message)

    def _send_with_head(self, message: ASGISendEvent) -> bool:
        """Send the head, and the body with it where that is all of the answer; whether it was."""
        head, self.head = self.head, b""
        if self.disconnected:
            return True
        body = None if message["type"] != "http.response.body" else message.get("body", b"")
        whole = body is not None and not message.get("more_body") and self.scope["method"] != "HEAD"
        if not whole or body is None or len(body) != self.expected_content_length:
            self.transport.write(head)
            return False
        if len(body) > LONGEST_COPIED:
            self.transport.writelines((head, body))
        else:
            self.transport.write(b"".join((head, body)))
        self.expected_content_length = 0
        self.response_complete = True
        self.message_event.set()
        if not self.keep_alive:
            self.transport.close()
        self.on_response()
        return True

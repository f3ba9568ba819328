"""How the web process and a worker speak: frames of a JSON message and bytes beside it."""

from __future__ import annotations

import json
import os
from typing import Any, Final

Message = dict[str, Any]

HEADER: Final = 8
"""Bytes before a frame: the length of the message and that of the bytes, four each, big-endian."""


def frame(message: Message, body: bytes = b"") -> bytes:
    """A message and the bytes beside it, as they are sent."""
    encoded = json.dumps(message, separators=(",", ":")).encode()
    return b"".join((len(encoded).to_bytes(4, "big"), len(body).to_bytes(4, "big"), encoded, body))


def lengths(header: bytes | bytearray) -> tuple[int, int]:
    """The lengths that a header says."""
    return int.from_bytes(header[:4], "big"), int.from_bytes(header[4:8], "big")


class Channel:
    """The worker's end: it blocks, for a worker has nothing else to do."""

    def __init__(self, descriptor: int) -> None:
        self._descriptor = descriptor

    def receive(self) -> tuple[Message, bytes] | None:
        """The next message, or None where the other side has ended, even within one."""
        header = self._read(HEADER)
        if header is None:
            return None
        message, body = lengths(header)
        content = self._read(message + body)
        if content is None:
            return None
        return json.loads(content[:message]), bytes(content[message:])

    def send(self, message: Message, body: bytes = b"") -> None:
        """Send a message."""
        rest = memoryview(frame(message, body))
        while rest:
            rest = rest[os.write(self._descriptor, rest) :]

    def _read(self, size: int) -> bytearray | None:
        found = bytearray()
        while len(found) < size:
            piece = os.read(self._descriptor, size - len(found))
            if not piece:
                return None
            found += piece
        return found

"""How the web process and a worker speak: frames of a JSON message and bytes beside it."""

from __future__ import annotations

import json
import os
from typing import Any, Final

Message = dict[str, Any]

HEADER: Final = 8
"""Bytes before a frame: the length of the message and that of the bytes, four each, big-endian."""
_PIECE: Final = 65_536
"""Bytes that are read at once: most messages in one call."""

_encode = json.JSONEncoder(separators=(",", ":")).encode


def frame(message: Message, body: bytes = b"") -> bytes:
    """A message and the bytes beside it, as they are sent."""
    encoded = _encode(message).encode()
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
        found = self._read(bytearray(), HEADER)
        if found is None:
            return None
        message, body = lengths(found)
        found = self._read(found, HEADER + message + body)
        if found is None:
            return None
        start = HEADER + message
        return json.loads(found[HEADER:start]), bytes(found[start:])

    def send(self, message: Message, body: bytes = b"") -> None:
        """Send a message."""
        rest = memoryview(frame(message, body))
        while rest:
            rest = rest[os.write(self._descriptor, rest) :]

    def _read(self, found: bytearray, size: int) -> bytearray | None:
        """What was found and more, up to this size: nothing follows a message before it is answered."""
        while len(found) < size:
            piece = os.read(self._descriptor, max(size - len(found), _PIECE))
            if not piece:
                return None
            found += piece
        return found

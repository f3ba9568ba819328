"""How the web process and a worker speak: frames of a JSON message and bytes beside it.

A worker may be sent several requests before it has answered the first, so that neither process waits for the
other between two short queries. It answers in their order, each as soon as it can.
"""

from __future__ import annotations

import json
import os
import struct
from typing import Any, Final

import orjson

Message = dict[str, Any]

_HEADER: Final = struct.Struct(">II")
HEADER: Final = _HEADER.size
"""Bytes before a frame: the length of the message and that of the bytes, four each, big-endian."""
_LENGTHS: Final = _HEADER.unpack_from
_PIECE: Final = 65_536
"""Bytes that are read at once, most messages in one call."""


def frame(message: Message, body: bytes = b"") -> bytes:
    """A message and the bytes beside it, as they are sent."""
    encoded = _encoded(message)
    return b"".join((_HEADER.pack(len(encoded), len(body)), encoded, body))


def message_of(encoded: bytes | bytearray) -> Message:
    """The message of a frame."""
    try:
        found: Message = orjson.loads(encoded)
    except orjson.JSONDecodeError:
        found = json.loads(encoded)
    return found


def _encoded(message: Message) -> bytes:
    try:
        return orjson.dumps(message)
    except orjson.JSONEncodeError:  # it holds half a character, or a number of more than 64 bits
        return json.dumps(message).encode()


def lengths(received: bytes | bytearray, begin: int = 0) -> tuple[int, int]:
    """The lengths of message and bytes that the header of a frame says."""
    found: tuple[int, int] = _LENGTHS(received, begin)
    return found


class Channel:
    """The worker's end: it blocks, for a worker has nothing else to do."""

    def __init__(self, descriptor: int) -> None:
        self._descriptor = descriptor
        self._received = bytearray()

    def receive(self) -> tuple[Message, bytes] | None:
        """The next message, or None where the other side has ended, even within one."""
        while (missing := self._missing()) > 0:
            piece = os.read(self._descriptor, max(missing, _PIECE))
            if not piece:
                return None
            self._received += piece
        message, body = lengths(self._received)
        start, end = HEADER + message, HEADER + message + body
        received = message_of(self._received[HEADER:start]), bytes(memoryview(self._received)[start:end])
        del self._received[:end]
        return received

    def send(self, message: Message, body: bytes = b"") -> None:
        """Send a message."""
        rest = memoryview(frame(message, body))
        while rest:
            rest = rest[os.write(self._descriptor, rest) :]

    def _missing(self) -> int:
        """Bytes that are missing of the next message, at least; none where it is whole."""
        found = len(self._received)
        return HEADER - found if found < HEADER else HEADER + sum(lengths(self._received)) - found

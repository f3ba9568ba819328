"""Paging cursors: opaque, and good only for the query and the release that gave them."""

from __future__ import annotations

import base64
import binascii
import hashlib
import struct
from typing import Final

from stemgraph.graph.errors import CursorError

_LAYOUT: Final = struct.Struct(">8s8sI")


def encode_cursor(query: str, release: str, offset: int) -> str:
    """The cursor of the page that begins at an offset."""
    packed = _LAYOUT.pack(_short(query), _short(release), offset)
    return base64.urlsafe_b64encode(packed).decode().rstrip("=")


def decode_cursor(cursor: str, query: str, release: str) -> int:
    """The offset that a cursor stands for.

    Raises:
        CursorError: It is garbled, or was given by another query or release.
    """
    try:
        packed = base64.b64decode(cursor + "=" * (-len(cursor) % 4), altchars=b"-_", validate=True)
        of_query, of_release, offset = _LAYOUT.unpack(packed)
    except (binascii.Error, struct.error, ValueError):
        raise CursorError(
            "the cursor is garbled", place="cursor", mend="ask for the first page again"
        ) from None
    if of_release != _short(release):
        raise CursorError(
            "the cursor belongs to another release", place="cursor", mend="ask for the first page again"
        )
    if of_query != _short(query):
        raise CursorError(
            "the cursor belongs to another query", place="cursor", mend="repeat the query it was given with"
        )
    return int(offset)


def _short(text: str) -> bytes:
    return hashlib.blake2b(text.encode(), digest_size=8).digest()

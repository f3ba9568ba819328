"""Conditional requests (RFC 9110, section 13): strong entity tags and If-None-Match."""

from __future__ import annotations

from collections.abc import Iterable
from hashlib import blake2b
from typing import Final

ANY: Final = b"*"
WEAK: Final = b"W/"
"""Stands before the tag of an answer whose bytes may differ though it says the same."""


def entity_tag(*parts: str) -> bytes:
    """The strong entity tag of what these parts determine: release, request and media type."""
    # The literal of a tuple tells where each part ends, and escapes what UTF-8 has no bytes for.
    return b'"%b"' % blake2b(repr(parts).encode(), digest_size=16).hexdigest().encode()


def versioned_tag(version: str, tag: bytes) -> bytes:
    """A tag that begins with the version of what is read, so that If-Match can be held against that alone."""
    return b'"' + version.encode() + b"-" + tag[1:]


def matches(if_none_match: bytes | None, tag: bytes) -> bool:
    """Whether the If-None-Match header names this tag, so that 304 answers; ``*`` names every tag."""
    if not if_none_match:
        return False
    if if_none_match == tag:
        return True
    compared = tag.removeprefix(WEAK), ANY  # weakly, as RFC 9110 says in section 13.1.2
    return any(each.strip().removeprefix(WEAK) in compared for each in if_none_match.split(b","))


NOT_MODIFIED_HEADERS: Final = frozenset(
    {
        b"etag",
        b"cache-control",
        b"vary",
        b"link",
        b"stemgraph-release",
        b"access-control-allow-origin",
        b"access-control-expose-headers",
        b"content-location",
    }
)
"""Headers of the 200 answer that its 304 repeats (RFC 9110, section 15.4.5)."""


def not_modified_headers(headers: Iterable[tuple[bytes, bytes]]) -> list[tuple[bytes, bytes]]:
    """The headers of the 304 answer that stands for a 200 answer with these headers."""
    return [(name, value) for name, value in headers if name in NOT_MODIFIED_HEADERS]

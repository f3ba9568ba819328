"""Strict reading of a query string: what is not a well-formed UTF-8 pair of name and value is refused."""

from __future__ import annotations

import re
from binascii import a2b_qp
from typing import Final
from urllib.parse import urlencode

from stemgraph.app.errors import MalformedRequestError

LONGEST_QUERY: Final = 16_384
"""Longer query strings are refused; the longest that our parameters allow is far shorter."""

Pairs = list[tuple[str, str]]
"""The names and values of a query string, in its order."""

_BROKEN_ESCAPE: Final = re.compile(rb"%(?![0-9A-Fa-f]{2})")


def query_pairs(query: bytes) -> Pairs:
    """The (name, value) pairs of a query string, in its order.

    Raises:
        MalformedRequestError: A percent-escape or its UTF-8 is broken, or the string is too long.
    """
    if not query:
        return []
    if len(query) > LONGEST_QUERY:
        raise MalformedRequestError(
            f"the query string is longer than {LONGEST_QUERY} bytes", place="query string", mend="shorten it"
        )
    pairs: Pairs = []
    for part in query.split(b"&"):
        if part:
            name, _, value = part.partition(b"=")
            pairs.append((_decode(name), _decode(value)))
    return pairs


def again(pairs: Pairs, **changed: str | None) -> str:
    """A reference to the same place with other parameters, or without those that are None."""
    kept = [pair for pair in sorted(pairs) if pair[0] not in changed]
    return "?" + urlencode([*kept, *((name, value) for name, value in changed.items() if value is not None)])


def _decode(text: bytes) -> str:
    if text.isalnum():  # of ASCII, as most are
        return text.decode("ascii")
    if _BROKEN_ESCAPE.search(text):
        raise MalformedRequestError(
            "a percent sign is not followed by two hexadecimal digits",
            place="query string",
            mend="write a percent sign itself as %25",
        )
    try:
        return _unescaped(text).decode("utf-8")
    except UnicodeDecodeError as error:
        raise MalformedRequestError(
            "the query string is not UTF-8", place="query string", mend="percent-encode the UTF-8 bytes"
        ) from error


def _unescaped(text: bytes) -> bytes:
    """The bytes for which a well-escaped text stands.

    Quoted-printable (RFC 2045, section 6.7) is the same with another sign, and is decoded in C.
    """
    return a2b_qp(text.replace(b"+", b"%20").replace(b"=", b"%3D").replace(b"%", b"="))

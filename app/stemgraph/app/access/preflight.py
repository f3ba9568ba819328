"""What browsers are told when they ask whether a page of another origin may send a request (CORS)."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from starlette.responses import Response

from stemgraph.app.access.origins import Origins
from stemgraph.app.errors import ForbiddenError

if TYPE_CHECKING:
    from starlette.types import Scope

REASON: Final = "Stemgraph-Reason"
"""The header that tells the audit why, where the protocol has no place for it."""
READING: Final = "GET, HEAD"
WRITING: Final = "GET, HEAD, POST, PUT, DELETE"
READING_HEADERS: Final = "Accept, Content-Type, If-None-Match"
WRITING_HEADERS: Final = f"{READING_HEADERS}, Authorization, If-Match, {REASON}"
SECONDS: Final = "600"


def is_preflight(scope: Scope) -> bool:
    """Whether a request only asks what another may be."""
    names = {name for name, _ in scope["headers"]}
    return scope["method"] == "OPTIONS" and {b"origin", b"access-control-request-method"} <= names


def preflight_response(scope: Scope, origins: Origins) -> Response:
    """What may be sent: reading for all, more for the origins that may write; never with credentials.

    Raises:
        ForbiddenError: Not the method that is asked for.
    """
    headers = dict(scope["headers"])
    writes = origins.allow(headers[b"origin"], None, headers.get(b"host"))
    methods = WRITING if writes else READING
    asked = headers[b"access-control-request-method"].decode("latin-1")
    if asked not in methods.split(", "):
        raise ForbiddenError(
            f"pages of other origins may not send {asked[:20]}",
            place="Access-Control-Request-Method",
            mend=f"send {methods}, or set STEMGRAPH_ORIGINS to the origins that may do more",
        )
    return Response(
        status_code=204,
        headers={
            "access-control-allow-origin": "*",
            "access-control-allow-methods": methods,
            "access-control-allow-headers": WRITING_HEADERS if writes else READING_HEADERS,
            "access-control-max-age": SECONDS,
            "content-security-policy": "default-src 'none'; frame-ancestors 'none'",
            "x-content-type-options": "nosniff",
            "vary": "Origin, Access-Control-Request-Method",
        },
    )

"""Keys in the terms of OpenAPI."""

from __future__ import annotations

from typing import Any, Final

from fastapi import Security
from fastapi.security import HTTPBearer

from stemgraph.app.access.scopes import SCOPES, ScopeName

KEY: Final = "key"
"""What the document calls the security scheme."""

_SCHEME: Final = HTTPBearer(
    scheme_name=KEY,
    description=(
        "A key that `stemgraph key create` printed, or a token of the issuer that the service trusts. "
        "Scopes, each including those before it: "
        + "; ".join(f"`{name}`: {what}" for name, what in SCOPES.items())
        + "."
    ),
    auto_error=False,
)


def security_of(scope: ScopeName) -> list[Any]:
    """The dependencies that document what a route needs; ``permit`` is what enforces it."""
    return [] if scope == "read" else [Security(_SCHEME, scopes=[scope])]

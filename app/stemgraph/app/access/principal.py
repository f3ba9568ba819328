"""Who asks, as the rest of the service sees it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final


@dataclass(frozen=True, slots=True)
class Principal:
    """Who asks: the id of a key or the subject of a token, and what it allows."""

    id: str
    scopes: frozenset[str]


ANONYMOUS: Final = Principal("anonymous", frozenset({"read"}))

PRINCIPAL: Final = "stemgraph.principal"
"""Key of an ASGI scope under which its ``Principal`` is kept."""

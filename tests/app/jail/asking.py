"""A jail as one client asks it about one store."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

from stemgraph.app.jail import Jail, QueryRequest

RunWith = Callable[..., Any]
"""Runs an async function of ``Asking`` within a running jail."""


class Asking:
    """A jail of one store and one client."""

    def __init__(self, jail: Jail, store: Path) -> None:
        self.jail = jail
        self.store = store

    async def query(self, question: QueryRequest, client: str = "someone") -> bytes:
        """The result of a query."""
        return await self.jail.query(self.store, question, client=client)

"""A jail as one client asks it about one store."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Iterable
from pathlib import Path
from typing import Any, TypeVar

from stemgraph.app.jail import Jail, JailLimits, QueryRequest

Result = TypeVar("Result")

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


def run_in_jail(
    work: Callable[[Asking], Awaitable[Result]], store: Path, limits: JailLimits, stores: Iterable[Path]
) -> Result:
    """What work comes to in a jail that is started before and stopped after."""

    async def session() -> Result:
        jail = Jail(limits, stores=stores)
        await jail.start()
        try:
            return await work(Asking(jail, store))
        finally:
            await jail.stop()

    return asyncio.run(session())

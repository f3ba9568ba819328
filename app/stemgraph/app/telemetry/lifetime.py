"""What runs for logs, metrics and traces beside the service, from its start to its end."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager, suppress
from typing import TYPE_CHECKING

from stemgraph.app.telemetry.traces import open_traces

if TYPE_CHECKING:
    from stemgraph.app.service import Instance


@asynccontextmanager
async def telling(instance: Instance) -> AsyncGenerator[None]:
    """Tell other processes the figures of this one, and keep traces where they are asked for."""
    observer = instance.observer
    traces = None if observer is None else await asyncio.to_thread(open_traces)
    if observer is not None:
        observer.traces = traces
    exchanging = asyncio.create_task(instance.metrics.exchange.keep_telling())
    try:
        yield
    finally:
        exchanging.cancel()
        with suppress(asyncio.CancelledError):
            await exchanging
        instance.metrics.exchange.tell()
        if traces is not None:
            await asyncio.to_thread(traces.close)

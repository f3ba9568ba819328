"""What runs for logs, metrics and traces beside the service, from its start to its end."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from typing import TYPE_CHECKING

from stemgraph.app.telemetry.exchange import SECONDS
from stemgraph.app.telemetry.traces import open_traces

if TYPE_CHECKING:
    from stemgraph.app.service import Instance


async def _keep_asking(instance: Instance) -> None:
    """Ask the writer for its figures, where there is one."""
    while instance.settings.metrics and (writer := instance.writer) is not None:
        if told := await writer.metrics():
            instance.metrics.writer = told
        await asyncio.sleep(SECONDS)


@asynccontextmanager
async def telling(instance: Instance) -> AsyncGenerator[None]:
    """Tell other processes the figures of this one, and keep traces where they are asked for."""
    observer = instance.observer
    traces = None if observer is None else await asyncio.to_thread(open_traces)
    if observer is not None:
        observer.traces = traces
    tasks = [
        asyncio.create_task(instance.metrics.exchange.keep_telling()),
        asyncio.create_task(_keep_asking(instance)),
    ]
    try:
        yield
    finally:
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
        instance.metrics.exchange.tell()
        if traces is not None:
            await asyncio.to_thread(traces.close)

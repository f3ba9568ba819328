"""How uvicorn runs the service: its configuration with the limits of the edge."""

from __future__ import annotations

import gc
import logging
from asyncio import CancelledError
from collections.abc import Callable
from functools import cached_property
from typing import Any, Final

from uvicorn import Config

from stemgraph.app.edge.connections import Connections
from stemgraph.app.edge.limits import EdgeLimits
from stemgraph.app.edge.protocol import EdgeProtocol


def is_failure(record: logging.LogRecord) -> bool:
    """Whether a line of the log is worth a traceback: to be ended by a stop is no failure."""
    return record.exc_info is None or not isinstance(record.exc_info[1], CancelledError)


COLLECTIONS: Final = (10_000, 20, 20)
"""How rarely cycles of references are looked for: requests leave few, and what is kept is gone through."""


class EdgeConfig(Config):
    """The configuration of a server of ours; it can be handed to other processes before it is loaded.

    Args:
        app: The service, or the name of what makes it.
        limits: What a connection may take.
        options: What uvicorn takes beside.
    """

    def __init__(self, app: Callable[..., Any] | str, limits: EdgeLimits, **options: Any) -> None:  # noqa: ANN401  # uvicorn's own, which it checks
        super().__init__(
            app,
            http=EdgeProtocol,
            ws="none",
            lifespan="on",
            server_header=False,
            timeout_graceful_shutdown=round(limits.stop_seconds / 2),
            proxy_headers=bool(limits.proxies),
            forwarded_allow_ips=list(limits.proxies),
            **options,
        )
        self.limits = limits

    def load(self) -> None:
        """Load it in the process that will serve."""
        super().load()
        gc.set_threshold(*COLLECTIONS)
        logging.getLogger("uvicorn.error").addFilter(is_failure)

    @cached_property
    def connections(self) -> Connections:
        """The connections of this process."""
        return Connections(self.limits)

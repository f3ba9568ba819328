"""The server of one process: it says when it is ready, and ends within its time."""

from __future__ import annotations

import os
import threading
from collections.abc import Callable
from typing import TYPE_CHECKING

from uvicorn import Server

if TYPE_CHECKING:
    import socket
    from types import FrameType

    from stemgraph.app.edge.configuration import EdgeConfig


class EdgeServer(Server):
    """uvicorn's server, held to the time that a stop may take.

    Args:
        config: Its configuration.
        announce: Called when it answers.
    """

    def __init__(self, config: EdgeConfig, announce: Callable[[], None] = lambda: None) -> None:
        super().__init__(config)
        self._stop_seconds = config.limits.stop_seconds
        self._announce = announce
        self._watch: threading.Timer | None = None

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        """Start, and say so."""
        await super().startup(sockets)
        if not self.should_exit:
            self._announce()

    def handle_exit(self, sig: int, frame: FrameType | None) -> None:
        """End in good order, within the time, however often Ctrl-C is pressed."""
        super().handle_exit(sig, frame)
        self.force_exit = False
        if self._watch is None:
            self._watch = threading.Timer(self._stop_seconds * 0.95, _end_now)
            self._watch.daemon = True
            self._watch.start()


def _end_now() -> None:
    """End whatever still runs: nothing that is acknowledged is lost by it."""
    os._exit(1)

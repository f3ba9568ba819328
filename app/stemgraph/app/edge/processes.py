"""Several server processes that share one socket."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING

from uvicorn.config import STARTUP_FAILURE
from uvicorn.supervisors import Multiprocess

if TYPE_CHECKING:
    import socket

    from stemgraph.app.edge.configuration import EdgeConfig


class ServerProcesses(Multiprocess):
    """uvicorn's supervisor, held to the time that a stop may take."""

    def __init__(self, config: EdgeConfig, listening: socket.socket) -> None:
        super().__init__(config, [listening])
        self._stop_seconds = config.limits.stop_seconds

    @property
    def failed(self) -> bool:
        """Whether a process could not start."""
        return any(each.exitcode == STARTUP_FAILURE for each in self.processes)

    def join_all(self) -> None:
        """Wait for the processes, and end those that take too long."""
        until = time.monotonic() + self._stop_seconds * 0.9
        for each in self.processes:
            each.process.join(max(0.0, until - time.monotonic()))
            if each.process.is_alive():
                each.process.kill()
                each.process.join()

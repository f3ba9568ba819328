"""Several server processes that share one socket."""

from __future__ import annotations

import logging
import time
from typing import TYPE_CHECKING

from uvicorn.config import STARTUP_FAILURE
from uvicorn.supervisors import Multiprocess
from uvicorn.supervisors.multiprocess import Process

if TYPE_CHECKING:
    import socket

    from stemgraph.app.edge.configuration import EdgeConfig


logger = logging.getLogger("stemgraph.app.edge")


class ServerProcesses(Multiprocess):
    """uvicorn's supervisor, held to the time that a stop may take."""

    def __init__(self, config: EdgeConfig, listening: socket.socket) -> None:
        super().__init__(config, [listening])
        self._stop_seconds = config.limits.stop_seconds

    @property
    def failed(self) -> bool:
        """Whether a process could not start."""
        return any(each.exitcode == STARTUP_FAILURE for each in self.processes)

    def keep_subprocess_alive(self) -> None:
        """Replace processes that have ended.

        uvicorn also asks each whether it lives, and kills it after five seconds without an answer: on a busy
        machine that kills those which are still starting, and meanwhile no signal is heeded.
        """
        for place, each in enumerate(self.processes):
            if self.should_exit.is_set() or each.process.is_alive():
                continue
            each.process.join()
            if each.exitcode == STARTUP_FAILURE:
                logger.error("a server process could not start")
                self.should_exit.set()
                return
            logger.warning(
                "server process %s ended with code %s; another takes its place", each.pid, each.exitcode
            )
            self.processes[place] = Process(self.config, self.sockets)
            self.processes[place].start()

    def join_all(self) -> None:
        """Wait for the processes, and end those that take too long."""
        until = time.monotonic() + self._stop_seconds * 0.9
        for each in self.processes:
            each.process.join(max(0.0, until - time.monotonic()))
            if each.process.is_alive():
                each.process.kill()
                each.process.join()

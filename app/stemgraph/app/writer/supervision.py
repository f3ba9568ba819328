"""Starting the writer process, and starting it again when it ends."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path
from typing import Final

REFUSED: Final = 65
"""Exit code where the data directory cannot be written; standard output says why."""
ANOTHER: Final = 75
"""Exit code where another writer holds the data directory."""


class WriterChild:
    """A writer process that this process has started.

    It must be made on a thread that lasts: the kernel ends the process with it.
    """

    def __init__(self, data: Path) -> None:
        path = os.pathsep.join(filter(None, sys.path))
        self._process = subprocess.Popen(  # noqa: S603  # our own interpreter and module
            [sys.executable, "-m", "stemgraph.app.writer", str(data), str(os.getpid())],
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            env={**os.environ, "PYTHONPATH": path},
            start_new_session=True,  # Ctrl-C is for the web process
        )

    @property
    def process_id(self) -> int:
        """The operating system's number of it."""
        return self._process.pid

    @property
    def code(self) -> int | None:
        """Its exit code; None while it runs."""
        return self._process.poll()

    def complaint(self) -> str:
        """Why it refused to start, once it has ended."""
        stream = self._process.stdout
        text = stream.read() if stream is not None else b""
        return text.decode(errors="replace").strip()

    def stop(self) -> None:
        """Have it finish what it is doing and end; blocks until it has."""
        if self._process.poll() is None:
            self._process.terminate()
            try:
                self._process.wait(8)
            except subprocess.TimeoutExpired:
                self._process.kill()
        self._process.wait()
        if self._process.stdout is not None:
            self._process.stdout.close()

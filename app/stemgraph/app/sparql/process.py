"""A worker process as the web process sees it: started, asked, killed."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from stemgraph.app.sparql import worker
from stemgraph.graph.errors import DataDirectoryError

Answer = tuple[dict[str, Any], bytes]

# Nothing else of our environment is a query's business; keys and tokens live there.
_ENVIRONMENT: Final = ("PATH", "PYTHONPATH", "PYTHONHOME", "LANG", "LC_ALL", "SYSTEMROOT", "LD_LIBRARY_PATH")


@dataclass(frozen=True, slots=True)
class WorkerSetup:
    """What every worker of a pool is started with."""

    store: Path
    """Directory of the release's Oxigraph store."""
    prefixes: Mapping[str, str]
    """Prefixes that hold without being declared."""
    memory_bytes: int
    """Address space that its queries may take."""


class WorkerEndedError(Exception):
    """The process ended instead of answering; ``code`` is its exit code, negative for a signal."""

    def __init__(self, code: int | None) -> None:
        super().__init__(f"the worker ended with {code}")
        self.code = code


class WorkerProcess:
    """One process. Its methods block, and `kill` may be called from any thread to end them."""

    def __init__(self, setup: WorkerSetup) -> None:
        self._setup = setup
        environment = {name: os.environ[name] for name in _ENVIRONMENT if name in os.environ}
        # The path and not the module name: importing our packages would take longer than the worker does.
        self._process = subprocess.Popen(  # noqa: S603  # our own interpreter and file
            [sys.executable, "-P", worker.__file__, str(os.getpid())],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            env={**environment, "MALLOC_ARENA_MAX": "2"},  # arenas reserve address space that is limited
            start_new_session=True,  # Ctrl-C is for the web process
        )
        self.answered = 0
        self.graphs: frozenset[str] = frozenset()

    @property
    def process_id(self) -> int:
        """The operating system's number of it."""
        return self._process.pid

    @property
    def alive(self) -> bool:
        """Whether it has not ended."""
        return self._process.poll() is None

    def open_store(self) -> None:
        """Wait until it has opened the store.

        Raises:
            DataDirectoryError: The store cannot be opened.
        """
        setup = {
            "store": str(self._setup.store),
            "prefixes": dict(self._setup.prefixes),
            "memory": self._setup.memory_bytes,
        }
        try:
            self._send(setup)
            header = self._receive()
        except WorkerEndedError as error:
            header = {"outcome": "failed", "message": str(error)}
        if header["outcome"] != "ready":
            self.kill()
            raise DataDirectoryError(
                f"a SPARQL worker cannot open the store: {header['message']}",
                place=str(self._setup.store),
                mend="check the data directory with `stemgraph doctor`",
            )
        self.graphs = frozenset(header["graphs"])

    def ask(self, request: Mapping[str, Any]) -> Answer:
        """Have one request answered, however long it takes.

        Raises:
            WorkerEndedError: The process ended, by itself or by `kill`.
        """
        self._send(request)
        header = self._receive()
        body = self._read()
        self.answered += 1
        return header, body

    def kill(self) -> None:
        """End it at once."""
        if self.alive:
            self._process.kill()

    def close(self) -> None:
        """Kill it and give back what it held."""
        self.kill()
        self._process.wait()
        for stream in (self._process.stdin, self._process.stdout):
            if stream is not None:
                try:
                    stream.close()
                except OSError:  # a request that it did not live to read
                    continue

    def _send(self, message: Mapping[str, Any]) -> None:
        stream = self._process.stdin
        assert stream is not None  # noqa: S101  # opened as a pipe above
        try:
            worker.write_frame(stream, json.dumps(message).encode())
        except OSError as error:
            raise WorkerEndedError(self._process.wait()) from error

    def _receive(self) -> dict[str, Any]:
        header: dict[str, Any] = json.loads(self._read())
        return header

    def _read(self) -> bytes:
        stream = self._process.stdout
        assert stream is not None  # noqa: S101  # opened as a pipe above
        frame = worker.read_frame(stream)
        if frame is None:
            self._process.kill()
            raise WorkerEndedError(self._process.wait())
        return frame


def fate(code: int | None) -> str:
    """What a worker's exit code says about the query that it was answering."""
    if code == -signal.SIGABRT:
        return "it needed more memory than one query may take"
    return "it ended the process that answered it, by its memory or its nesting"

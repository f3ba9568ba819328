"""A real ``stemgraph serve`` over a data directory: started, asked, killed, and started again."""

from __future__ import annotations

import contextlib
import http.client
import json
import os
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from benchmarks.servers import free_port


@dataclass(frozen=True)
class Answer:
    """Status, headers (lower-case names) and body of one answer."""

    status: int
    headers: Mapping[str, str]
    body: bytes

    def json(self) -> Any:
        """The decoded body."""
        return json.loads(self.body)


@dataclass
class Service:
    """A running service: its address, its main process, and where its output goes."""

    port: int
    data: Path
    process: subprocess.Popen[bytes]
    log: Path
    seconds: float = 0.0
    """Seconds from the start of the process to its first 200 on ``/readyz``."""

    @property
    def url(self) -> str:
        """Where it answers."""
        return f"http://127.0.0.1:{self.port}"

    def connect(self, limit: float = 60) -> http.client.HTTPConnection:
        """A connection of one's own, to be kept alive."""
        return http.client.HTTPConnection("127.0.0.1", self.port, timeout=limit)

    def request(
        self,
        method: str,
        path: str,
        body: bytes | None = None,
        headers: Mapping[str, str] | None = None,
        *,
        limit: float = 60,
    ) -> Answer:
        """One request on a connection of its own; redirects are not followed.

        Raises:
            OSError: It cannot be reached, or broke off.
        """
        connection = self.connect(limit)
        try:
            return ask(connection, method, path, body, headers)
        finally:
            connection.close()

    def processes(self) -> list[int]:
        """Ids of the main process and of all that descend from it."""
        return family(self.process.pid)

    def kill(self) -> None:
        """Kill -9 every process of it at once: what a crash of the machine does to them."""
        for pid in self.processes():
            with contextlib.suppress(ProcessLookupError):
                os.kill(pid, signal.SIGKILL)
        self.process.wait()

    def stop(self, limit: float = 15) -> float:
        """Ask it to end, insist after the limit; the seconds it took."""
        begun = time.monotonic()
        started = {pid: began(pid) for pid in self.processes()}
        self.process.terminate()
        try:
            self.process.wait(limit)
        except subprocess.TimeoutExpired:
            self.kill()
        seconds = time.monotonic() - begun
        for pid, at in started.items():  # what it left behind must not load the machine
            if at is not None and began(pid) == at:
                with contextlib.suppress(ProcessLookupError):
                    os.kill(pid, signal.SIGKILL)
        return seconds

    def said(self) -> str:
        """What it has printed until now."""
        return self.log.read_text(errors="replace")


def ask(
    connection: http.client.HTTPConnection,
    method: str,
    path: str,
    body: bytes | None = None,
    headers: Mapping[str, str] | None = None,
) -> Answer:
    """One request on a connection that is kept.

    Raises:
        OSError: It cannot be reached, or broke off.
    """
    try:
        connection.request(method, path, body=body, headers=dict(headers or {}))
        answer = connection.getresponse()
        return Answer(answer.status, {k.lower(): v for k, v in answer.getheaders()}, answer.read())
    except http.client.HTTPException as error:
        raise ConnectionError(f"broken answer: {error!r}") from error


def began(pid: int) -> str | None:
    """When a living process began, in the kernel's ticks: it tells it from a later one of the same id."""
    try:
        state, *fields = Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()
    except OSError:
        return None
    return None if state == "Z" else fields[18]


def family(pid: int) -> list[int]:
    """A process and all that descend from it, as /proc tells; the process itself first."""
    children: dict[int, list[int]] = {}
    for path in Path("/proc").glob("[0-9]*/stat"):
        try:
            parent = int(path.read_text().rsplit(")", 1)[1].split()[1])
        except (OSError, ValueError):
            continue  # it ended meanwhile
        children.setdefault(parent, []).append(int(path.parent.name))
    found = [pid]
    for each in found:
        found += children.get(each, ())
    return found


@contextmanager
def serving(
    data: Path,
    *arguments: str,
    settings: Mapping[str, object] | None = None,
    environment: Mapping[str, str] | None = None,
    limit: float = 60,
) -> Iterator[Service]:
    """A service that is ready; it is stopped on leaving, also where it was killed meanwhile.

    Args:
        data: The data directory; an empty one is filled with the bundled graph.
        arguments: Further options of ``stemgraph serve``, such as ``--writable``.
        settings: Settings by their field's name: ``{"sparql_seconds": 2}``.
        environment: Further environment variables, such as ``LD_PRELOAD``.
        limit: Most seconds until it must be ready.

    Raises:
        RuntimeError: It ended, or was not ready in time; with what it printed.
    """
    service = start(data, *arguments, settings=settings, environment=environment, limit=limit)
    try:
        yield service
    finally:
        service.stop()


def start(
    data: Path,
    *arguments: str,
    settings: Mapping[str, object] | None = None,
    environment: Mapping[str, str] | None = None,
    limit: float = 60,
) -> Service:
    """A service that is ready, as ``serving`` gives it; the caller stops or kills it.

    Raises:
        RuntimeError: It ended, or was not ready in time; with what it printed.
    """
    port = free_port()
    set_ = {f"STEMGRAPH_{name.upper()}": str(value) for name, value in (settings or {}).items()}
    log = data.parent / f"{data.name}.log"
    data.parent.mkdir(parents=True, exist_ok=True)
    command = [sys.executable, "-m", "stemgraph.app", "serve", "--port", str(port), "--data", str(data)]
    begun = time.monotonic()
    with log.open("ab") as output:
        process = subprocess.Popen(
            [*command, *arguments],
            env={**os.environ, **set_, **(environment or {})},
            stdout=output,
            stderr=subprocess.STDOUT,
        )
    service = Service(port, data, process, log)
    while time.monotonic() - begun < limit and process.poll() is None:
        try:
            if service.request("GET", "/readyz", limit=limit).status == 200:
                service.seconds = time.monotonic() - begun
                return service
        except OSError:
            pass
        time.sleep(0.01)
    ended = process.poll()
    service.stop()
    said = "was not ready in time" if ended is None else f"ended with code {ended}"
    raise RuntimeError(f"the service {said}; it printed:\n{service.said()[-4000:]}")


@contextmanager
def filled_data() -> Iterator[Path]:
    """A data directory filled with the bundled graph, of one's own; it is removed on leaving."""
    from stemgraph.app.commands.data_directory import graph_directory

    with tempfile.TemporaryDirectory(prefix="reliability-") as directory:
        data = Path(directory) / "data"
        graph_directory(data, None)
        yield data


def copy_data(data: Path, copy: Path) -> Path:
    """A copy of a data directory for a test that changes it."""
    shutil.copytree(data, copy, symlinks=True, ignore=shutil.ignore_patterns("*.sock"))
    return copy

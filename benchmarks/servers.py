"""Servers under measurement: our own, and the bare ASGI route that returns the same bytes."""

from __future__ import annotations

import math
import os
import re
import shutil
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path


def free_port() -> int:
    """A port that was free a moment ago."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def fetch(url: str) -> bytes:
    """The body of a GET."""
    with urllib.request.urlopen(url, timeout=30) as answer:
        return bytes(answer.read())


def wait_until_ready(url: str, process: subprocess.Popen[bytes], limit: float = 60) -> float:
    """Seconds until ``url`` answers 200."""
    begun = time.perf_counter()
    while time.perf_counter() - begun < limit:
        if process.poll() is not None:
            raise RuntimeError(f"the server ended with code {process.returncode}")
        try:
            fetch(url)
        except (urllib.error.URLError, OSError):
            time.sleep(0.01)
        else:
            return time.perf_counter() - begun
    raise RuntimeError(f"{url} was not ready within {limit} s")


@contextmanager
def server(
    *command: str, ready: str, environment: dict[str, str] | None = None
) -> Iterator[tuple[subprocess.Popen[bytes], float]]:
    """A server process that is ready, and the seconds it took; it is ended on leaving."""
    process = subprocess.Popen(
        [sys.executable, "-m", *command],
        env={**os.environ, **(environment or {})},
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    try:
        yield process, wait_until_ready(ready, process)
    finally:
        process.terminate()
        process.wait(15)


@dataclass(frozen=True)
class Load:
    """What wrk measured: requests a second, median and 99th percentile in milliseconds, failures."""

    requests_per_second: float
    p50: float
    p99: float
    failures: int


def milliseconds(text: str) -> float:
    """A wrk duration such as ``812.00us`` or ``1.20ms``."""
    number, unit = re.fullmatch(r"([\d.]+)(us|ms|s)", text).groups()  # type: ignore[union-attr]
    return float(number) * {"us": 0.001, "ms": 1.0, "s": 1000.0}[unit]


def wrk(url: str, *, seconds: int = 5, connections: int = 8, script: Path | None = None) -> Load:
    """Load one URL with wrk (Debian package ``wrk``), one thread, eight kept-alive connections.

    Raises:
        RuntimeError: wrk is not installed.
    """
    program = shutil.which("wrk")
    if program is None:
        raise RuntimeError("this benchmark needs wrk: apt-get install wrk")
    arguments = [program, "-t1", f"-c{connections}", f"-d{seconds}s", "--latency", "--timeout", "60s"]
    if script:
        arguments += ["-s", str(script)]
    printed = subprocess.run([*arguments, url], check=True, capture_output=True, text=True).stdout
    found = {
        percent: milliseconds(value) for percent, value in re.findall(r"(?m)^\s+(50|99)%\s+(\S+)$", printed)
    }
    rate = re.search(r"Requests/sec:\s+([\d.]+)", printed)
    errors = re.search(r"Non-2xx or 3xx responses: (\d+)", printed)
    assert rate, printed
    failures = int(errors[1]) if errors else 0
    if "99" not in found:  # nothing was answered in time: in its favour, one answer at the very end
        return Load(1 / seconds, math.inf, math.inf, failures)
    return Load(float(rate[1]), found["50"], found["99"], failures)


def resident_megabytes(process: subprocess.Popen[bytes]) -> tuple[float, float]:
    """Peak resident memory (VmHWM) of a process, and of it with all its children, in MB."""
    parents = {process.pid}
    total = peak(process.pid)
    for path in Path("/proc").glob("[0-9]*/stat"):
        try:
            pid, parent = int(path.parent.name), int(path.read_text().rsplit(")", 1)[1].split()[1])
        except (OSError, ValueError):
            continue
        if parent in parents:
            total += peak(pid)
    return peak(process.pid), total


def peak(pid: int) -> float:
    """VmHWM of one process in MB."""
    status = Path(f"/proc/{pid}/status").read_text()
    found = re.search(r"VmHWM:\s+(\d+) kB", status)
    return int(found[1]) / 1024 if found else 0.0

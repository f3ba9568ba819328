"""How far the numbers of this machine can be trusted."""

from __future__ import annotations

import hashlib
import os
import platform
import statistics
import time


def describe() -> None:
    """Print the machine's kind, its load, and the spread of a fixed piece of work repeated ten times."""
    times: list[float] = []
    for _ in range(10):
        begun = time.perf_counter()
        hashlib.pbkdf2_hmac("sha256", b"noise", b"stemgraph", 60_000)
        times.append(time.perf_counter() - begun)
    spread = (max(times) - min(times)) / statistics.median(times)
    load = os.getloadavg()[0]
    kind = f"{os.cpu_count()} cores, {platform.machine()}, Python {platform.python_version()}"
    print(f"machine: {kind}, load {load:.2f}")
    took = f"{min(times):.4f} to {max(times):.4f} s"
    print(f"noise: a fixed piece of work took {took}, spread {spread:.0%} of its median")

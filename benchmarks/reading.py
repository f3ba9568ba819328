"""Reads of the service beside a bare ASGI route that returns the same bytes."""

from __future__ import annotations

import statistics
import tempfile
from collections.abc import Iterator
from pathlib import Path

from benchmarks.figure import Figure
from benchmarks.servers import Load, fetch, free_port, server, wrk

CACHED, UNCACHED = 0.6, 0.25
ROUNDS = 5
PATHS = {
    "entity": "/api/v1/entity/MONDO:0005301",
    "associations page": "/api/v1/entity/MONDO:0005301/associations?limit=20",
}


def run() -> Iterator[Figure]:
    """p50 and requests per second, cached and not, against a bare ASGI route with the same bytes."""
    with tempfile.TemporaryDirectory() as directory:
        for name, path in PATHS.items():
            yield from compare(name, path, directory)


def compare(name: str, path: str, directory: str) -> Iterator[Figure]:
    """Alternate the three servers, so that the machine's moods fall on all of them, and compare medians."""
    port, plain, bare = free_port(), free_port(), free_port()
    data = f"{directory}/data"
    with (
        server("stemgraph.app", "serve", "--port", str(port), "--data", data, ready=f"http://127.0.0.1:{port}/readyz"),
        server(
            "stemgraph.app", "serve", "--port", str(plain), "--data", data,
            ready=f"http://127.0.0.1:{plain}/readyz", environment={"STEMGRAPH_CACHE_BYTES": "0"},
        ),
    ):  # fmt: skip
        body = fetch(f"http://127.0.0.1:{port}{path}")
        file = Path(directory) / "body"
        file.write_bytes(body)
        with server(
            "benchmarks.bare",
            str(bare),
            ready=f"http://127.0.0.1:{bare}/",
            environment={"BARE_BODY": str(file)},
        ):
            loads: dict[str, list[Load]] = {"bare": [], "cached": [], "uncached": []}
            for _ in range(ROUNDS):
                loads["bare"].append(wrk(f"http://127.0.0.1:{bare}/"))
                loads["cached"].append(wrk(f"http://127.0.0.1:{port}{path}"))
                loads["uncached"].append(wrk(f"http://127.0.0.1:{plain}{path}"))
    rates = {
        kind: statistics.median(load.requests_per_second for load in each) for kind, each in loads.items()
    }
    for kind, each in loads.items():
        p50 = statistics.median(load.p50 for load in each)
        seen = [load.requests_per_second for load in each]
        note = f"{min(seen):.0f} to {max(seen):.0f}/s"
        yield Figure(f"{name} ({len(body)} bytes), {kind}: requests", rates[kind], "/s", note=note)
        yield Figure(f"{name}, {kind}: p50", p50, "ms")
        yield Figure(f"{name}, {kind}: failures", sum(load.failures for load in each), "", at_most=0)
    for kind, target in (("cached", CACHED), ("uncached", UNCACHED)):
        # Round by round, so that a slow moment of the machine falls on both sides of the ratio.
        ratios = [
            ours.requests_per_second / peer.requests_per_second
            for ours, peer in zip(loads[kind], loads["bare"], strict=True)
        ]
        seen = f"{min(ratios):.2f} to {max(ratios):.2f}"
        yield Figure(f"{name}, {kind} / bare", statistics.median(ratios), "", at_least=target, note=seen)

"""Time from ``stemgraph serve`` to ready, and memory."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator

from benchmarks.figure import Figure
from benchmarks.servers import fetch, free_port, resident_megabytes, server

FIRST, LATER, MEMORY = 6.0, 2.5, 400.0


def run() -> Iterator[Figure]:
    """Seconds from `stemgraph serve` to ready, with an empty and a filled data directory; peak memory."""
    with tempfile.TemporaryDirectory() as directory:
        first, later = [], []
        for attempt in range(3):
            data = f"{directory}/data{attempt}"
            first.append(start(data)[0])
            for _ in range(2):
                seconds, alone, family = start(data)
                later.append(seconds)
        yield Figure("first start, median of 3", sorted(first)[1], "s", at_most=FIRST, note=spread(first))
        yield Figure("later start, median of 6", sorted(later)[3], "s", at_most=LATER, note=spread(later))
        seconds, alone, family = start(f"{directory}/fresh")
        yield Figure("peak memory of the service, first start", alone, "MB", at_most=MEMORY)
        yield Figure(
            "  with its SPARQL workers", family, "MB", note="pages shared between them are counted each time"
        )
        seconds, alone, family = start(f"{directory}/fresh")
        yield Figure("peak memory of the service, later start", alone, "MB", at_most=MEMORY)
        yield Figure("  with its SPARQL workers", family, "MB")


def start(data: str) -> tuple[float, float, float]:
    """Seconds to ready, then peak MB of the service alone and with its children after a few requests."""
    port = free_port()
    url = f"http://127.0.0.1:{port}"
    with server("stemgraph.app", "serve", "--port", str(port), "--data", data, ready=f"{url}/readyz") as (
        process,
        seconds,
    ):
        for path in (
            "/entity/MONDO:0005301",
            "/association?limit=200",
            "/search?q=graft",
            "/path?source=CL:0000084&target=MONDO:0015974",
        ):
            fetch(f"{url}/api/v1{path}")
        fetch(f"{url}/sparql?query=SELECT%20%2A%20%7B%3Fs%20%3Fp%20%3Fo%7D%20LIMIT%20100")
        alone, family = resident_megabytes(process)
    return seconds, alone, family


def spread(values: list[float]) -> str:
    """The least and the most of some measurements."""
    return f"{min(values):.2f} to {max(values):.2f}"

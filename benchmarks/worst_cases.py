"""The heaviest questions that may be asked of the bundle, each against its time budget."""

from __future__ import annotations

import json
import statistics
import tempfile
import time
import urllib.request
from collections.abc import Callable, Iterator

from benchmarks.figure import Figure
from benchmarks.servers import free_port, server

GRACE = 0.25
"""Seconds that an answer may take beyond its budget: the last step, encoding and the wire."""

ROUNDS = 5

SENTENCES = (
    "Hematopoietic stem cell transplantation can be effective in multiple sclerosis. ",
    "Graft versus host disease is a risk of allogeneic hematopoietic stem cell transplantation. ",
    "Abatacept treats acute graft versus host disease in adults. ",
    "Casgevy was approved for sickle cell disease by the FDA in 2023. ",
)


def run() -> Iterator[Figure]:
    """Closure on the root of MONDO, paths between hubs, and a 1 MB text, in their time budgets."""
    with tempfile.TemporaryDirectory() as directory:
        port = free_port()
        base = f"http://127.0.0.1:{port}"
        with server(
            "stemgraph.app", "serve", "--port", str(port), "--data", f"{directory}/data",
            ready=f"{base}/readyz", environment={"STEMGRAPH_CACHE_BYTES": "0"},
        ):  # fmt: skip
            yield from measure("closure on MONDO:0000001, 200 rows", 2.0, lambda: get(
                f"{base}/api/v1/entity/MONDO:0000001/associations?closure=true&limit=200"
            ))  # fmt: skip
            yield from measure("therapies of MONDO:0000001", 2.0, lambda: get(
                f"{base}/api/v1/therapies?disease=MONDO:0000001&limit=200"
            ))  # fmt: skip
            yield from measure("paths between two hubs, k=10, 5 hops", 1.0, lambda: get(
                f"{base}/api/v1/path?source=MONDO:0700096&target=STEMGRAPH:fda&k=10&max_hops=5&budget_ms=1000"
            ))  # fmt: skip
            text = ("".join(SENTENCES) * (1_000_000 // len("".join(SENTENCES)) + 1))[:1_000_000]
            for route in ("annotate", "check"):
                body = json.dumps({"text": text, "budget_ms": 2000}).encode()
                yield from measure(
                    f"{route} of a 1 MB text", 2.0, lambda r=route, b=body: post(f"{base}/api/v1/{r}", b)
                )


def measure(name: str, budget: float, ask: Callable[[], bytes]) -> Iterator[Figure]:
    """The slowest of some rounds against the budget, and whether the answer says that it is partial."""
    times: list[float] = []
    body = b"{}"
    for _ in range(ROUNDS):
        begun = time.perf_counter()
        body = ask()
        times.append(time.perf_counter() - begun)
    answer = json.loads(body)
    complete = answer.get("complete", True)
    note = f"median {statistics.median(times):.3f}; " + (
        "complete" if complete else f"partial: {answer['reason']}"
    )
    yield Figure(f"{name}: slowest of {ROUNDS}", max(times), "s", at_most=budget + GRACE, note=note)


def get(url: str) -> bytes:
    """The body of a GET."""
    with urllib.request.urlopen(url, timeout=60) as answer:
        return bytes(answer.read())


def post(url: str, body: bytes) -> bytes:
    """The body of the answer to a POST of JSON."""
    request = urllib.request.Request(url, data=body, headers={"Content-Type": "application/json"})
    with urllib.request.urlopen(request, timeout=60) as answer:
        return bytes(answer.read())

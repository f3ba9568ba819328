"""What the edge and the gate cost: a read that is kept, beside the same service on uvicorn as it comes."""

from __future__ import annotations

import os
import statistics
import tempfile
from collections.abc import Iterator
from pathlib import Path

from benchmarks.figure import Figure
from benchmarks.servers import Load, fetch, free_port, server, wrk

LEAST = 0.8
ROUNDS = 7
SECONDS = 4
PATH = "/api/v1/entity/MONDO:0005301"


def run(rounds: int = ROUNDS, seconds: int = SECONDS) -> Iterator[Figure]:
    """Requests per second of the hardened server, as part of those of the unhardened one, round by round."""
    ours, peer = free_port(), free_port()
    with tempfile.TemporaryDirectory() as directory:
        data = f"{directory}/data"
        with (
            server(
                "stemgraph.app", "serve", "--port", str(ours), "--data", data,
                ready=f"http://127.0.0.1:{ours}/readyz",
            ) as (hardened, _),
            server(
                "benchmarks.unhardened", str(peer), data, ready=f"http://127.0.0.1:{peer}/readyz"
            ) as (bare, _),
        ):  # fmt: skip
            processes = {"hardened": hardened.pid, "unhardened": bare.pid}
            spent = {"hardened": 0.0, "unhardened": 0.0}
            loads: dict[str, list[Load]] = {"hardened": [], "unhardened": []}
            ports = {"hardened": ours, "unhardened": peer}
            for port in ports.values():
                fetch(f"http://127.0.0.1:{port}{PATH}")
                wrk(f"http://127.0.0.1:{port}{PATH}", seconds=1)
            for number in range(rounds):
                # In turns, and each first as often, so that the machine's moods fall on both.
                for name in sorted(ports, reverse=bool(number % 2)):
                    before = processor_seconds(processes[name])
                    load = wrk(f"http://127.0.0.1:{ports[name]}{PATH}", seconds=seconds)
                    loads[name].append(load)
                    made = processor_seconds(processes[name]) - before
                    spent[name] += made / (load.requests_per_second * seconds) / rounds
    for name, each in loads.items():
        seen = [load.requests_per_second for load in each]
        note = f"{min(seen):.0f} to {max(seen):.0f}/s"
        yield Figure(f"{name}: requests", statistics.median(seen), "/s", note=note)
        yield Figure(f"{name}: p99", statistics.median(load.p99 for load in each), "ms")
        yield Figure(f"{name}: failures", sum(load.failures for load in each), "", at_most=0)
    # What other programs take of the machine does not count here.
    for name, each in spent.items():
        yield Figure(f"{name}: processor time per request", each * 1e6, "us")
    yield Figure(
        "unhardened / hardened: processor time", spent["unhardened"] / spent["hardened"], "", at_least=LEAST
    )
    ratios = [
        hardened.requests_per_second / unhardened.requests_per_second
        for hardened, unhardened in zip(loads["hardened"], loads["unhardened"], strict=True)
    ]
    note = f"{min(ratios):.2f} to {max(ratios):.2f}"
    yield Figure("hardened / unhardened", statistics.median(ratios), "", at_least=LEAST, note=note)


def processor_seconds(process: int) -> float:
    """User and system time of a process until now."""
    fields = Path(f"/proc/{process}/stat").read_text().rsplit(")", 1)[1].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")

"""What processes take of the machine, as /proc tells (Linux; elsewhere nothing is told)."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterable, Mapping
from pathlib import Path

from stemgraph.app.jail.memory import bytes_proportional
from stemgraph.app.telemetry.family import Family


def process_families(groups: Mapping[str, Iterable[int]]) -> list[Family]:
    """Number, memory, processor time and open descriptors of processes, by what they are for."""
    number = Family("stemgraph_processes", "gauge", "Processes.", ("process",))
    memory = Family(
        "stemgraph_memory_bytes",
        "gauge",
        "Memory of the processes; shared memory counts once.",
        ("process",),
    )
    opened = Family("stemgraph_open_descriptors", "gauge", "Open descriptors of the processes.", ("process",))
    for name, identifiers in groups.items():
        found = [each for each in map(_taken, identifiers) if each is not None]
        if found:
            label = (name,)
            number.values[label] = len(found)
            memory.values[label] = sum(each[0] for each in found)
            opened.values[label] = sum(each[1] for each in found)
    times = os.times()
    used = Family("stemgraph_cpu_seconds", "counter", "Processor time of the web processes.")
    used.values[()] = times.user + times.system
    return [number, memory, opened, used]


def _taken(identifier: int) -> tuple[int, int] | None:
    """Bytes and open descriptors of a process; None where they are not told."""
    if sys.platform != "linux":
        return None
    place = Path(f"/proc/{identifier}")
    memory = bytes_proportional(identifier)
    if memory is None:
        return None
    try:
        descriptors = len(os.listdir(place / "fd"))  # noqa: PTH208  # the names alone are wanted
    except OSError:  # another user's
        descriptors = 0
    return memory, descriptors

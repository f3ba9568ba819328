"""The jail for a quarter of an hour, its workers killed all the while: nothing grows."""

from __future__ import annotations

import contextlib
import os
import random
import signal
import time
from collections.abc import Iterator
from pathlib import Path

from benchmarks.figure import Figure
from benchmarks.reliability.attackers import LIGHT, Client, rest, sparql
from benchmarks.reliability.service import Service, filled_data, serving

HOUR_VARIABLE = "STEMGRAPH_SOAK_SECONDS"


def run(quick: bool) -> Iterator[Figure]:
    """Readers and queries while workers are killed: descriptors, zombies and memory before and after."""
    seconds = 12.0 if quick else float(os.environ.get(HOUR_VARIABLE, "900"))
    kills = 12 if quick else max(300, int(seconds / 3))
    with filled_data() as data, serving(data, settings={"requests_per_minute": 10_000_000}) as service:
        clients = [
            Client(service, "127.0.0.2", rest, 0.01),
            Client(service, "127.0.0.3", sparql(LIGHT), 0.01),
            Client(service, "127.0.0.4", sparql(LIGHT), 0.01),
        ]
        for each in clients:
            each.start()
        time.sleep(seconds / 4)  # what is kept fills before it is looked at
        before = seen(service)
        killed = 0
        for number in range(kills):
            time.sleep(seconds / kills)
            below = service.processes()[1:]
            holders = [pid for pid in below if is_holder(pid)]
            workers = [pid for pid in below if is_worker(pid)]
            if chosen := holders if holders and number % 10 == 9 else workers:
                with contextlib.suppress(ProcessLookupError):
                    os.kill(random.choice(chosen), signal.SIGKILL)  # noqa: S311
                    killed += 1
        for each in clients:
            each.ended.set()
        for each in clients:
            each.join(30)
        time.sleep(2)
        after = seen(service)
        statuses = [status for each in clients[1:] for status in each.statuses]
        yield Figure("seconds", seconds, "s")
        yield Figure("workers killed", killed, "", at_least=kills * 0.9)
        yield Figure("REST failures", sum(s != 200 for s in clients[0].statuses), "", at_most=0)
        yield Figure("queries answered", statuses.count(200), "", at_least=seconds)
        # Who is asking when its worker is killed is told so: 422.
        odd = [status for status in statuses if status not in (200, 422)]
        yield Figure("queries with another status than 200 and 422", len(odd), "", at_most=0)
        # A store may be in memory by now: one socket, and a descriptor for each worker that was forked.
        yield Figure("descriptors more than before", after[0] - before[0], "", at_most=9)
        yield Figure("zombies", after[1], "", at_most=0)
        yield Figure("processes more than before", after[2] - before[2], "", at_most=3)
        yield Figure("memory of the web process, growth", after[3] - before[3], "MiB", at_most=40)


def is_worker(pid: int) -> bool:
    """Whether a process is a worker of the jail: started as one, or forked by a holder."""
    return runs(pid, "worker") or (runs(pid, "holder") and runs(parent(pid), "holder"))


def is_holder(pid: int) -> bool:
    """Whether a process is a holder, which forks workers."""
    return runs(pid, "holder") and not runs(parent(pid), "holder")


def runs(pid: int, module: str) -> bool:
    """Whether a process runs, or was forked by what runs, a module of the jail."""
    with contextlib.suppress(OSError):
        return f"stemgraph.app.jail.{module}".encode() in Path(f"/proc/{pid}/cmdline").read_bytes()
    return False


def parent(pid: int) -> int:
    """The parent of a process; 0 where it is gone."""
    with contextlib.suppress(OSError):
        return int(Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()[1])
    return 0


def seen(service: Service) -> tuple[int, int, int, float]:
    """Descriptors of the web process, zombies below it, processes, and its memory in MiB."""
    pid = service.process.pid
    zombies = 0
    family = service.processes()
    for each in family:
        with contextlib.suppress(OSError):
            zombies += Path(f"/proc/{each}/stat").read_text().rsplit(")", 1)[1].split()[0] == "Z"
    resident = int(Path(f"/proc/{pid}/statm").read_text().split()[1]) * 4096 / (1024 * 1024)
    return len(list(Path(f"/proc/{pid}/fd").iterdir())), zombies, len(family), resident

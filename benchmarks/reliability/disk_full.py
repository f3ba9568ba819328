"""A full disk: writes are refused with nothing half done, reads go on, and writes resume by themselves."""

from __future__ import annotations

import contextlib
import json
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict
from pathlib import Path

from benchmarks.figure import Figure
from benchmarks.reliability.small_data import GRAPH, line, make_data
from benchmarks.reliability.web_process import WebProcess

MEGABYTES = 48
"""Size of the disk."""


@contextmanager
def small_disk() -> Iterator[Path]:
    """A file system of its own in memory; needs root, or to be root of a namespace."""
    with tempfile.TemporaryDirectory(prefix="disk-full-") as directory:
        options = ["-t", "tmpfs", "-o", f"size={MEGABYTES}m", "tmpfs", directory]
        subprocess.run(["mount", *options], check=True)
        try:
            yield Path(directory)
        finally:
            subprocess.run(["umount", "--lazy", directory], check=True)


def fill(disk: Path, *, leave: int = 0) -> Path:
    """Fill the disk up to some bytes; the file that fills it."""
    ballast = disk / "ballast"
    with ballast.open("ab") as file, contextlib.suppress(OSError):
        while True:
            free = os.statvfs(disk).f_bavail * os.statvfs(disk).f_frsize
            step = min(1 << 20, free - leave)
            if step <= 0:
                break
            file.write(bytes(step))
            file.flush()
    return ballast


def refusing(rounds: int) -> Iterator[Figure]:
    """Fill the disk under a running service, make room again, and look at what it answers."""
    wrong: list[str] = []
    slowest = 0.0
    with small_disk() as disk:
        data = make_data(disk / "data")
        with WebProcess(data) as web:
            for number in range(rounds):
                kept = line(f"kept-{number}", 1)
                if "error" in (answer := web.write([kept])):
                    wrong.append(f"with room: {answer}")
                ballast = fill(disk)
                for attempt in range(5):
                    answer = web.write([line(f"refused-{number}-{attempt}", 1)])
                    if answer.get("error") != "StorageFullError":
                        wrong.append(f"without room: {answer}")
                    there = web.ask("lines", graph=GRAPH).get("lines", [])
                    if kept not in there or any("refused" in each for each in there):
                        wrong.append(f"read while full: {there[-2:]}")
                ballast.unlink()
                begun = time.monotonic()
                while "error" in web.write([line(f"resumed-{number}", 1)]):
                    if time.monotonic() - begun > 30:
                        break
                    time.sleep(0.05)
                slowest = max(slowest, time.monotonic() - begun)
            ended = web.process.poll() is not None
    yield Figure(
        "wrong answers while the disk was full", len(wrong), "", at_most=0, note="; ".join(wrong[:2])
    )
    yield Figure("slowest return to writing", slowest, "s", at_most=10.0, note=f"{rounds} times full")
    yield Figure("restarts of the web process", int(ended), "", at_most=0)


def ending_anywhere(steps: int) -> Iterator[Figure]:
    """Let the room end at each step of a commit: what was refused is not there, what was acknowledged is."""
    from stemgraph.app.errors import StorageFullError
    from stemgraph.app.writer.commit import Committer, Write
    from stemgraph.app.writer.committed import Committed

    wrong: list[str] = []
    refused = 0
    with small_disk() as disk:
        data = make_data(disk / "data")
        there: set[str] = set()
        for number in range(steps):
            committer = Committer(data, room=0)
            committer.start()
            ballast = fill(disk, leave=number * 4096 * 4)
            lines = {line(f"{number}-{each}", "x" * 1000) for each in range(20)}
            write = Write(str(number), "diff", {"added": sorted(lines)}, None, "reliability", None)
            outcome = committer.commit([write]).outcomes.get(write.request)
            committer.close()
            ballast.unlink()
            if isinstance(outcome, Committed):
                there |= lines
            elif isinstance(outcome, StorageFullError):
                refused += 1
            else:
                wrong.append(f"{number}: {outcome!r}")
            again = Committer(data)
            again.start()
            found = {f"{quad} ." for quad in again.head.store if "example.org" in str(quad.subject)}
            again.close()
            if found != there:
                wrong.append(f"{number}: {len(found - there)} too many, {len(there - found)} too few")
                there = found
    yield Figure("commits half done where the room ended within them", len(wrong), "", at_most=0,
                 note="; ".join(wrong[:2]))  # fmt: skip
    yield Figure("of them refused", refused, "", at_least=1, note=f"of {steps}")


def figures(quick: bool) -> Iterator[Figure]:
    """Both, on a disk of this process's own."""
    yield from refusing(1 if quick else 10)
    yield from ending_anywhere(8 if quick else 64)


def run(quick: bool) -> Iterator[Figure]:
    """A tmpfs of 48 MB is filled once (ten times); a commit meets its end at 8 (64) places."""
    if os.geteuid() == 0:
        yield from figures(quick)
        return
    command = [sys.executable, "-m", "benchmarks.reliability.disk_full", *(["--quick"] if quick else [])]
    done = subprocess.run(["unshare", "-rm", *command], check=True, stdout=subprocess.PIPE, text=True)
    for each in done.stdout.splitlines():
        yield Figure(**json.loads(each))


if __name__ == "__main__":
    for found in figures("--quick" in sys.argv):
        print(json.dumps(asdict(found)), flush=True)

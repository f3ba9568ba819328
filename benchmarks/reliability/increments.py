"""Fifty writers increment one value, each with the version that it read: the value counts the successes."""

from __future__ import annotations

import tempfile
import threading
import time
from collections.abc import Iterator
from pathlib import Path

from benchmarks.figure import Figure
from benchmarks.reliability.small_data import GRAPH, line, make_data
from benchmarks.reliability.web_process import WebProcess


def increment(web: WebProcess, times: int, tally: list[int], refusals: list[int]) -> None:
    """Read the value and write the next one, until this many attempts succeeded."""
    done = refused = 0
    while done < times:
        (held,) = [each for each in web.ask("lines", graph=GRAPH)["lines"] if "/counter>" in each]
        value = int(held.split('"')[1])
        answer = web.write([line("counter", value + 1)], [held], present=[held])
        if answer.get("error") == "PreconditionFailedError":
            refused += 1
        elif "error" in answer:
            raise AssertionError(answer)
        else:
            done += 1
    tally.append(done)
    refusals.append(refused)


def run(quick: bool) -> Iterator[Figure]:
    """50 writers with 20 increments each through two web processes (6 with 2 quickly)."""
    writers, times = (6, 2) if quick else (50, 20)
    with tempfile.TemporaryDirectory(prefix="increments-") as directory:
        data = make_data(Path(directory) / "data")
        with WebProcess(data) as first, WebProcess(data) as second:
            first.write([line("counter", 0)])
            tally: list[int] = []
            refusals: list[int] = []
            threads = [
                threading.Thread(target=increment, args=((first, second)[each % 2], times, tally, refusals))
                for each in range(writers)
            ]
            begun = time.monotonic()
            for thread in threads:
                thread.start()
            for thread in threads:
                thread.join()
            seconds = time.monotonic() - begun
            (held,) = [each for each in second.ask("lines", graph=GRAPH)["lines"] if "/counter>" in each]
    successes = sum(tally)
    yield Figure("successes not counted by the final value", abs(int(held.split('"')[1]) - successes), "",
                 at_most=0, note=f"{successes} successes, {sum(refusals)} refused with 412")  # fmt: skip
    yield Figure("writers that succeeded as often as they should", sum(each == times for each in tally), "",
                 at_least=writers)  # fmt: skip
    yield Figure("increments per second", successes / seconds, "/s")

"""Kill -9 of writer and web processes at random moments: nothing acknowledged is lost, nothing half done."""

from __future__ import annotations

import contextlib
import json
import os
import random
import signal
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path

from benchmarks.figure import Figure
from benchmarks.reliability.service import start
from benchmarks.reliability.small_data import GRAPH, line, make_data
from benchmarks.reliability.web_process import EndedError, WebProcess

ROUNDS = 200
TOGETHER = 5
"""Statements of one update: all are there afterwards, or none."""
UPLOADED = 2_000
"""Statements of one upload."""
ROUNDS_OF_ONE_DIRECTORY = 20
"""Kills after which a fresh data directory is taken: what was sent is looked at whole after each."""
WRITERS = 3


@dataclass
class Account:
    """What was sent and what was acknowledged, by the name of each write; and what was found to be wrong."""

    sent: dict[str, frozenset[str]] = field(default_factory=dict[str, frozenset[str]])
    acknowledged: set[str] = field(default_factory=set[str])
    lost: set[str] = field(default_factory=set[str])
    half: set[str] = field(default_factory=set[str])
    wrong: list[str] = field(default_factory=list[str])

    def send(self, web: WebProcess, name: str, lines: frozenset[str]) -> None:
        """Write lines under a name; what the answer says is kept."""
        self.sent[name] = lines
        answer = web.write(sorted(lines))
        if "error" not in answer:
            self.acknowledged.add(name)
        elif answer["error"] != "UnavailableError":
            self.wrong.append(f"{name}: {answer}")

    def check(self, web: WebProcess) -> None:
        """Hold what is there against what was sent, and the state against its digest."""
        there = frozenset(web.read("lines", graph=GRAPH)["lines"])
        for name, lines in self.sent.items():
            found = len(lines & there)
            if 0 < found < len(lines):
                self.half.add(name)
            if found < len(lines) and name in self.acknowledged:
                self.lost.add(name)
        stated = web.read("digest")
        digest = journalled_digest(web.data, stated["edition"])
        if digest is not None and stated["digest"] != digest:
            self.wrong.append(f"edition {stated['edition']} has another digest than its journal line says")


def journalled_digest(data: Path, edition: str) -> str | None:
    """The digest that the journal gives an edition; None for one that stands on another release."""
    from stemgraph.graph.journal import NAME, Journal

    release, _, sequence = edition.partition(".")
    last = Journal(data / NAME).last
    if last is None or not sequence or last.sequence != int(sequence) or last.release != release:
        return None
    return last.digest


Disturbance = Callable[[Path, int, Account], subprocess.Popen[bytes] | None]


def updating(_data: Path, _number: int, _account: Account) -> None:
    """Nothing beside the updates."""


def publishing(data: Path, _number: int, _account: Account) -> subprocess.Popen[bytes]:
    """Edits become the next release meanwhile."""
    return command("release", "publish", "--edits", "--data", str(data))


def loading(data: Path, number: int, account: Account) -> subprocess.Popen[bytes]:
    """A file is loaded meanwhile, whole or not at all."""
    name = f"load-{number}"
    lines = frozenset(line(f"{name}-{each}", number) for each in range(UPLOADED))
    file = data.parent / f"{name}.nq"
    file.write_text("\n".join(sorted(lines)) + "\n")
    account.sent[name] = lines
    return command("load", "--data", str(data), str(file))


def command(*arguments: str, environment: Mapping[str, str] | None = None) -> subprocess.Popen[bytes]:
    """A command of stemgraph that goes on beside us."""
    return subprocess.Popen(
        [sys.executable, "-m", "stemgraph.app", *arguments],
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        env={**os.environ, **(environment or {})},
        start_new_session=True,
    )


def crash(
    data: Path, rounds: int, seed: int, *, size: int = TOGETHER, beside: Disturbance = updating
) -> Account:
    """Write, kill something at a random moment, look, and again."""
    chance = random.Random(seed)  # noqa: S311  # a moment, no secret
    account = Account()
    web = WebProcess(data)
    try:
        for number in range(rounds):
            writers = [
                threading.Thread(target=keep_writing, args=(web, account, f"{number}-{each}", size))
                for each in range(WRITERS)
            ]
            for each in writers:
                each.start()
            other = beside(data, number, account)
            slowest = 1.0 if other is None else 4.0
            time.sleep(chance.uniform(0, slowest))
            everything = chance.random() < 0.5
            _kill(web, other, everything=everything)
            if everything:
                web.kill()
            for each in writers:
                each.join()
            if everything:
                web = WebProcess(data)
            account.check(web)
    finally:
        web.stop()
    return account


def keep_writing(web: WebProcess, account: Account, name: str, size: int) -> None:
    """Write until the web process ends, or until enough was written after the writer was killed."""
    deadline = time.monotonic() + 2
    with contextlib.suppress(EndedError):
        for number in range(1_000):
            lines = frozenset(line(f"{name}-{number}-{each}", number) for each in range(size))
            account.send(web, f"{name}-{number}", lines)
            if time.monotonic() > deadline:
                return


def _kill(web: WebProcess, other: subprocess.Popen[bytes] | None, *, everything: bool) -> None:
    if other is not None:
        with contextlib.suppress(ProcessLookupError):
            os.killpg(other.pid, signal.SIGKILL)
        other.wait()
    if not everything:
        writer = web.writer()
        if writer is not None:
            with contextlib.suppress(ProcessLookupError):
                os.kill(writer, signal.SIGKILL)


def reopening(count: int, rounds: int) -> list[float]:
    """Seconds from the start of a killed service, over this many statements, until it is ready to write."""
    with tempfile.TemporaryDirectory(prefix="crashes-") as directory:
        data = make_data(Path(directory) / "data", count)
        with WebProcess(data) as web:
            assert "error" not in web.write([line("first", 1)])
            web.kill()
        found: list[float] = []
        for _ in range(rounds):
            service = start(data, "--writable", limit=300)
            found.append(service.seconds)
            service.kill()
        return found


def run(quick: bool) -> Iterator[Figure]:
    """200 rounds for each kind of work (2 quickly), and reopening a million statements (20,000 quickly)."""
    rounds = 2 if quick else ROUNDS
    kinds: dict[str, tuple[int, Disturbance]] = {
        "update": (TOGETHER, updating),
        "upload": (UPLOADED, updating),
        "publish": (TOGETHER, publishing),
        "bulk load": (TOGETHER, loading),
    }
    for name, (size, beside) in kinds.items():
        accounts: list[Account] = []
        for begun in range(0, rounds, ROUNDS_OF_ONE_DIRECTORY):
            with tempfile.TemporaryDirectory(prefix="crashes-") as directory:
                data = make_data(Path(directory) / "data")
                few = min(ROUNDS_OF_ONE_DIRECTORY, rounds - begun)
                accounts.append(crash(data, few, seed=begun + len(name), size=size, beside=beside))
        sent, acknowledged, lost, half = (
            sum(len(each) for each in parts)
            for parts in zip(*((a.sent, a.acknowledged, a.lost, a.half) for a in accounts), strict=True)
        )
        wrong = [each for account in accounts for each in account.wrong]
        note = f"{rounds} kills, {acknowledged} of {sent} acknowledged"
        yield Figure(f"{name}: acknowledged writes lost", lost, "", at_most=0, note=note)
        yield Figure(f"{name}: writes half applied", half, "", at_most=0)
        yield Figure(f"{name}: other faults", len(wrong), "", at_most=0, note=json.dumps(wrong[:3]))
    count = 20_000 if quick else 1_000_000
    seconds = reopening(count, 1 if quick else 20)
    limit = 30.0 if quick else 5.0  # the short form shares its machine with other tests
    yield Figure(
        f"reopened at {count:,} statements, slowest of {len(seconds)}", max(seconds), "s", at_most=limit
    )

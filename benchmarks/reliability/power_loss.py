"""Power cuts under writes: what was not synced is gone, and what was acknowledged is there all the same."""

from __future__ import annotations

import contextlib
import random
import tempfile
import threading
import time
from collections.abc import Iterator
from pathlib import Path

from benchmarks.figure import Figure
from benchmarks.reliability.crashes import TOGETHER, Account, command, keep_writing
from benchmarks.reliability.power_cut import PowerSupply
from benchmarks.reliability.small_data import make_data
from benchmarks.reliability.web_process import WebProcess

WRITERS = 3


def cut(data: Path, rounds: int, seed: int) -> tuple[Account, int]:
    """Write, cut the power at a random moment, look, and again; what came of it, and the bytes it cost.

    Every other cut is ragged: some of what was not synced is there all the same. In every third round a
    release is being published meanwhile.
    """
    chance = random.Random(seed)  # noqa: S311  # a moment, no secret
    account = Account()
    supply = PowerSupply(data)
    lost = 0
    try:
        for number in range(rounds):
            web = WebProcess(data, supply.environment)
            account.check(web)
            writers = [
                threading.Thread(target=keep_writing, args=(web, account, f"{number}-{each}", TOGETHER))
                for each in range(WRITERS)
            ]
            for each in writers:
                each.start()
            other = None
            if number % 3 == 2:
                arguments = ("release", "publish", "--edits", "--data", str(data))
                other = command(*arguments, environment=supply.environment)
            time.sleep(chance.uniform(0.1, 1.5 if other is None else 5.0))
            if other is not None:
                other.kill()
                other.wait()
            web.kill()
            for each in writers:
                each.join()
            lost += supply.cut(seed=number if number % 2 else None).bytes
        web = WebProcess(data, supply.environment)
        account.check(web)
        web.stop()
    finally:
        with contextlib.suppress(OSError):
            supply.close()
    return account, lost


def run(quick: bool) -> Iterator[Figure]:
    """50 power cuts (3 quickly)."""
    rounds = 3 if quick else 50
    with tempfile.TemporaryDirectory(prefix="power-loss-") as directory:
        account, lost = cut(make_data(Path(directory) / "disk" / "data"), rounds, seed=4)
    note = f"{rounds} cuts, {len(account.acknowledged)} of {len(account.sent)} acknowledged"
    yield Figure("acknowledged writes lost", len(account.lost), "", at_most=0, note=note)
    yield Figure("writes half applied", len(account.half), "", at_most=0)
    yield Figure("other faults", len(account.wrong), "", at_most=0, note="; ".join(account.wrong[:3]))
    yield Figure("bytes that the cuts took", lost, "", at_least=1)

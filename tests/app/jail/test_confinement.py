"""What a worker can no longer do: tried by itself, and seen from outside."""

from __future__ import annotations

import asyncio
import re
import sys
from pathlib import Path

import pytest
from tests.app.jail.asking import Asking, RunWith

from stemgraph.app.jail import Jail, JailLimits, QueryRequest, seccomp
from stemgraph.app.jail.enforcement import Enforcement

linux = pytest.mark.skipif(sys.platform != "linux", reason="the kernel's part is Linux's")


@linux
def test_everything_that_a_worker_tries_at_the_start_is_refused(run_with: RunWith) -> None:
    async def work(jail: Asking) -> Enforcement:
        return jail.jail.enforcement

    found: Enforcement = run_with(work)
    assert found.complete, found.missing
    assert found.seccomp
    assert found.landlock
    assert {"open a socket", "start a program", "fork", "write a file", "read a file outside"} <= set(
        found.attempts
    )
    assert "hold the workers" in found.sentence()


@linux
def test_the_kernel_says_the_same_of_every_worker(run_with: RunWith) -> None:
    async def work(jail: Asking) -> list[str]:
        await jail.jail.run("parse", {"media_type": "text/turtle"}, client="someone")
        async with asyncio.timeout(60):  # another worker may still be starting, and is asked nothing yet
            while True:
                found = [Path(f"/proc/{each}/status").read_text() for each in jail.jail.process_ids]
                if all("Seccomp:\t2" in each for each in found):
                    return found
                await asyncio.sleep(0.05)

    found: list[str] = run_with(work)
    assert len(found) >= 2
    for status in found:
        fields = dict(re.findall(r"(?m)^(\w+):\t(.*)$", status))
        assert fields["Seccomp"] == "2"
        assert fields["NoNewPrivs"] == "1"
        assert int(fields["CapEff"], 16) in (0, 1 << 2)  # reading what belongs to others, as root only


@linux
def test_limits_of_files_cores_and_memory_hold(run_with: RunWith) -> None:
    async def work(jail: Asking) -> str:
        return Path(f"/proc/{jail.jail.process_ids[0]}/limits").read_text()

    limits: str = run_with(work)
    assert re.search(r"Max file size\s+0\s+0", limits)
    assert re.search(r"Max core file size\s+0\s+0", limits)
    assert re.search(r"Max open files\s+512\s+512", limits)
    assert re.search(r"Max address space\s+\d+\s+\d+", limits)


@linux
def test_a_store_elsewhere_is_closed_until_our_own_code_names_it(store: Path, run_with: RunWith) -> None:
    async def work(jail: Asking) -> tuple[bool, bytes]:
        before = jail.jail.process_ids
        body = await jail.query(QueryRequest("ASK {}", "csv"))
        return before == jail.jail.process_ids, body

    stayed, body = run_with(work, stores=())
    assert not stayed
    assert body == b"true\n"


@pytest.mark.parametrize("name", ["x86_64", "aarch64"])
def test_the_filter_of_each_machine_refuses_by_default(name: str) -> None:
    program = seccomp.filter_program(seccomp.MACHINES[name], 1234, new_code=False)
    assert len(program) < 4096  # the kernel takes no longer one
    *_, last = program
    assert last == (0x06, 0, 0, 0x00050001)  # return EPERM
    for place, (code, if_true, if_false, _) in enumerate(program):
        if code & 0x07 == 0x05:  # a jump ends within the program
            assert place + 1 + max(if_true, if_false) < len(program)


def test_where_nothing_is_enforced_it_is_said() -> None:
    attempts = {"open a socket": False, "write a file": True}
    found = Enforcement.from_report(
        {"enforced": {"no_new_privileges": False, "seccomp": False, "landlock": 0}, "attempts": attempts}
    )
    assert not found.complete
    assert found.missing == ("open a socket",)
    assert "SERVICE" in found.sentence()
    assert found.to_record()["not_refused"] == ["open a socket"]


def test_a_jail_that_was_not_started_claims_nothing() -> None:
    assert not Jail(JailLimits(workers=1)).enforcement.complete

"""Queries answered from memory, by workers that a holder forks: real processes on a small store."""

from __future__ import annotations

import asyncio
import contextlib
import os
import re
import signal
import sys
from collections.abc import Awaitable, Callable
from pathlib import Path

import pyoxigraph as ox
import pytest
from tests.app.jail.asking import Asking, Result, run_in_jail

from stemgraph.app.errors import QueryEndedError
from stemgraph.app.jail import Jail, JailLimits, QueryRequest
from stemgraph.graph.errors import QueryTimeoutError

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="forked workers are Linux's")

MEBIBYTE = 1024 * 1024
QUICKLY = {"first_seconds": 0.0, "settled_seconds": 0.1}
LABELS = QueryRequest("SELECT ?label { ?s a sgv:Disease ; rdfs:label ?label } ORDER BY ?label", "csv")
ENDLESS = QueryRequest(
    "SELECT (COUNT(*) AS ?n) { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i FILTER(?c + ?f + ?i < 0) }", "csv"
)
HOARD = QueryRequest(
    "SELECT DISTINCT ?x { ?a sgv:number ?b . ?c sgv:number ?d BIND(CONCAT(STR(?a), STR(?c)) AS ?x) }", "csv"
)
ODD = """
PREFIX ex: <https://example.org/>
GRAPH ex:blank { _:1a ex:knows _:name . _:name ex:knows _:deadbeef . _:deadbeef ex:says "hm"@de-CH }
GRAPH ex:values { ex:a ex:is 1, 01.50, 1e3, true, "2024-02-29"^^<http://www.w3.org/2001/XMLSchema#date>,
  "P1Y2M"^^<http://www.w3.org/2001/XMLSchema#duration>, "\\u0000 \\" \\n \\U0001F9EC", "x"^^ex:own ;
  ex:long "%s" }
ex:default ex:is ex:here .
""" % ("stem cells " * 1000)
MIX = (
    "SELECT * { ?s ?p ?o }",
    "SELECT * { GRAPH ?g { ?s ?p ?o } }",
    "SELECT ?g { GRAPH ?g {} }",
    "SELECT ?s { ?s ?p ?o FILTER(isBlank(?s)) }",
    'SELECT * { GRAPH ?g { ?s <https://example.org/long> ?text } FILTER(CONTAINS(UCASE(?text), "STEM")) }',
    "SELECT ?o (COUNT(*) AS ?n) { ?s ?p ?o } GROUP BY ?o",
    "SELECT ?b { ?a rdfs:subClassOf* ?b }",
    "SELECT * { ?s ?p ?o . OPTIONAL { ?o ?q ?r } MINUS { ?s a sgv:Therapy } }",
    'ASK { ?s rdfs:label "multiple sclerosis" }',
)
GRAPHS = ("CONSTRUCT WHERE { ?s ?p ?o }", "DESCRIBE ?s { ?s ?p ?o FILTER(isBlank(?s)) }")


@pytest.fixture(scope="session")
def odd_store(store: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A store beside the small one with blank nodes, odd literals, a default graph and an empty graph."""
    directory = tmp_path_factory.mktemp("odd") / "store"
    opened = ox.Store(str(directory))
    opened.extend(ox.parse(ODD.encode(), ox.RdfFormat.TRIG))
    opened.add_graph(ox.NamedNode("https://example.org/empty"))
    opened.flush()
    del opened
    return directory


def run_in(
    store: Path, work: Callable[[Asking], Awaitable[Result]], limits: JailLimits | None = None
) -> Result:
    """What work comes to in a running jail that is told nothing yet."""

    return run_in_jail(work, store, limits or JailLimits(workers=1, spares=0, **QUICKLY), [store])


def parent_of(process_id: int) -> int:
    """The parent of a process; 0 where it is gone."""
    try:
        return int(Path(f"/proc/{process_id}/stat").read_text().rsplit(")", 1)[1].split()[1])
    except OSError:
        return 0


async def in_memory(jail: Jail, but: tuple[int, ...] = ()) -> int:
    """Wait until every worker is one that a holder forked, and other than some; the holder's number."""
    async with asyncio.timeout(120):
        while True:
            holders = [each for each in jail.holding.process_ids if each not in but]
            workers = jail.process_ids
            if (
                jail.holding.answers_from_memory
                and len(holders) == 1
                and workers
                and all(parent_of(each) == holders[0] for each in workers)
            ):
                return holders[0]
            await asyncio.sleep(0.01)


async def until(condition: Callable[[], bool]) -> None:
    """Wait for something that happens by itself."""
    async with asyncio.timeout(60):
        while not condition():
            await asyncio.sleep(0.01)


def gone(process_id: int) -> bool:
    """Whether nothing is left of a process, not even its exit code."""
    return not Path(f"/proc/{process_id}").exists()


def test_answers_from_memory_are_those_from_disk(odd_store: Path) -> None:
    async def answers(jail: Asking) -> list[list[bytes]]:
        found = [sorted((await jail.query(QueryRequest(each, "tsv"))).splitlines()) for each in MIX]
        found += [sorted((await jail.query(QueryRequest(each, "nquads"))).splitlines()) for each in GRAPHS]
        narrow = QueryRequest(MIX[0], "tsv", default_graphs=("https://example.org/blank",))
        found.append(sorted((await jail.query(narrow)).splitlines()))
        found.append(sorted((await jail.query(QueryRequest(MIX[0], "tsv", union=False))).splitlines()))
        return found

    async def work(jail: Asking) -> tuple[list[list[bytes]], list[list[bytes]]]:
        before = await answers(jail)
        jail.jail.hold(jail.store)
        await in_memory(jail.jail)
        return before, await answers(jail)

    from_disk, from_memory = run_in(odd_store, work)
    assert from_memory == from_disk
    assert any(b"<https://example.org/empty>" in line for line in from_memory[2])
    assert any(b"_:deadbeef" in line for line in from_memory[3])


def test_another_store_is_answered_from_disk_by_the_same_workers(store: Path, odd_store: Path) -> None:
    async def work(jail: Asking) -> tuple[bytes, bytes, bool]:
        jail.jail.hold(jail.store)
        jail.jail.hold(odd_store)
        await in_memory(jail.jail)
        before = jail.jail.process_ids
        other = await jail.query(LABELS)
        held = await jail.jail.query(odd_store, QueryRequest("ASK { ?s ?p 1 }", "csv"), client="someone")
        return other, held, before == jail.jail.process_ids

    other, held, stayed = run_in(store, work)
    assert b"relapsing-remitting" in other
    assert held == b"true\n"
    assert stayed


def test_forked_workers_are_held_as_others_are(store: Path) -> None:
    async def work(jail: Asking) -> tuple[list[str], list[str], bool]:
        jail.jail.hold(jail.store)
        await in_memory(jail.jail)
        workers = jail.jail.process_ids
        statuses = [Path(f"/proc/{each}/status").read_text() for each in workers]
        limits = [Path(f"/proc/{each}/limits").read_text() for each in workers]
        assert jail.jail.holding.enforcement == jail.jail.enforcement
        return statuses, limits, jail.jail.holding.enforcement.complete

    statuses, limits, complete = run_in(store, work, JailLimits(workers=2, spares=1, **QUICKLY))
    assert complete
    assert len(statuses) == 3
    for status in statuses:
        fields = dict(re.findall(r"(?m)^(\w+):\t(.*)$", status))
        assert fields["Seccomp"] == "2"
        assert fields["NoNewPrivs"] == "1"
        assert int(fields["CapEff"], 16) in (0, 1 << 2)
    for each in limits:
        assert re.search(r"Max file size\s+0\s+0", each)
        assert re.search(r"Max open files\s+512\s+512", each)
        assert re.search(r"Max address space\s+\d+\s+\d+", each)


def test_a_forked_worker_has_only_its_own_socket_open(store: Path) -> None:
    async def work(jail: Asking) -> list[str]:
        jail.jail.hold(jail.store)
        await in_memory(jail.jail)
        await jail.query(LABELS)
        (worker,) = jail.jail.process_ids
        opened = Path(f"/proc/{worker}/fd")
        return [str(each.readlink()) for each in opened.iterdir()]

    opened = run_in(store, work)
    assert sum(each.startswith("socket:") for each in opened) == 1
    assert {each for each in opened if not each.startswith("socket:")} <= {"/dev/null"} | {
        each for each in opened if each.endswith("/statm")
    }


def test_workers_that_are_forked_from_one_process_draw_different_numbers(store: Path) -> None:
    drawing = QueryRequest("SELECT (STRUUID() AS ?a) (RAND() AS ?b) (BNODE() AS ?c) {}", "csv")

    async def work(jail: Asking) -> list[bytes]:
        jail.jail.hold(jail.store)
        await in_memory(jail.jail)
        found: list[bytes] = []
        for _ in range(4):
            (worker,) = jail.jail.process_ids
            found += (await jail.query(drawing)).splitlines()[1].split(b",")
            os.kill(worker, signal.SIGKILL)
            await until(lambda: gone(worker))  # noqa: B023  # it is awaited here
            await in_memory(jail.jail)
        return found

    found = run_in(store, work)
    assert len(found) == 12
    assert len(set(found)) == 12


def test_a_holder_has_one_thread(store: Path) -> None:
    async def work(jail: Asking) -> int:
        jail.jail.hold(jail.store)
        holder = await in_memory(jail.jail)
        return len(list(Path(f"/proc/{holder}/task").iterdir()))

    assert run_in(store, work) == 1


def test_a_query_from_memory_ends_at_its_deadline_and_its_worker_is_replaced(store: Path) -> None:
    async def work(jail: Asking) -> tuple[list[int], bytes]:
        jail.jail.hold(jail.store)
        holder = await in_memory(jail.jail)
        before = jail.jail.process_ids
        with pytest.raises(QueryTimeoutError):
            await jail.query(ENDLESS)
        body = await jail.query(LABELS)
        await until(lambda: any(gone(each) for each in before))
        assert await in_memory(jail.jail) == holder
        return before, body

    before, body = run_in(store, work, JailLimits(workers=1, spares=1, seconds=2, **QUICKLY))
    assert before
    assert b"multiple sclerosis" in body


def test_a_query_from_memory_that_takes_too_much_of_it_ends_only_its_worker(store: Path) -> None:
    async def work(jail: Asking) -> bytes:
        jail.jail.hold(jail.store)
        await in_memory(jail.jail)
        with pytest.raises(QueryEndedError, match="memory"):
            await jail.query(HOARD)
        return await jail.query(LABELS)

    limits = JailLimits(workers=1, spares=0, seconds=60, memory_bytes=64 * MEBIBYTE, **QUICKLY)
    assert b"multiple sclerosis" in run_in(store, work, limits)


@pytest.mark.parametrize("number", [signal.SIGSEGV, signal.SIGABRT, signal.SIGKILL])
def test_a_forked_worker_that_crashes_is_told_and_replaced(store: Path, number: signal.Signals) -> None:
    async def work(jail: Asking) -> bytes:
        jail.jail.hold(jail.store)
        await in_memory(jail.jail)
        (worker,) = jail.jail.process_ids
        running = asyncio.ensure_future(jail.query(ENDLESS))
        await until(lambda: jail.jail.lanes["fast"][0] == 1)
        os.kill(worker, number)
        with pytest.raises(QueryEndedError, match="the query was ended"):
            await running
        return await jail.query(LABELS)

    assert b"multiple sclerosis" in run_in(store, work)


def test_the_largest_query_from_memory_is_ended_when_all_need_too_much(store: Path) -> None:
    async def work(jail: Asking) -> bytes:
        jail.jail.hold(jail.store)
        await in_memory(jail.jail)
        with pytest.raises(QueryEndedError, match="together"):
            await jail.query(QueryRequest(f"SELECT (COUNT(*) AS ?n) {{ {{ {HOARD.query} }} }}", "csv"))
        return await jail.query(LABELS)

    limits = JailLimits(workers=1, seconds=120, all_memory_bytes=160 * MEBIBYTE, **QUICKLY)
    assert b"multiple sclerosis" in run_in(store, work, limits)


def test_a_query_whose_holder_is_killed_is_answered_all_the_same(store: Path) -> None:
    async def work(jail: Asking) -> tuple[bytes, bytes, int, int]:
        jail.jail.hold(jail.store)
        first = await in_memory(jail.jail)
        counting = QueryRequest(
            "SELECT (COUNT(*) AS ?n) { ?a sgv:number ?b . ?c sgv:number ?d FILTER(?b < ?d) }", "csv"
        )
        workers = jail.jail.process_ids
        running = asyncio.ensure_future(jail.query(counting))
        await until(lambda: jail.jail.lanes["fast"][0] == 1)
        os.kill(first, signal.SIGKILL)
        body = await running
        at_once = await jail.query(LABELS)
        assert all(gone(each) or parent_of(each) != first for each in workers)
        second = await in_memory(jail.jail, but=(first,))
        await until(lambda: gone(first))
        return body, at_once, first, second

    body, at_once, first, second = run_in(store, work, JailLimits(workers=1, seconds=60, **QUICKLY))
    assert body == b"n\r\n1999000\r\n"
    assert b"multiple sclerosis" in at_once
    assert first != second


def test_holders_and_workers_that_are_killed_all_the_while_leave_the_jail_as_it_was(store: Path) -> None:
    async def work(jail: Asking) -> tuple[int, tuple[int, int], int, int]:
        jail.jail.hold(jail.store)
        await in_memory(jail.jail)
        before = len(list(Path("/proc/self/fd").iterdir()))
        answers = 0
        for number in range(60):
            chosen = jail.jail.holding.process_ids if number % 10 == 9 else jail.jail.process_ids
            with contextlib.suppress(ProcessLookupError, IndexError):
                os.kill(chosen[0], signal.SIGKILL)
            with contextlib.suppress(QueryEndedError):  # who was at work when it was killed
                await jail.query(LABELS)
                answers += 1
        await until(lambda: jail.jail.lanes["fast"] == (0, 0))
        await in_memory(jail.jail)
        return answers, jail.jail.lanes["fast"], before, len(list(Path("/proc/self/fd").iterdir()))

    limits = JailLimits(workers=2, spares=1, seconds=60, first_seconds=0, settled_seconds=0.001)
    answers, lane, before, after = run_in(store, work, limits)
    assert answers > 0
    assert lane == (0, 0)
    assert after <= before


def test_when_the_edition_changes_its_queries_are_answered_at_once_and_then_from_memory(
    store: Path, odd_store: Path
) -> None:
    async def work(jail: Asking) -> tuple[bytes, int, int]:
        jail.jail.hold(jail.store)
        jail.jail.hold(odd_store)
        jail.jail.hold(jail.store)
        first = await in_memory(jail.jail)
        jail.jail.hold(odd_store)
        assert not jail.jail.holding.answers_from_memory
        at_once = await jail.jail.query(odd_store, QueryRequest("ASK { ?s ?p 1 }", "csv"), client="someone")
        second = await in_memory(jail.jail, but=(first,))
        await until(lambda: gone(first))
        return at_once, first, second

    at_once, first, second = run_in(store, work)
    assert at_once == b"true\n"
    assert first != second


def test_while_editions_follow_each_other_nothing_is_copied(store: Path, odd_store: Path) -> None:
    async def work(jail: Asking) -> int:
        jail.jail.hold(odd_store)
        jail.jail.hold(jail.store)
        first = await in_memory(jail.jail)
        for number in range(20):
            jail.jail.hold((jail.store, odd_store)[number % 2])
            await jail.query(LABELS)
            assert jail.jail.holding.process_ids == [first]
        return first

    limits = JailLimits(workers=1, spares=0, first_seconds=0, settled_seconds=3600)
    assert run_in(store, work, limits)


@pytest.mark.parametrize("most", [0, 1000 * 600])
def test_a_store_that_is_too_large_is_answered_from_disk(store: Path, most: int) -> None:
    async def work(jail: Asking) -> tuple[bytes, bool]:
        started = jail.jail.process_ids
        jail.jail.hold(jail.store)
        if most:
            await until(lambda: bool(jail.jail.holding.process_ids))
        await until(lambda: not jail.jail.holding.process_ids)
        body = await jail.query(LABELS)
        assert not jail.jail.holding.answers_from_memory
        return body, started == jail.jail.process_ids

    limits = JailLimits(workers=1, spares=0, in_memory_bytes=most, **QUICKLY)
    body, stayed = run_in(store, work, limits)
    assert b"multiple sclerosis" in body
    assert stayed


def test_a_store_elsewhere_is_read_by_workers_that_are_started_anew(store: Path, odd_store: Path) -> None:
    async def work(jail: Asking) -> tuple[bytes, int, int]:
        jail.jail.hold(jail.store)
        first = await in_memory(jail.jail)
        body = await jail.jail.query(odd_store, QueryRequest("ASK { ?s ?p 1 }", "csv"), client="someone")
        second = await in_memory(jail.jail, but=(first,))
        return body, first, second

    body, first, second = run_in(store, work)
    assert body == b"true\n"
    assert first != second


def test_holder_and_forked_workers_end_with_the_process_that_started_them(store: Path) -> None:
    program = f"""
import asyncio
from pathlib import Path
from stemgraph.app.jail import Jail, JailLimits
async def main():
    jail = Jail(JailLimits(first_seconds=0), stores=[Path({str(store)!r})])
    await jail.start()
    jail.hold(Path({str(store)!r}))
    while not jail.holding.answers_from_memory:
        await asyncio.sleep(0.01)
    print(*jail.holding.process_ids, *jail.process_ids, flush=True)
    await asyncio.sleep(600)
asyncio.run(main())
"""

    async def session() -> list[int]:
        process = await asyncio.create_subprocess_exec(
            sys.executable, "-c", program, stdout=asyncio.subprocess.PIPE
        )
        assert process.stdout is not None
        found = [int(each) for each in (await process.stdout.readline()).split()]
        process.kill()
        await process.wait()
        await until(lambda: all(gone(each) for each in found))
        return found

    assert len(asyncio.run(session())) >= 2

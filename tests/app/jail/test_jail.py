"""Real worker processes on a small store: answers, deadlines, crashes and replacements."""

from __future__ import annotations

import asyncio
import contextlib
import os
import signal
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

import pytest
from tests.app.jail.asking import Asking, RunWith

from stemgraph.app.errors import QueryEndedError, ResultTooLargeError, UnavailableError
from stemgraph.app.jail import JailLimits, QueryRequest, UnparsedQueryError
from stemgraph.graph.errors import DataDirectoryError, QueryError, QueryTimeoutError

MEBIBYTE = 1024 * 1024
LABELS = "SELECT ?label { ?s a sgv:Disease ; rdfs:label ?label } ORDER BY ?label"
CROSS_PRODUCT = "SELECT (COUNT(*) AS ?n) { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i FILTER(?c + ?f + ?i < 0) }"


def ask(query: str, format_name: str = "csv", **more: Any) -> QueryRequest:
    """A request as the endpoint makes it."""
    return QueryRequest(query, format_name, **more)


def processes(jail: Asking) -> list[int]:
    """The process ids of the jail."""
    return jail.jail.process_ids


def ended(process_id: int) -> bool:
    """Whether a process is gone."""
    return not Path(f"/proc/{process_id}").exists()


def test_a_query_sees_the_union_of_the_named_graphs_and_our_prefixes(run_with: RunWith) -> None:
    body = run_with(lambda jail: jail.query(ask(LABELS)))
    assert body.decode().split("\r\n")[:3] == [
        "label",
        "multiple sclerosis",
        "relapsing-remitting multiple sclerosis",
    ]


@pytest.mark.parametrize(
    ("format_name", "beginning"),
    [("json", b'{"head"'), ("xml", b"<?xml"), ("csv", b"label\r\n"), ("tsv", b"?label\n")],
)
def test_solutions_come_in_every_result_format(run_with: RunWith, format_name: str, beginning: bytes) -> None:
    assert run_with(lambda jail: jail.query(ask(LABELS, format_name))).startswith(beginning)


@pytest.mark.parametrize("format_name", ["turtle", "ntriples", "jsonld", "rdfxml", "trig", "nquads"])
def test_graphs_come_in_every_rdf_format(run_with: RunWith, format_name: str) -> None:
    query = "CONSTRUCT WHERE { ?s rdfs:subClassOf ?o }"
    body = run_with(lambda jail: jail.query(ask(query, format_name)))
    assert b"0005314" in body


def test_the_answer_to_ask_comes_in_every_result_format(run_with: RunWith) -> None:
    async def work(jail: Asking) -> list[bytes]:
        return [await jail.query(ask("ASK {}", name)) for name in ("json", "xml", "csv", "tsv")]

    assert all(b"true" in body for body in run_with(work))


def test_the_graphs_that_are_asked_for_are_the_whole_dataset(run_with: RunWith) -> None:
    mondo = "https://w3id.org/stemgraph/graph/mondo"
    count = "SELECT (COUNT(*) AS ?n) { ?s ?p ?o }"

    async def work(jail: Asking) -> list[str]:
        bodies = [
            await jail.query(ask(count, default_graphs=(mondo,))),
            await jail.query(ask(count, named_graphs=(mondo,))),
            await jail.query(ask(count.replace("{", "{ GRAPH ?g {") + "}", named_graphs=(mondo,))),
            await jail.query(ask(count.replace("{", f"FROM <{mondo}> {{"), union=False)),
        ]
        return [body.split()[1].decode() for body in bodies]

    assert run_with(work) == ["5", "0", "5", "5"]


def test_a_query_of_death_ends_at_its_limit_while_others_are_answered(run_with: RunWith) -> None:
    async def work(jail: Asking) -> tuple[float, float, bytes]:
        begun = time.monotonic()
        heavy = asyncio.ensure_future(jail.query(ask(CROSS_PRODUCT)))
        await asyncio.sleep(0.05)
        light = [await jail.query(ask(LABELS)) for _ in range(20)]
        answered = time.monotonic() - begun
        with pytest.raises(QueryTimeoutError, match="ended after 1 seconds"):
            await heavy
        ended_after = time.monotonic() - begun
        return answered, ended_after, light[-1]

    answered, ended_after, body = run_with(work, JailLimits(workers=2, seconds=1))
    assert answered < 1
    assert 0.9 < ended_after < 2
    assert b"multiple sclerosis" in body


def test_after_a_kill_a_new_worker_answers(run_with: RunWith) -> None:
    async def work(jail: Asking) -> tuple[list[int], bytes]:
        before = processes(jail)
        with pytest.raises(QueryTimeoutError):
            await jail.query(ask(CROSS_PRODUCT))
        body = await jail.query(ask(LABELS))
        while not all(ended(each) for each in before):
            await asyncio.sleep(0.01)
        return [*before, *processes(jail)], body

    seen, body = run_with(work, JailLimits(workers=1, spares=0, seconds=5))
    assert all(ended(each) for each in seen)
    assert b"multiple sclerosis" in body


def test_a_cancelled_query_is_killed_at_once(run_with: RunWith) -> None:
    async def work(jail: Asking) -> float:
        (process_id,) = processes(jail)
        running = asyncio.ensure_future(jail.query(ask(CROSS_PRODUCT)))
        await asyncio.sleep(0.1)
        begun = time.monotonic()
        running.cancel()
        while not ended(process_id):
            await asyncio.sleep(0.01)
        return time.monotonic() - begun

    assert run_with(work, JailLimits(workers=1, spares=0, seconds=30)) < 1


@pytest.mark.parametrize("number", [signal.SIGSEGV, signal.SIGABRT, signal.SIGKILL])
def test_a_worker_that_crashes_is_told_and_replaced(run_with: RunWith, number: signal.Signals) -> None:
    async def work(jail: Asking) -> bytes:
        (process_id,) = processes(jail)
        running = asyncio.ensure_future(jail.query(ask(CROSS_PRODUCT)))
        await asyncio.sleep(0.1)
        os.kill(process_id, number)
        with pytest.raises(QueryEndedError, match="the query was ended"):
            await running
        return await jail.query(ask(LABELS))

    assert b"multiple sclerosis" in run_with(work)


def test_workers_that_are_killed_all_the_while_leave_the_jail_as_it_was(run_with: RunWith) -> None:
    async def work(jail: Asking) -> tuple[int, tuple[int, int]]:
        answers = 0
        for number in range(60):
            with contextlib.suppress(ProcessLookupError):
                os.kill(processes(jail)[number % len(processes(jail))], signal.SIGKILL)
            with contextlib.suppress(QueryEndedError):  # who was at work when it was killed
                await jail.query(ask(LABELS))
                answers += 1
        await jail.query(ask(LABELS))
        return answers, jail.jail.lanes["fast"]

    answers, lane = run_with(work, JailLimits(workers=2, spares=1, seconds=60))
    assert answers > 0
    assert lane == (0, 0)


def test_a_worker_that_died_idle_is_replaced_unnoticed(run_with: RunWith) -> None:
    async def work(jail: Asking) -> bytes:
        (process_id,) = processes(jail)
        os.kill(process_id, signal.SIGKILL)
        await asyncio.sleep(0.1)
        return await jail.query(ask(LABELS))

    assert b"multiple sclerosis" in run_with(work)


def test_a_query_that_takes_too_much_memory_ends_only_its_worker(run_with: RunWith) -> None:
    hoard = "SELECT DISTINCT ?x { ?a sgv:number ?b . ?c sgv:number ?d BIND(CONCAT(STR(?a), STR(?c)) AS ?x) }"

    async def work(jail: Asking) -> bytes:
        with pytest.raises(QueryEndedError, match="memory"):
            await jail.query(ask(hoard))
        return await jail.query(ask(LABELS))

    assert b"multiple sclerosis" in run_with(
        work, JailLimits(workers=1, spares=0, seconds=60, memory_bytes=64 * MEBIBYTE)
    )


def test_five_thousand_nested_groups_are_answered_by_the_worker_itself(run_with: RunWith) -> None:
    query = "ASK {" + "{" * 5000 + "?s ?p ?o" + "}" * 5000 + "}"
    assert b"true" in run_with(lambda jail: jail.query(ask(query)))


def test_a_result_over_the_cap_is_refused_whole(run_with: RunWith) -> None:
    async def work(jail: Asking) -> bytes:
        with pytest.raises(ResultTooLargeError, match="longer than 2,048 bytes"):
            await jail.query(ask("SELECT * { ?s ?p ?o }"))
        return await jail.query(ask(LABELS))

    assert b"multiple sclerosis" in run_with(work, JailLimits(workers=1, spares=0, result_bytes=2048))


def test_what_does_not_parse_or_evaluate_leaves_the_worker_alive(run_with: RunWith) -> None:
    async def work(jail: Asking) -> bool:
        before = processes(jail)
        with pytest.raises(UnparsedQueryError, match="error at 1:12"):
            await jail.query(ask("SELECT * { "))
        with pytest.raises(QueryError):
            await jail.query(ask("SELECT * { SERVICE <urn:x> { ?s ?p ?o } }"))
        return before == processes(jail)

    assert run_with(work)


def test_queries_that_find_every_worker_busy_are_turned_away_in_time(run_with: RunWith) -> None:
    async def work(jail: Asking) -> tuple[float, list[BaseException | bytes]]:
        running = [asyncio.ensure_future(jail.query(ask(CROSS_PRODUCT))) for _ in range(9)]
        await asyncio.sleep(0.05)
        begun = time.monotonic()
        with pytest.raises(UnavailableError, match="busy"):
            await jail.query(ask(LABELS))
        turned_away = time.monotonic() - begun
        return turned_away, await asyncio.gather(*running, return_exceptions=True)

    turned_away, outcomes = run_with(work, JailLimits(workers=1, spares=0, seconds=0.5, waiting=8))
    assert turned_away < 0.1
    assert all(isinstance(each, QueryTimeoutError | UnavailableError) for each in outcomes)


def test_the_graphs_of_the_store_are_known(run_with: RunWith) -> None:
    async def work(jail: Asking) -> frozenset[str]:
        return await jail.jail.graphs(jail.store)

    assert "https://w3id.org/stemgraph/graph/curated" in run_with(work)


def test_a_store_that_is_none_is_told(run_with: RunWith, tmp_path: Path) -> None:
    async def work(jail: Asking) -> bytes:
        with pytest.raises(DataDirectoryError, match="cannot open the store"):
            await jail.jail.query(tmp_path / "nothing", ask(LABELS), client="someone")
        return await jail.query(ask(LABELS))

    assert b"multiple sclerosis" in run_with(work)


def test_a_worker_sees_nothing_of_our_environment(run_with: RunWith, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("STEMGRAPH_SECRET", "hidden")

    async def work(jail: Asking) -> bytes:
        (process_id,) = processes(jail)
        return Path(f"/proc/{process_id}/environ").read_bytes()

    assert b"hidden" not in run_with(work)


def test_workers_end_with_the_process_that_started_them() -> None:
    program = (
        "import asyncio; from stemgraph.app.jail import Jail\n"
        "async def main():\n"
        "    jail = Jail()\n"
        "    await jail.start()\n"
        "    print(*jail.process_ids, flush=True)\n"
        "    await asyncio.sleep(60)\n"
        "asyncio.run(main())\n"
    )
    with subprocess.Popen([sys.executable, "-c", program], stdout=subprocess.PIPE) as parent:
        assert parent.stdout is not None
        workers = [int(each) for each in parent.stdout.readline().split()]
        parent.kill()
    deadline = time.monotonic() + 5
    while not all(ended(each) for each in workers) and time.monotonic() < deadline:
        time.sleep(0.02)
    assert workers
    assert all(ended(each) for each in workers)

"""Several short queries of one client under way to one worker."""

from __future__ import annotations

import asyncio
import os
import signal

import pytest
from tests.app.jail.asking import Asking, RunWith

from stemgraph.app.jail import JailLimits, QueryRequest
from stemgraph.graph.errors import QueryTimeoutError

ENDLESS = QueryRequest(
    "SELECT (COUNT(*) AS ?n) { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i FILTER(?c + ?f + ?i < 0) }", "csv"
)
PROOF = 40
"""Short queries after which a client's next ones are taken to be short."""


def short(number: int) -> QueryRequest:
    """A query whose answer is a number."""
    return QueryRequest(f"SELECT ?n {{ VALUES ?n {{ {number} }} }}", "csv")


def answer(number: int) -> bytes:
    """The answer to it."""
    return f"n\r\n{number}\r\n".encode()


async def prove(jail: Asking, client: str = "someone") -> None:
    """Ask so many short queries that the next are taken to be short."""
    for number in range(PROOF):
        await jail.query(short(number), client)
    while jail.jail.accounts.opened(client).pace > 0.001:  # the machine may be busy
        await jail.query(short(0), client)


async def workers_taken(jail: Asking, clients: tuple[str, ...]) -> set[tuple[int, int]]:
    """How many workers eight queries at once take, and how many of them wait, in several tries.

    While a worker starts, there are fewer of them, and asking may take long.
    """
    taken: set[tuple[int, int]] = set()
    for _ in range(50):
        asked = [asyncio.create_task(jail.query(short(n), clients[n % len(clients)])) for n in range(8)]
        await asyncio.sleep(0)  # all of them are begun
        taken.add(jail.jail.lanes["fast"])
        assert await asyncio.gather(*asked) == [answer(n) for n in range(8)]
        await asyncio.sleep(0.01)
    return taken


def test_short_queries_of_one_client_go_to_one_worker(run_with: RunWith) -> None:
    async def work(jail: Asking) -> set[tuple[int, int]]:
        await prove(jail)
        return await workers_taken(jail, ("someone",))

    assert (1, 0) in run_with(work, JailLimits(workers=4, spares=0))


def test_queries_of_a_millisecond_take_every_worker_and_then_stand_in_rows(run_with: RunWith) -> None:
    async def work(jail: Asking) -> set[tuple[int, int]]:
        await prove(jail)
        taken: set[tuple[int, int]] = set()
        for _ in range(50):
            jail.jail.accounts.opened("someone").pace = 0.001
            asked = [asyncio.create_task(jail.query(short(n))) for n in range(8)]
            await asyncio.sleep(0)
            taken.add(jail.jail.lanes["fast"])
            assert await asyncio.gather(*asked) == [answer(n) for n in range(8)]
            await asyncio.sleep(0.01)
        return taken

    assert (2, 0) in run_with(work, JailLimits(workers=2, spares=0))


def test_each_client_has_a_worker_of_its_own(run_with: RunWith) -> None:
    async def work(jail: Asking) -> set[tuple[int, int]]:
        await prove(jail, "one")
        await prove(jail, "another")
        return await workers_taken(jail, ("one", "another"))

    taken = run_with(work, JailLimits(workers=4, spares=0))
    assert (2, 0) in taken
    assert (1, 0) not in taken


@pytest.mark.parametrize("number", [signal.SIGSEGV, signal.SIGKILL])
def test_where_the_worker_ends_all_of_them_are_asked_again(run_with: RunWith, number: signal.Signals) -> None:
    async def work(jail: Asking) -> list[bytes]:
        await prove(jail)
        asked = [asyncio.create_task(jail.query(short(n))) for n in range(6)]
        await asyncio.sleep(0)
        for process_id in jail.jail.process_ids:
            os.kill(process_id, number)
        return await asyncio.gather(*asked)

    # Without a spare: killed with the other, it could meet one of them that is asked again.
    assert run_with(work, JailLimits(workers=1, spares=0)) == [answer(n) for n in range(6)]


def test_one_that_takes_long_holds_up_no_other_and_ends_at_its_limit(run_with: RunWith) -> None:
    async def work(jail: Asking) -> list[bytes | BaseException]:
        await prove(jail)
        asked = [jail.query(each) for each in (short(0), ENDLESS, short(1), short(2))]
        return await asyncio.gather(*asked, return_exceptions=True)

    outcomes = run_with(work, JailLimits(workers=1, spares=1, seconds=3))
    assert [each for each in outcomes if isinstance(each, bytes)] == [answer(0), answer(1), answer(2)]
    assert isinstance(outcomes[1], QueryTimeoutError)


def test_who_leaves_takes_no_other_along(run_with: RunWith) -> None:
    async def work(jail: Asking) -> list[bytes | BaseException]:
        await prove(jail)
        asked = [asyncio.create_task(jail.query(each)) for each in (short(0), ENDLESS, short(1))]
        await asyncio.sleep(0)
        asked[1].cancel()
        return await asyncio.gather(*asked, return_exceptions=True)

    outcomes = run_with(work, JailLimits(workers=1, spares=1))
    assert outcomes[::2] == [answer(0), answer(1)]
    assert isinstance(outcomes[1], asyncio.CancelledError)

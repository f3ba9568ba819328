"""Who gets the workers when many want them."""

from __future__ import annotations

import asyncio
import time

import pytest
from tests.app.jail.asking import Asking, RunWith

from stemgraph.app.errors import QueryEndedError, TooManyRequestsError
from stemgraph.app.jail import JailLimits, QueryRequest
from stemgraph.app.jail.accounts import HALF_LIFE, Accounts
from stemgraph.graph.errors import QueryTimeoutError

MEBIBYTE = 1024 * 1024
LIGHT = QueryRequest("SELECT ?label { ?s a sgv:Disease ; rdfs:label ?label }", "csv")
ENDLESS = QueryRequest(
    "SELECT (COUNT(*) AS ?n) { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i FILTER(?c + ?f + ?i < 0) }", "csv"
)
LONG = QueryRequest("SELECT (COUNT(*) AS ?n) { ?a sgv:number ?b . ?c sgv:number ?d FILTER(?b < ?d) }", "csv")


async def all_ended(running: list[asyncio.Task[bytes]]) -> list[BaseException | bytes]:
    """What tasks came to, once they are cancelled where they still run."""
    for each in running:
        each.cancel()
    return await asyncio.gather(*running, return_exceptions=True)


def test_a_light_query_never_waits_for_heavy_ones(run_with: RunWith) -> None:
    async def work(jail: Asking) -> float:
        heavy = [asyncio.create_task(jail.query(ENDLESS, f"attacker {n}")) for n in range(6)]
        await asyncio.sleep(0.5)
        slowest = 0.0
        for _ in range(20):
            begun = time.monotonic()
            await jail.query(LIGHT, "honest")
            slowest = max(slowest, time.monotonic() - begun)
        await all_ended(heavy)
        return slowest

    assert run_with(work, JailLimits(workers=1, seconds=60)) < 5


def test_a_long_query_of_one_who_had_little_passes_those_of_who_had_much(run_with: RunWith) -> None:
    async def work(jail: Asking) -> bytes:
        heavy = [asyncio.create_task(jail.query(ENDLESS, f"attacker {n}")) for n in range(6)]
        await asyncio.sleep(1)
        body = await jail.query(LONG, "honest")
        assert not any(each.done() for each in heavy)
        await all_ended(heavy)
        return body

    assert run_with(work, JailLimits(workers=1, seconds=120)) == b"n\r\n1999000\r\n"


def test_where_no_more_can_be_held_the_greediest_is_ended(run_with: RunWith) -> None:
    async def work(jail: Asking) -> list[BaseException | bytes]:
        heavy = [asyncio.create_task(jail.query(ENDLESS, "attacker")) for _ in range(3)]
        await asyncio.sleep(1.5)
        assert await jail.query(LIGHT, "honest")
        return await all_ended(heavy)

    outcomes = run_with(work, JailLimits(workers=1, held=1, seconds=60))
    assert any(isinstance(each, TooManyRequestsError) for each in outcomes)


def test_a_client_that_is_alone_has_its_queries_wait_and_none_ended(run_with: RunWith) -> None:
    async def work(jail: Asking) -> list[bytes]:
        return await asyncio.gather(*(jail.query(LONG, "alone") for _ in range(6)))

    assert len(run_with(work, JailLimits(workers=1, held=1, seconds=120))) == 6


def test_every_heavy_query_ends_at_the_deadline_wherever_it_is(run_with: RunWith) -> None:
    async def work(jail: Asking) -> tuple[float, list[BaseException | bytes]]:
        begun = time.monotonic()
        heavy = [jail.query(ENDLESS, f"attacker {n}") for n in range(6)]
        outcomes = await asyncio.gather(*heavy, return_exceptions=True)
        return time.monotonic() - begun, outcomes

    took, outcomes = run_with(work, JailLimits(workers=1, seconds=2))
    assert all(isinstance(each, QueryTimeoutError) for each in outcomes)
    assert 1.9 < took < 4


def test_the_largest_query_is_ended_when_all_together_need_too_much(run_with: RunWith) -> None:
    hoard = QueryRequest(
        "SELECT (COUNT(DISTINCT ?x) AS ?n) "
        "{ ?a sgv:number ?b . ?c sgv:number ?d BIND(CONCAT(STR(?a), STR(?c)) AS ?x) }",
        "csv",
    )

    async def work(jail: Asking) -> bytes:
        with pytest.raises(QueryEndedError, match="together"):
            await jail.query(hoard, "hoarder")
        return await jail.query(LIGHT, "honest")

    limits = JailLimits(workers=1, seconds=120, memory_bytes=1024 * MEBIBYTE, all_memory_bytes=160 * MEBIBYTE)
    assert run_with(work, limits)


def test_more_requests_at_once_than_a_client_may_have_are_refused(run_with: RunWith) -> None:
    async def work(jail: Asking) -> bytes:
        heavy = [asyncio.create_task(jail.query(ENDLESS, "many")) for _ in range(3)]
        await asyncio.sleep(0)
        with pytest.raises(TooManyRequestsError, match="waiting or running"):
            await jail.query(LIGHT, "many")
        body = await jail.query(LIGHT, "honest")
        await all_ended(heavy)
        return body

    assert run_with(work, JailLimits(workers=1, client_requests=3, seconds=60))


def test_long_queries_use_a_budget_that_comes_back(run_with: RunWith) -> None:
    async def work(jail: Asking) -> TooManyRequestsError:
        both = [jail.query(ENDLESS, "long") for _ in range(2)]
        await asyncio.gather(*both, return_exceptions=True)
        with pytest.raises(TooManyRequestsError, match="have used") as caught:
            await jail.query(LIGHT, "long")
        assert await jail.query(LIGHT, "honest")
        return caught.value

    found = run_with(work, JailLimits(workers=2, client_seconds=0.5, seconds=4))
    assert found.retry_after >= 1


def test_what_a_client_had_is_forgotten_by_and_by() -> None:
    now = 0.0
    accounts = Accounts(2, 10, clock=lambda: now)
    with accounts.opened("someone") as account:
        account.charge(8, now)
        now = HALF_LIFE
        assert account.had(now) == pytest.approx(4)
        account.charge(30, now, long=True)
        assert account.left(now) == pytest.approx(-20)
        assert account.left(now + 25) == pytest.approx(5)
    with pytest.raises(TooManyRequestsError) as caught, accounts.opened("someone"):
        pass
    assert caught.value.retry_after == 21


def test_accounts_are_bounded() -> None:
    accounts = Accounts(2, 10)
    for n in range(10_100):
        with accounts.opened(str(n)):
            pass
    assert len(accounts) <= 10_000

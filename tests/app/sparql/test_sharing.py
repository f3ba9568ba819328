from __future__ import annotations

import asyncio
from typing import Any

import pytest

from stemgraph.app.sparql.sharing import SECONDS_TO_WATCH, SharedWork


class Client:
    """Tells that it has gone when it is told to go."""

    def __init__(self) -> None:
        self.going = asyncio.Event()

    async def receive(self) -> dict[str, Any]:
        await self.going.wait()
        return {"type": "http.disconnect"}


class Work:
    """Counts how often it is begun and cancelled, and ends when it is let."""

    def __init__(self) -> None:
        self.begun = self.cancelled = 0
        self.let = asyncio.Event()

    async def __call__(self) -> int:
        self.begun += 1
        try:
            await self.let.wait()
        except asyncio.CancelledError:
            self.cancelled += 1
            raise
        return self.begun


def test_what_is_asked_twice_at_once_is_done_once() -> None:
    async def session() -> None:
        shared, work = SharedWork[int](), Work()
        asked = [asyncio.create_task(shared.result("a", work, Client().receive)) for _ in range(5)]
        other = asyncio.create_task(shared.result(None, work, Client().receive))
        while work.begun < 2:
            await asyncio.sleep(0)
        work.let.set()
        assert {await each for each in asked} == {2}
        assert await other == 2
        assert await shared.result("a", work, Client().receive) == 3  # it is not kept here

    asyncio.run(session())


def test_it_goes_on_while_one_client_stays_and_ends_with_the_last() -> None:
    async def session() -> None:
        shared, work = SharedWork[int](), Work()
        clients = [Client(), Client()]
        asked = [asyncio.create_task(shared.result("a", work, each.receive)) for each in clients]
        clients[0].going.set()
        await asyncio.sleep(2 * SECONDS_TO_WATCH)
        assert (work.begun, work.cancelled) == (1, 0)
        clients[1].going.set()
        assert [await each for each in asked] == [None, None]
        assert (work.begun, work.cancelled) == (1, 1)

    asyncio.run(session())


def test_it_goes_on_for_who_asked_first_when_another_leaves() -> None:
    async def session() -> None:
        shared, work = SharedWork[int](), Work()
        clients = [Client(), Client()]
        asked = [asyncio.create_task(shared.result("a", work, each.receive)) for each in clients]
        clients[1].going.set()
        assert await asked[1] is None
        work.let.set()
        assert await asked[0] == 1
        assert work.cancelled == 0

    asyncio.run(session())


def test_its_failure_is_everyones() -> None:
    async def fail() -> int:
        await asyncio.sleep(0)
        raise ValueError

    async def session() -> None:
        shared = SharedWork[int]()
        found = await asyncio.gather(
            *(shared.result("a", fail, Client().receive) for _ in range(3)), return_exceptions=True
        )
        assert [type(each) for each in found] == [ValueError] * 3

    asyncio.run(session())


def test_of_a_request_that_is_cancelled_the_others_do_the_work() -> None:
    async def session() -> None:
        shared, work = SharedWork[int](), Work()
        first, second = (asyncio.create_task(shared.result("a", work, Client().receive)) for _ in range(2))
        await asyncio.sleep(0.05)
        first.cancel()
        with pytest.raises(asyncio.CancelledError):
            await first
        work.let.set()
        assert await second == 2
        assert work.cancelled == 1

    asyncio.run(session())

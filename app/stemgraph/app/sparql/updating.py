"""Answering updates: worked out in the jail, and taken over by the writer if nothing was edited meanwhile."""

from __future__ import annotations

import asyncio
from contextlib import ExitStack
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import anyio.to_thread
import orjson
from fastapi import Request, Response

from stemgraph.app.access import permit
from stemgraph.app.access.preflight import REASON
from stemgraph.app.envelope import enveloped
from stemgraph.app.errors import ConflictError, MalformedRequestError, UnavailableError
from stemgraph.app.jail.clients import client_of
from stemgraph.app.jail.guard import check_text
from stemgraph.app.routing import FinishedResponse
from stemgraph.app.service import DATA_POLICY, Instance
from stemgraph.app.sparql.request import ProtocolRequest
from stemgraph.app.sparql.scratch import scratch_store
from stemgraph.app.sparql.update import MOST_QUADS
from stemgraph.app.sparql.update_text import operations
from stemgraph.graph.errors import QueryTimeoutError
from stemgraph.graph.quad_diff import QuadDiff

if TYPE_CHECKING:
    from stemgraph.app.writer import Committed, WriterClient

TRIES: Final = 3
"""How often an update is worked out that other edits overtook."""


class Updater:
    """Answers the updates of one instance."""

    def __init__(self, instance: Instance) -> None:
        self.instance = instance

    async def __call__(self, request: Request, asked: ProtocolRequest) -> Response:
        """Do the update; what is refused is raised."""
        instance = self.instance
        principal = await permit(request.scope, instance.access, "update")
        if asked.release is not None:
            raise MalformedRequestError(
                "a release is never changed",
                place="release",
                mend="leave it out: the last edition is updated",
            )
        writer = writer_of(instance)
        text = asked.update or ""
        check_text(text)
        operations(text)
        for attempt in range(TRIES):
            diff, sequence = await self._difference(request, asked, text)
            payload = {"added": sorted(diff.added), "removed": sorted(diff.removed), "sequence": sequence}
            try:
                committed = await writer.submit(
                    "update",
                    payload,
                    if_match=request.headers.get("if-match"),
                    key=principal.id,
                    reason=request.headers.get(REASON),
                )
            except ConflictError:
                if attempt == TRIES - 1:
                    raise
            else:
                return self._answer(committed)
        raise AssertionError  # the last attempt returned or raised

    async def _difference(self, request: Request, asked: ProtocolRequest, text: str) -> tuple[QuadDiff, int]:
        """What the update comes to, and the number of the edit that this holds for."""
        service = self.instance.take(None)
        try:
            edition = service.graph.edition
            async with asyncio.timeout(self.instance.settings.sparql_seconds):
                with ExitStack() as copies:
                    diff = await self._stepwise(request, asked, text, edition.store, copies)
        except TimeoutError:
            raise self._timeout() from None
        else:
            return diff, edition.sequence
        finally:
            self.instance.give_back(service)

    async def _stepwise(
        self, request: Request, asked: ProtocolRequest, text: str, store: Path, copies: ExitStack
    ) -> QuadDiff:
        """The operations one after the other, each that reads what others wrote in a copy that has it."""
        data = self.instance.settings.data
        assert data is not None  # noqa: S101  # where there is a writer
        whole, place, done, made = QuadDiff(), store, 0, list[str]()
        while True:
            payload: dict[str, Any] = {
                "store": str(place),
                "update": text,
                "using": asked.default_graphs,
                "using_named": asked.named_graphs,
                "first": done,
                "made": made,
                "most": MOST_QUADS,
            }
            answer, body = await self.instance.jail.run(
                "update_diff", payload, client=client_of(request.scope), store=place
            )
            lines = orjson.loads(body)
            step = QuadDiff(frozenset(lines["added"]), frozenset(lines["removed"]))
            whole = followed_by(whole, step)
            if answer["next"] >= answer["operations"]:
                return whole
            done, made = answer["next"], answer["made"]
            copy = scratch_store(store, whole, data / "editions")
            place = await anyio.to_thread.run_sync(copies.enter_context, copy)

    def _answer(self, committed: Committed) -> Response:
        told: dict[str, Any] = {"added": [], "removed": []}
        if committed.result is not None:
            told = orjson.loads(committed.result)
        record = {
            "sequence": committed.sequence,
            "edition": committed.edition,
            "changed": committed.changed,
            "added": len(told["added"]),
            "removed": len(told["removed"]),
        }
        service = self.instance.current
        body = enveloped(service, record)
        headers = [
            *service.headers,
            DATA_POLICY,
            (b"cache-control", b"no-store"),
            (b"content-type", b"application/json"),
            (b"content-length", str(len(body)).encode()),
        ]
        return FinishedResponse(200, headers, body)

    def _timeout(self) -> QueryTimeoutError:
        seconds = self.instance.settings.sparql_seconds
        return QueryTimeoutError(
            f"the update was ended after {seconds:g} seconds", mend="make it in several updates"
        )


def followed_by(first: QuadDiff, second: QuadDiff) -> QuadDiff:
    """Two differences as one, where the first changes a state in every quad and the second what that made."""
    return QuadDiff(
        (first.added - second.removed) | (second.added - first.removed),
        (first.removed - second.added) | (second.removed - first.added),
    )


def writer_of(instance: Instance) -> WriterClient:
    """What writes are submitted to.

    Raises:
        UnavailableError: Nothing is written here.
    """
    if instance.writer is None:
        raise UnavailableError(
            "there is no writer here", mend="serve a data directory: `stemgraph serve --writable`"
        )
    return instance.writer

from __future__ import annotations

import asyncio
import threading
from collections.abc import Callable
from typing import BinaryIO

import anyio
import pytest

from stemgraph.app.export_stream import CHUNK, StalledReaderError, stream_export
from stemgraph.graph.errors import UnknownIdentifierError


async def read_all(write: Callable[[BinaryIO], None]) -> list[bytes]:
    limiter = anyio.CapacityLimiter(1)
    return [chunk async for chunk in stream_export(write, limiter=limiter, patience=5)]


def test_what_is_written_arrives_whole_and_in_order() -> None:
    def write(stream: BinaryIO) -> None:
        for number in range(200_000):
            stream.write(b"%d\n" % number)

    chunks = asyncio.run(read_all(write))
    assert b"".join(chunks) == b"".join(b"%d\n" % number for number in range(200_000))
    assert len(chunks) > 1
    assert max(map(len, chunks)) < 2 * CHUNK


def test_nothing_written_is_an_empty_stream() -> None:
    assert asyncio.run(read_all(lambda stream: None)) == []


def test_a_failure_before_the_first_chunk_is_raised_at_once() -> None:
    def write(stream: BinaryIO) -> None:
        stream.write(b"little")
        raise UnknownIdentifierError("MONDO:1")

    with pytest.raises(UnknownIdentifierError):
        asyncio.run(read_all(write))


def test_a_failure_in_the_middle_breaks_the_stream_off() -> None:
    def write(stream: BinaryIO) -> None:
        stream.write(b"x" * CHUNK)
        raise OSError("the disk is gone")

    received: list[bytes] = []

    async def read() -> None:
        async for chunk in stream_export(write, limiter=anyio.CapacityLimiter(1), patience=5):
            received.append(chunk)

    with pytest.raises(OSError, match="the disk is gone"):
        asyncio.run(read())
    assert len(received) == 1


def endless(ended: threading.Event) -> Callable[[BinaryIO], None]:
    """A writer that writes until it is stopped."""

    def write(stream: BinaryIO) -> None:
        try:
            while True:
                stream.write(b"x" * CHUNK)
        finally:
            ended.set()

    return write


def test_a_reader_that_goes_away_ends_the_export() -> None:
    ended = threading.Event()

    async def read() -> None:
        stream = stream_export(endless(ended), limiter=anyio.CapacityLimiter(1), patience=5)
        await anext(stream)
        await stream.aclose()  # type: ignore[attr-defined]  # it is a generator
        for _ in range(100):
            if ended.is_set():
                break
            await asyncio.sleep(0.02)

    asyncio.run(read())
    assert ended.is_set()


def test_a_reader_that_takes_nothing_is_given_up() -> None:
    ended = threading.Event()

    async def read() -> None:
        stream = stream_export(endless(ended), limiter=anyio.CapacityLimiter(1), patience=0.1)
        await anext(stream)
        await asyncio.to_thread(ended.wait, 5)
        rest = [chunk async for chunk in stream]
        raise AssertionError(f"{len(rest)} chunks ended as if they were the whole")

    with pytest.raises(StalledReaderError):
        asyncio.run(read())
    assert ended.is_set()

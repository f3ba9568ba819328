"""An export as a stream: a thread writes, the connection reads, and neither runs far ahead."""

from __future__ import annotations

import asyncio
import io
from collections.abc import AsyncIterator, Callable
from typing import BinaryIO, Final, cast

import anyio
import anyio.from_thread
import anyio.to_thread
from anyio.streams.memory import MemoryObjectSendStream

CHUNK: Final = 256 * 1024
"""Bytes that are gathered before they are handed over."""
CHUNKS_AHEAD: Final = 4
"""Chunks that may wait for a slow reader."""


class StalledReaderError(Exception):
    """The reader took nothing for too long; it ends the export's thread."""


class _ChunkWriter(io.RawIOBase):
    """A binary file that hands what is written to it to the event loop, chunk by chunk."""

    def __init__(self, chunks: MemoryObjectSendStream[bytes], patience: float) -> None:
        super().__init__()
        self._chunks = chunks
        self._patience = patience
        self._gathered = bytearray()

    def writable(self) -> bool:
        return True

    def write(self, data: object) -> int:
        taken = memoryview(cast("bytes", data)).cast("B")
        self._gathered += taken
        if len(self._gathered) >= CHUNK:
            self.hand_over()
        return len(taken)

    def hand_over(self) -> None:
        """Hand over what is gathered, waiting for the reader.

        Raises:
            StalledReaderError: The reader has gone, or took nothing for too long.
        """
        if self._gathered:
            data = bytes(self._gathered)
            self._gathered.clear()
            anyio.from_thread.run(self._send, data)

    async def _send(self, data: bytes) -> None:
        try:
            with anyio.fail_after(self._patience):
                await self._chunks.send(data)
        except (TimeoutError, anyio.BrokenResourceError, anyio.ClosedResourceError) as error:
            raise StalledReaderError from error


async def stream_export(
    write: Callable[[BinaryIO], None], *, limiter: anyio.CapacityLimiter, patience: float
) -> AsyncIterator[bytes]:
    """The chunks that ``write`` writes in a thread of its own.

    What it raises is raised here: before the first chunk it can still be told; later the stream breaks off,
    so that no part is ever taken for the whole.

    Raises:
        StalledReaderError: Nothing was taken for longer than ``patience`` seconds.
    """
    sender, receiver = anyio.create_memory_object_stream[bytes](CHUNKS_AHEAD)
    failure: list[BaseException] = []

    def run() -> None:
        writer = _ChunkWriter(sender, patience)
        write(cast("BinaryIO", writer))
        writer.hand_over()

    async def work() -> None:
        with sender:
            try:
                await anyio.to_thread.run_sync(run, limiter=limiter)
            except Exception as error:  # carried over to the reader, who raises it
                failure.append(error)

    # A plain task, not a task group: an asynchronous generator may not hold one open across its yields.
    # It ends soon after the reader does, for a closed receiver makes the next hand-over fail.
    task = asyncio.create_task(work())
    async with receiver:
        async for chunk in receiver:
            yield chunk
    await task
    if failure:
        raise failure[0]

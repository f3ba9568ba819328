"""Messages between the web processes and the writer: a JSON object, framed by its length in four bytes."""

from __future__ import annotations

import asyncio
from typing import Any, Final

import orjson

from stemgraph.app import errors as service_errors
from stemgraph.graph import errors as library_errors
from stemgraph.graph.errors import StemgraphError

Message = dict[str, Any]

LONGEST: Final = 1 << 30
"""Bytes of the longest message."""


async def read_message(reader: asyncio.StreamReader) -> Message | None:
    """The next message, or None where the other side has gone, even within one."""
    try:
        length = int.from_bytes(await reader.readexactly(4), "big")
        if length > LONGEST:
            return None
        message: Message = orjson.loads(await reader.readexactly(length))
    except (asyncio.IncompleteReadError, OSError, ValueError):
        return None
    return message


def write_message(writer: asyncio.StreamWriter, message: Message) -> None:
    """Put a message on its way."""
    payload = orjson.dumps(message)
    writer.write(len(payload).to_bytes(4, "big") + payload)


def error_record(error: StemgraphError) -> Message:
    """An error of the tree as JSON."""
    values = {name: value for name, value in vars(error).items() if not name.startswith("_")}
    return {"kind": type(error).__name__, "values": values, "arguments": [str(each) for each in error.args]}


def error_of(record: Message) -> StemgraphError:
    """The error that ``error_record`` made a record of."""
    name = record["kind"]
    kind = getattr(service_errors, name, None) or getattr(library_errors, name, None)
    if not (isinstance(kind, type) and issubclass(kind, StemgraphError)):
        kind = StemgraphError
    error = kind.__new__(kind, *record["arguments"])
    error.args = tuple(record["arguments"])
    vars(error).update(record["values"])
    return error

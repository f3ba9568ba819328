"""One worker process: locks itself in, then answers one request after the other.

It imports as little as it can and is ready in about 50 ms. Who started it holds the clock: what takes too
long is ended by killing the process. What a process can hold itself to, it does.
"""

from __future__ import annotations

import os
import signal
import sys
import threading
import time
from collections.abc import Callable
from importlib import import_module
from typing import Final

from stemgraph.app.jail.confinement import (
    ADDRESS_SPACE,
    PROCESSOR_TIME,
    Enforced,
    end_with_parent,
    lock_in,
    restrict_calls,
)
from stemgraph.app.jail.frames import Channel, Message

STACK_BYTES: Final = 256 * 1024 * 1024
"""Oxigraph recurses over the query; its 5,000th nested group overflows the usual 8 MB."""


Work = Callable[[Message, bytes], tuple[Message, bytes]]
"""What one request comes to: a message that tells the outcome, and bytes."""


def serve(channel: Channel, setup: Message, enforced: Enforced) -> None:
    """Load the work, close what is left open, and answer every request until the channel ends."""
    work = _load(setup["work"], setup["options"])
    ADDRESS_SPACE.limit(setup["memory"])
    restrict_calls(enforced, new_code=setup["new_code"])
    channel.send({"outcome": "ready"})
    while (received := channel.receive()) is not None:
        request, body = received
        if "self_test" in request:
            channel.send(_report(enforced))
            continue
        PROCESSOR_TIME.limit(request["seconds"])
        begun = time.perf_counter()
        try:
            answer, result = work(request, body)
        except MemoryError:
            answer, result = {"outcome": "memory"}, b""
        channel.send({**answer, "took": time.perf_counter() - begun}, result)


def _report(enforced: Enforced) -> Message:
    from stemgraph.app.jail.self_test import attempts  # noqa: PLC0415  # one worker of many is asked it

    return {"outcome": "tested", "enforced": enforced, "attempts": attempts()}


def _load(name: str, options: Message) -> Work:
    """The work of a module, once it is prepared: its ``answer``, or that of the tools that it holds."""
    module = import_module(name)
    prepare: Callable[[Message], None] | None = getattr(module, "prepare", None)
    if prepare is not None:
        prepare(options)
    found: Work | None = getattr(module, "answer", None)
    if found is not None:
        return found
    from stemgraph.app.jail.refusals import told  # noqa: PLC0415  # queries need none of it
    from stemgraph.graph.errors import StemgraphError  # noqa: PLC0415

    def use_tool(request: Message, body: bytes) -> tuple[Message, bytes]:
        try:
            answer, found = getattr(module, request["tool"])(request["payload"], body)
        except StemgraphError as error:
            return told(error), b""
        if len(found) > request["cap"]:
            return {"outcome": "too_large"}, b""
        return {"outcome": "result", "answer": answer}, found

    return use_tool


def main() -> None:
    """Serve the socket on standard input; the one argument is the process id of the parent."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C reaches the whole group; the parent decides
    end_with_parent(int(sys.argv[1]))
    attend(parent_descriptor())


def attend(descriptor: int) -> None:
    """Be told what to work on, lock this process in, and serve until the other end closes."""
    channel = Channel(descriptor)
    received = channel.receive()
    if received is None:
        return
    setup, _ = received
    enforced = lock_in(setup["readable"])
    threading.stack_size(STACK_BYTES)
    thread = threading.Thread(target=serve, args=(channel, setup, enforced))
    thread.start()
    threading.stack_size(0)
    thread.join()


def parent_descriptor() -> int:
    """The socket to the parent; what a library reads or prints must not reach it."""
    if sys.platform == "win32":
        import socket  # noqa: PLC0415  # only where it is used: start-up time

        length = int.from_bytes(sys.stdin.buffer.read(4), "big")
        return socket.fromshare(sys.stdin.buffer.read(length)).detach()
    descriptor = os.dup(0)
    nothing = os.open(os.devnull, os.O_RDWR)
    os.dup2(nothing, 0)
    os.close(nothing)
    return descriptor


if __name__ == "__main__":
    main()

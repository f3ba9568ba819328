"""The holder: a process that has one store in memory, and forks the workers that answer from it.

It is locked in before it opens anything and has one thread when it forks. It sees nothing of what strangers
send: each worker speaks with the web process over a socket of its own, which is passed on unread.
"""

from __future__ import annotations

import gc
import json
import os
import select
import signal
import socket
import sys
import threading
from contextlib import suppress
from typing import Any, BinaryIO, Final, NoReturn

import pyoxigraph

from stemgraph.app.jail import landlock, queries, seccomp
from stemgraph.app.jail.confinement import ADDRESS_SPACE, MOST_FILES, end_with_parent, lock_in
from stemgraph.app.jail.worker import attend, parent_descriptor

BYTES_PER_QUAD: Final = 600
"""Memory that a quad takes, with its part of the terms: 445 in the bundled graph, and some to spare."""
_MODULES_OF_WORKERS: Final = (landlock, seccomp)
"""What is loaded here so that no worker has to."""
_PROCESSES: Final = "/proc"
"""Where workers look up the size of their own address space, before they close it to themselves."""
_NICER: Final = 5
_MESSAGE: Final = 65_536
_PIECE: Final = 262_144


class StoreTooLargeError(Exception):
    """The store is estimated at more bytes than it may take."""


def fill(path: str, most_bytes: int) -> pyoxigraph.Store:
    """The store in a directory, copied into memory: the same quads, blank nodes and named graphs.

    Another process reads the directory, for RocksDB leaves threads behind.

    Raises:
        StoreTooLargeError: It would take too much memory.
        OSError: It cannot be read.
    """
    reading, writing = os.pipe()
    holder = os.getpid()
    reader = os.fork()
    if reader == 0:
        os.close(reading)  # or it would never learn that no one reads any more
        _read(path, writing, holder)
    os.close(writing)
    store = pyoxigraph.Store()
    failed: list[Exception] = []

    def take() -> None:
        os.setpriority(
            os.PRIO_PROCESS, threading.get_native_id(), os.getpriority(os.PRIO_PROCESS, 0) + _NICER
        )
        try:
            with os.fdopen(reading, "rb", buffering=_PIECE) as source:
                _take(store, source, most_bytes)
        except Exception as error:  # it is raised where it can be told
            failed.append(error)

    # A thread, for a process that has a low priority cannot go back to a higher one, nor those it forks.
    filling = threading.Thread(target=take)
    filling.start()
    filling.join()
    _, status = os.waitpid(reader, 0)
    if failed:
        raise failed[0]
    if status:
        raise OSError(f"what reads {path} ended with {os.waitstatus_to_exitcode(status)}")
    return store


def _read(path: str, writing: int, holder: int) -> NoReturn:
    """Send the store: its size and its named graphs in a line, then every quad."""
    code = 1
    try:
        end_with_parent(holder)
        os.nice(_NICER)
        disk = pyoxigraph.Store.read_only(path)
        graphs = [(isinstance(graph, pyoxigraph.NamedNode), graph.value) for graph in disk.named_graphs()]
        with os.fdopen(writing, "wb", buffering=_PIECE) as sink:
            sink.write(json.dumps({"quads": len(disk), "graphs": graphs}).encode() + b"\n")
            disk.dump(sink, pyoxigraph.RdfFormat.N_QUADS)
        code = 0
    finally:
        os._exit(code)


def _take(store: pyoxigraph.Store, source: BinaryIO, most_bytes: int) -> None:
    line = source.readline()
    if not line:
        raise OSError("the store cannot be opened")
    told = json.loads(line)
    if told["quads"] * BYTES_PER_QUAD > most_bytes:
        raise StoreTooLargeError
    for is_named, value in told["graphs"]:  # empty ones, too
        store.add_graph(pyoxigraph.NamedNode(value) if is_named else pyoxigraph.BlankNode(value))
    # This parser leaves blank nodes their names; that of Store.load gives them new ones.
    store.bulk_extend(pyoxigraph.parse(source, pyoxigraph.RdfFormat.N_QUADS))


class Holder:
    """Forks a worker for each socket that comes, and tells how each of them ended.

    Args:
        parent: The socket to the web process.
    """

    def __init__(self, parent: socket.socket) -> None:
        self._parent = parent
        self._poll = select.poll()
        self._workers: dict[int, tuple[int, int]] = {}
        """By the descriptor of the process: its number, and that of the request."""

    def serve(self) -> None:
        """Go on until the web process ends or closes its socket."""
        self._poll.register(self._parent, select.POLLIN)
        while True:
            for descriptor, _ in self._poll.poll():
                if descriptor in self._workers:
                    self._bury(descriptor)
                elif not self._fork_next():
                    return

    def _fork_next(self) -> bool:
        """Fork a worker for what comes; whether something came."""
        request, descriptors, _, _ = socket.recv_fds(self._parent, _MESSAGE, 1)
        if not request:
            return False
        number = int(request)
        holder = os.getpid()
        process_id = os.fork()  # where that fails, this process ends: then workers are started as programs
        if process_id == 0:
            self._become_worker(descriptors[0], holder)
        for each in descriptors:
            os.close(each)
        worker = os.pidfd_open(process_id)
        self._workers[worker] = process_id, number
        self._poll.register(worker, select.POLLIN)
        self._tell({"worker": number, "process": process_id}, worker)
        return True

    def _become_worker(self, descriptor: int, holder: int) -> NoReturn:
        try:
            os.setsid()
            end_with_parent(holder)
            self._parent.detach()
            os.closerange(3, descriptor)
            os.closerange(descriptor + 1, MOST_FILES)
            attend(descriptor)
        finally:
            os._exit(0)

    def _bury(self, worker: int) -> None:
        process_id, number = self._workers.pop(worker)
        self._poll.unregister(worker)
        os.close(worker)
        _, status = os.waitpid(process_id, 0)
        self._tell({"worker": number, "code": os.waitstatus_to_exitcode(status)})

    def _tell(self, message: dict[str, Any], *descriptors: int) -> None:
        with suppress(BrokenPipeError, ConnectionResetError):  # then nothing more is received either
            socket.send_fds(self._parent, [json.dumps(message).encode()], descriptors)


def main() -> None:
    """Fill the store and fork workers; the one argument is the process id of the parent."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C reaches the whole group; the parent decides
    end_with_parent(int(sys.argv[1]))
    with socket.socket(fileno=parent_descriptor()) as parent:
        setup = json.loads(parent.recv(_MESSAGE))
        lock_in([*setup["readable"], _PROCESSES])
        ADDRESS_SPACE.allow(2 * setup["most_bytes"])
        try:
            store = fill(setup["store"], setup["most_bytes"])
        except StoreTooLargeError:
            outcome = {"outcome": "too_large"}
        except (OSError, ValueError, MemoryError, SyntaxError) as error:
            outcome = {"outcome": "failed", "message": str(error)}
        else:
            ADDRESS_SPACE.release()
            queries.hold(setup["store"], store)
            gc.collect()
            gc.freeze()
            outcome = {"outcome": "ready"}
        parent.send(json.dumps(outcome).encode())
        if outcome["outcome"] == "ready":
            Holder(parent).serve()


if __name__ == "__main__":
    main()

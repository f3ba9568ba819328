"""One SPARQL worker process: opens a store read-only and answers one query after the other.

Started by path, so that it imports nothing but the standard library and pyoxigraph and is ready in about
100 ms. It reads and writes frames (four bytes of length, then that many bytes) on its standard streams. Who
started it holds the clock: a query that takes too long is ended by killing the process. What a process can
hold itself to, it does: memory, processor time, and ending with its parent.
"""

from __future__ import annotations

import json
import os
import signal
import sys
import threading
from collections.abc import Mapping
from typing import IO, Any, Final

import pyoxigraph

Message = dict[str, Any]
GraphName = pyoxigraph.NamedNode | pyoxigraph.BlankNode
DefaultName = GraphName | pyoxigraph.DefaultGraph

STACK_BYTES: Final = 256 * 1024 * 1024
"""Oxigraph recurses over the query; its 5,000th nested group overflows the usual 8 MB."""

RESULT_FORMATS: Final[Mapping[str, pyoxigraph.QueryResultsFormat]] = {
    "json": pyoxigraph.QueryResultsFormat.JSON,
    "xml": pyoxigraph.QueryResultsFormat.XML,
    "csv": pyoxigraph.QueryResultsFormat.CSV,
    "tsv": pyoxigraph.QueryResultsFormat.TSV,
}
GRAPH_FORMATS: Final[Mapping[str, pyoxigraph.RdfFormat]] = {
    "turtle": pyoxigraph.RdfFormat.TURTLE,
    "ntriples": pyoxigraph.RdfFormat.N_TRIPLES,
    "jsonld": pyoxigraph.RdfFormat.JSON_LD,
    "rdfxml": pyoxigraph.RdfFormat.RDF_XML,
    "trig": pyoxigraph.RdfFormat.TRIG,
    "nquads": pyoxigraph.RdfFormat.N_QUADS,
}
PREFIXED: Final = frozenset({"turtle", "trig", "rdfxml", "jsonld"})


def write_frame(stream: IO[bytes], payload: bytes) -> None:
    """Send one frame."""
    stream.write(len(payload).to_bytes(4, "big"))
    stream.write(payload)
    stream.flush()


def read_frame(stream: IO[bytes]) -> bytes | None:
    """The next frame, or None where the stream ended, even within a frame."""
    header = stream.read(4)
    if len(header) < 4:
        return None
    length = int.from_bytes(header, "big")
    payload = stream.read(length)
    return payload if len(payload) == length else None


class ResultTooLarge(Exception):  # noqa: N818  # a signal inside this process, no error of the tree
    """The result passed its cap."""


class CappedBuffer:
    """A writable stream that keeps what it is given, up to a cap."""

    def __init__(self, cap: int) -> None:
        self.cap = cap
        self.size = 0
        self.parts: list[bytes] = []

    def write(self, data: bytes) -> int:
        """Keep more bytes.

        Raises:
            ResultTooLarge: They do not fit under the cap.
        """
        self.size += len(data)
        if self.size > self.cap:
            raise ResultTooLarge
        self.parts.append(bytes(data))
        return len(data)

    def flush(self) -> None:
        """Nothing waits to be written."""


def end_with_parent(parent: int) -> None:
    """Have the kernel kill this process when its parent ends (Linux; elsewhere the closed pipe does)."""
    if sys.platform != "linux":
        return
    import ctypes  # noqa: PLC0415  # only where it is used: start-up time

    pr_set_pdeathsig = 1
    ctypes.CDLL(None, use_errno=True).prctl(pr_set_pdeathsig, signal.SIGKILL, 0, 0, 0)
    if os.getppid() != parent:  # it ended before the request was made
        os._exit(1)


def limit_memory(size: int) -> None:
    """Let the address space grow by at most ``size`` bytes from here (Linux and other Unix systems)."""
    if sys.platform == "win32":
        return
    import resource  # noqa: PLC0415  # absent on Windows

    try:
        with open("/proc/self/statm", "rb") as sizes:  # noqa: PTH123  # pathlib costs start-up time
            mapped = int(sizes.read().split()[0]) * resource.getpagesize()
    except OSError:
        mapped = STACK_BYTES * 3  # what Linux maps, where the system does not tell
    resource.setrlimit(resource.RLIMIT_AS, (mapped + size, mapped + size))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))


def limit_processor_time(seconds: float) -> None:
    """Let the process use at most this much more processor time; the kernel ends it then."""
    if sys.platform == "win32":
        return
    import resource  # noqa: PLC0415  # absent on Windows

    used = resource.getrusage(resource.RUSAGE_SELF)
    _, hard = resource.getrlimit(resource.RLIMIT_CPU)
    soft = int(used.ru_utime + used.ru_stime + seconds) + 2
    resource.setrlimit(resource.RLIMIT_CPU, (soft if hard < 0 else min(soft, hard), hard))


def answer(store: pyoxigraph.Store, prefixes: Mapping[str, str], request: Message) -> tuple[Message, bytes]:
    """What one request comes to: a header that tells the outcome, and the bytes of the result."""
    try:
        result = run(store, prefixes, request)
        buffer = CappedBuffer(request["cap"])
        kind = serialize(result, request["format"], prefixes, buffer)
    except SyntaxError as error:
        return {"outcome": "syntax", "message": str(error)}, b""
    except ResultTooLarge:
        return {"outcome": "too_large"}, b""
    except MemoryError:
        return {"outcome": "memory"}, b""
    except (OSError, ValueError, TypeError, RuntimeError) as error:
        return {"outcome": "failed", "message": str(error)}, b""
    return {"outcome": "result", "kind": kind}, b"".join(buffer.parts)


def run(
    store: pyoxigraph.Store, prefixes: Mapping[str, str], request: Message
) -> pyoxigraph.QuerySolutions | pyoxigraph.QueryBoolean | pyoxigraph.QueryTriples:
    """Evaluate the query over the union of the named graphs, or over the graphs that were asked for."""
    default: list[DefaultName] = [pyoxigraph.NamedNode(iri) for iri in request["default_graphs"]]
    named: list[GraphName] = [pyoxigraph.NamedNode(iri) for iri in request["named_graphs"]]
    if default or named:  # SPARQL 1.1 Protocol, section 2.1.4: together they are the whole dataset
        return store.query(
            request["query"], prefixes=dict(prefixes), default_graph=default, named_graphs=named
        )
    # The union would silently replace what a FROM of the query says.
    return store.query(request["query"], prefixes=dict(prefixes), use_default_graph_as_union=request["union"])


def serialize(
    result: pyoxigraph.QuerySolutions | pyoxigraph.QueryBoolean | pyoxigraph.QueryTriples,
    name: str,
    prefixes: Mapping[str, str],
    buffer: CappedBuffer,
) -> str:
    """Write a result in the format of that name; the kind of result it was."""
    sink: Any = buffer  # pyoxigraph's stub asks for typing.IO, of which it calls write and flush
    if isinstance(result, pyoxigraph.QueryTriples):
        rdf_format = GRAPH_FORMATS[name]
        shown = dict(prefixes) if name in PREFIXED else None
        pyoxigraph.serialize(result, sink, rdf_format, prefixes=shown)
        return "graph"
    if isinstance(result, pyoxigraph.QueryBoolean) and name in ("csv", "tsv"):
        buffer.write(b"true\n" if result else b"false\n")  # Oxigraph writes no line end
        return "boolean"
    result.serialize(sink, RESULT_FORMATS[name])
    return "boolean" if isinstance(result, pyoxigraph.QueryBoolean) else "solutions"


def serve(requests: IO[bytes], answers: IO[bytes]) -> None:
    """Open the store named by the first frame, then answer every further frame until the stream ends."""
    opening = read_frame(requests)
    if opening is None:
        return
    setup: Message = json.loads(opening)
    try:
        store = pyoxigraph.Store.read_only(setup["store"])
        graphs = [graph.value for graph in store.named_graphs()]
    except (OSError, RuntimeError, ValueError) as error:  # missing, damaged, or no store at all
        write_frame(answers, json.dumps({"outcome": "failed", "message": str(error)}).encode())
        return
    limit_memory(setup["memory"])
    write_frame(answers, json.dumps({"outcome": "ready", "graphs": graphs}).encode())
    while (frame := read_frame(requests)) is not None:
        request: Message = json.loads(frame)
        limit_processor_time(request["seconds"])
        header, body = answer(store, setup["prefixes"], request)
        write_frame(answers, json.dumps(header).encode())
        write_frame(answers, body)


def main() -> None:
    """Serve the standard streams; the one argument is the process id of the parent."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C reaches the whole group; the parent decides
    end_with_parent(int(sys.argv[1]))
    requests = os.fdopen(os.dup(0), "rb")
    answers = os.fdopen(os.dup(1), "wb")
    os.dup2(2, 1)  # what a library prints must not enter the frames
    threading.stack_size(STACK_BYTES)
    thread = threading.Thread(target=serve, args=(requests, answers))
    thread.start()
    thread.join()


if __name__ == "__main__":
    main()

"""A web process without the web: it submits writes to the writer and follows its editions.

Started as ``python -m benchmarks.reliability.web_process DATA``; commands and answers are lines of JSON, so
that who asks knows exactly what was acknowledged, whatever is killed.
"""

from __future__ import annotations

import asyncio
import contextlib
import json
import os
import queue
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any


@dataclass(frozen=True)
class EndedError(Exception):
    """The process ended before it answered."""

    asked: str


class WebProcess:
    """Such a process, as the one who asks it sees it."""

    def __init__(self, data: Path, environment: Mapping[str, str] | None = None) -> None:
        self.data = data
        begun = time.monotonic()
        self.process = subprocess.Popen(
            [sys.executable, "-m", "benchmarks.reliability.web_process", str(data)],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
            env={**os.environ, **(environment or {})},
        )
        self._answers: dict[int, queue.SimpleQueue[dict[str, Any] | None]] = {}
        self._number = 0
        self._lock = threading.Lock()
        self._ready: queue.SimpleQueue[dict[str, Any] | None] = queue.SimpleQueue()
        self._answers[0] = self._ready
        self._reading = threading.Thread(target=self._read, daemon=True)
        self._reading.start()
        ready = self._ready.get(timeout=120)
        if ready is None or "error" in ready:
            self._finish()
            raise RuntimeError(f"it does not start: {ready}")
        self.seconds = time.monotonic() - begun
        """Seconds until it could write."""

    def _read(self) -> None:
        assert self.process.stdout is not None
        for line in self.process.stdout:
            answer = json.loads(line)
            with self._lock:
                waiting = self._answers.pop(answer["number"], None)
            if waiting is not None:
                waiting.put(answer)
        with self._lock:
            left, self._answers = list(self._answers.values()), {}
        for waiting in left:
            waiting.put(None)

    def ask(self, kind: str, limit: float = 120, **others: Any) -> dict[str, Any]:
        """One command; the answer holds ``error`` where it was refused.

        Raises:
            EndedError: The process ended, so that it is not known what came of it.
        """
        waiting: queue.SimpleQueue[dict[str, Any] | None] = queue.SimpleQueue()
        with self._lock:
            self._number += 1
            number = self._number
            if self.process.poll() is not None:
                raise EndedError(kind)
            self._answers[number] = waiting
        assert self.process.stdin is not None
        try:
            with self._lock:
                self.process.stdin.write(json.dumps({"number": number, "kind": kind, **others}) + "\n")
                self.process.stdin.flush()
        except (OSError, ValueError) as error:  # it has ended, or has been stopped
            raise EndedError(kind) from error
        try:
            answer = waiting.get(timeout=limit)
        except queue.Empty:
            return {"error": "NoAnswer", "message": f"no answer within {limit:g} s"}
        if answer is None:
            raise EndedError(kind)
        return answer

    def write(self, added: Sequence[str], removed: Sequence[str] = (), **others: Any) -> dict[str, Any]:
        """Add and remove lines."""
        body = {"added": list(added), "removed": list(removed), **others}
        return self.ask("submit", action="diff", body=body)

    def read(self, kind: str, **others: Any) -> dict[str, Any]:
        """What is there, by the kind of the question.

        Raises:
            AssertionError: It could not be read.
        """
        answer = self.ask(kind, **others)
        if "error" in answer:
            raise AssertionError(f"{kind}: {answer}")
        return answer

    def writer(self) -> int | None:
        """The id of the writer process, if this process has started it."""
        found = self.ask("writer")["process"]
        return int(found) if found is not None else None

    def kill(self) -> None:
        """Kill -9 it; the writer that it started ends with it."""
        writer = None
        with contextlib.suppress(Exception):
            writer = self.writer()
        self.process.kill()
        self._finish()
        if writer is not None:
            wait_for_end(writer)

    def stop(self) -> None:
        """Have it end in good order."""
        if self.process.poll() is None:
            self.process.send_signal(signal.SIGTERM)
            try:
                self.process.wait(20)
            except subprocess.TimeoutExpired:
                self.process.kill()
        self._finish()

    def _finish(self) -> None:
        self.process.wait()
        self._reading.join()
        for stream in (self.process.stdin, self.process.stdout):
            with contextlib.suppress(OSError):  # what it did not live to read
                if stream is not None:
                    stream.close()

    def __enter__(self) -> WebProcess:
        return self

    def __exit__(self, *_: object) -> None:
        self.stop()


def wait_for_end(process: int, limit: float = 10) -> None:
    """Wait until a process that is not ours to wait for is gone."""
    deadline = time.monotonic() + limit
    while time.monotonic() < deadline:
        try:
            state = Path(f"/proc/{process}/stat").read_text().rsplit(")", 1)[1].split()[0]
        except OSError:
            return
        if state == "Z":
            return
        time.sleep(0.005)


async def serve(data: Path) -> None:
    """Answer commands until standard input ends or a signal comes."""
    from stemgraph.app.service import Instance
    from stemgraph.app.settings import Settings
    from stemgraph.app.writer import WriterClient
    from stemgraph.app.writer.opening import open_edition
    from stemgraph.graph.errors import StemgraphError

    settings = Settings(data=data, writes=True)
    instance = Instance(open_edition(data), settings, owned=True)
    client = WriterClient(instance, data)
    loop = asyncio.get_running_loop()
    try:
        await client.start()
    except StemgraphError as error:
        say({"number": 0, "error": type(error).__name__, "message": str(error)})
        return
    ended = asyncio.Event()
    loop.add_signal_handler(signal.SIGTERM, ended.set)
    tasks: set[asyncio.Task[None]] = set()

    async def take(command: dict[str, Any]) -> None:
        answer: dict[str, Any] = {"number": command["number"]}
        try:
            answer |= await answer_to(command, instance, client)
        except StemgraphError as error:
            answer |= {"error": type(error).__name__, "message": str(error)}
        except Exception as error:
            answer |= {"error": type(error).__name__, "message": repr(error)}
        say(answer)

    def begin(line: str) -> None:
        task = asyncio.create_task(take(json.loads(line)))
        tasks.add(task)
        task.add_done_callback(tasks.discard)

    def read() -> None:
        for line in sys.stdin:
            loop.call_soon_threadsafe(begin, line)
        loop.call_soon_threadsafe(ended.set)

    threading.Thread(target=read, daemon=True).start()
    say({"number": 0})
    await ended.wait()
    await client.stop()
    await instance.closed()
    instance.close()
    os._exit(0)  # the thread that reads standard input cannot be ended


async def answer_to(command: dict[str, Any], instance: Any, client: Any) -> dict[str, Any]:
    """What one command comes to."""
    from stemgraph.graph.quad_diff import lines_of
    from stemgraph.graph.state_digest import digest_of_store, digest_text

    graph = instance.current.graph
    match command["kind"]:
        case "submit":
            done = await client.submit(
                command["action"],
                command["body"],
                if_match=command.get("if_match"),
                key="reliability",
                reason=None,
            )
            return {"sequence": done.sequence, "edition": done.edition, "changed": done.changed}
        case "lines":
            import pyoxigraph as ox

            quads = graph.store.quads(graph=ox.NamedNode(command["graph"]))
            return {"lines": sorted(lines_of(quads)), "edition": graph.edition.id}
        case "digest":
            digest = digest_text(await asyncio.to_thread(digest_of_store, graph.store.oxigraph))
            return {"digest": digest, "edition": graph.edition.id, "sequence": graph.edition.sequence}
        case "edition":
            return {"edition": graph.edition.id, "sequence": graph.edition.sequence}
        case "writer":
            child = client._child
            return {"process": child.process_id if child is not None and child.code is None else None}
    return {"metrics": await client.metrics()}


def say(answer: Mapping[str, Any]) -> None:
    """One line to standard output, at once."""
    sys.stdout.write(json.dumps(answer) + "\n")
    sys.stdout.flush()


if __name__ == "__main__":
    asyncio.run(serve(Path(sys.argv[1])))

"""Six attackers against two cores: REST stays quick, honest SPARQL is answered, memory stays bounded."""

from __future__ import annotations

import http.client
import random
import threading
import time
from collections.abc import Callable, Iterator
from typing import Final

from benchmarks.figure import Figure
from benchmarks.reliability.queries_of_death import queries
from benchmarks.reliability.service import Answer, Service, ask, filled_data, serving
from stemgraph.app.jail.memory import bytes_proportional

MOST_MEMORY = 2048 + 512 + 1024
"""MiB: what all workers may take, what may be held in memory, and the rest of the service, by default."""

MEBIBYTE: Final = 1024 * 1024
HONEST: Final = (
    "SELECT ?s (COUNT(?o) AS ?n) {{ ?s rdfs:label ?l ; ?p ?o FILTER(STRLEN(?l) > {0}) }} "
    "GROUP BY ?s ORDER BY DESC(?n) LIMIT 10"
)
LIGHT: Final = "SELECT * {{ <http://purl.obolibrary.org/obo/MONDO_0005301> ?p ?o }} LIMIT {0}"
SPARQL: Final = {"Content-Type": "application/sparql-query", "Accept": "application/json, text/turtle"}


class Client(threading.Thread):
    """One client of an address of its own, which asks the next thing as soon as it was answered.

    Args:
        service: Who is asked.
        address: The loopback address that it comes from.
        act: One request over a connection; its answer.
        pause: Seconds between two requests.
    """

    def __init__(
        self,
        service: Service,
        address: str,
        act: Callable[[http.client.HTTPConnection, int], Answer],
        pause: float = 0.0,
    ) -> None:
        super().__init__(daemon=True)
        self.times: list[float] = []
        self.statuses: list[int] = []
        self.ended = threading.Event()
        self._service, self._address, self._act, self._pause = service, address, act, pause

    def run(self) -> None:
        """Ask until told to end."""
        connection = self._connect()
        number = random.randrange(1_000_000)  # noqa: S311  # so that nothing is answered from what is kept
        while not self.ended.is_set():
            number += 1
            begun = time.perf_counter()
            try:
                status = self._act(connection, number).status
            except OSError:
                status = 0
                connection.close()
                connection = self._connect()
            self.times.append(1000 * (time.perf_counter() - begun))
            self.statuses.append(status)
            if status == 429:
                self.ended.wait(0.2)  # even an attacker gains nothing by asking at once
            self.ended.wait(self._pause)
        connection.close()

    def _connect(self) -> http.client.HTTPConnection:
        return http.client.HTTPConnection(
            "127.0.0.1", self._service.port, timeout=60, source_address=(self._address, 0)
        )


def rest(connection: http.client.HTTPConnection, number: int) -> Answer:
    """A read that is made anew each time."""
    return ask(connection, "GET", f"/api/v1/entity/MONDO:0005301/associations?limit={1 + number % 200}")


def sparql(text: str) -> Callable[[http.client.HTTPConnection, int], Answer]:
    """Asks a query that differs each time."""
    return lambda connection, number: ask(
        connection, "POST", "/sparql", text.format(number % 100_000).encode(), SPARQL
    )


def attack(connection: http.client.HTTPConnection, number: int) -> Answer:
    """One query of death after the other."""
    texts = [text for text in queries().values() if len(text) < 20_000]
    return ask(connection, "POST", "/sparql", f"{texts[number % len(texts)]} # {number}".encode(), SPARQL)


def percentile(times: list[float], share: float) -> float:
    """The value below which this share of the times lies."""
    ordered = sorted(times)
    return ordered[min(len(ordered) - 1, int(share * len(ordered)))] if ordered else float("inf")


def resident(service: Service) -> float:
    """MiB of the service's processes; what several of them share counts once."""
    return sum(bytes_proportional(pid) or 0 for pid in service.processes()) / MEBIBYTE


def run(quick: bool) -> Iterator[Figure]:
    """Six attackers, two connections each, from addresses of their own; REST, honest SPARQL and memory."""
    seconds = 10 if quick else 60
    # A busy machine, on which tests run beside each other, gives no process its turn in time.
    share = 5 if quick else 1
    with filled_data() as data, serving(data, settings={"requests_per_minute": 1_000_000}) as service:
        alone = at_work(service, [Client(service, "127.0.0.1", rest, 0.02)], 3)
        readers = [Client(service, f"127.0.0.{100 + n}", rest, 0.02) for n in range(2)]
        light = [Client(service, "127.0.0.110", sparql(LIGHT), 0.05)]
        honest = [Client(service, "127.0.0.120", sparql(HONEST), 0.2)]
        attackers = [Client(service, f"127.0.0.{2 + n}", attack) for n in range(6) for _ in range(2)]
        everyone = [*readers, *light, *honest, *attackers]
        most = at_work(service, everyone, seconds)
        time.sleep(2)
        after = at_work(service, [Client(service, "127.0.0.1", rest, 0.02)], 3)
        times = [took for each in readers for took in each.times]
        statuses = [status for each in readers for status in each.statuses]
        yield Figure("REST alone, p99", percentile(alone.times, 0.99), "ms")
        yield Figure("REST under attack, requests", len(times), "", at_least=seconds)
        yield Figure("REST under attack, p50", percentile(times, 0.5), "ms")
        yield Figure("REST under attack, p99", percentile(times, 0.99), "ms", at_most=150 * share)
        yield Figure("REST failures", sum(status != 200 for status in statuses), "", at_most=0)
        yield Figure("light SPARQL p95", percentile(light[0].times, 0.95), "ms")
        yield Figure("honest SPARQL answered", honest[0].statuses.count(200), "", at_least=1)
        refused = [status for status in (*honest[0].statuses, *light[0].statuses) if status != 200]
        yield Figure("honest SPARQL refused", len(refused), "", at_most=0, note=str(refused or "")[:60])
        yield Figure("honest SPARQL p95", percentile(honest[0].times, 0.95) / 1000, "s", at_most=10)
        yield Figure("attacks answered", sum(len(each.statuses) for each in attackers), "")
        yield Figure("memory of all processes, most", most.memory, "MiB", at_most=MOST_MEMORY)
        yield Figure("REST 2 s later, p99", percentile(after.times, 0.99), "ms", at_most=150 * share)
        yield Figure("web process still the same", int(service.process.poll() is None), "", at_least=1)


class Observed:
    """What was seen while clients asked."""

    def __init__(self, times: list[float], memory: float) -> None:
        self.times = times
        self.memory = memory


def at_work(service: Service, clients: list[Client], seconds: float) -> Observed:
    """Let clients ask for some seconds."""
    memory = 0.0
    for each in clients:
        each.start()
    until = time.monotonic() + seconds
    while time.monotonic() < until:
        memory = max(memory, resident(service))
        time.sleep(0.5)  # it costs the kernel some milliseconds for each process
    for each in clients:
        each.ended.set()
    for each in clients:
        each.join(30)
    return Observed(clients[0].times, memory)

"""Queries that bring down engines: each ends in time, with a documented status, while others are answered."""

from __future__ import annotations

import statistics
import threading
import time
from collections.abc import Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from typing import Final

from benchmarks.figure import Figure
from benchmarks.reliability.service import Answer, Service, filled_data, serving

DOCUMENTED: Final = {200, 400, 403, 413, 422, 429, 503, 504}
LIGHT: Final = "/api/v1/entity/MONDO:0005301"
ANY: Final = "?{0}s ?{0}p ?{0}o"


def queries() -> Mapping[str, str]:
    """The queries by name."""
    return {
        "2,300 nested braces": "ASK " + "{" * 2300 + "}" * 2300,
        "10,000 nested parentheses": "ASK { FILTER(" + "(" * 10_000 + "true" + ")" * 10_000 + ") }",
        "nested square brackets": "ASK { ?s ?p " + "[ ?p " * 5000 + "1" + "]" * 5000 + " }",
        "100,000 negations": "ASK { FILTER(" + "!" * 100_000 + "true) }",
        "100,000 minus signs": "ASK { FILTER(" + "- " * 100_000 + "1 < 2) }",
        "100,000 inverse paths": "ASK { ?s " + "^" * 100_000 + "<urn:p> ?o }",
        "cross product of three": "SELECT (COUNT(*) AS ?n) { " + _anys(3) + " }",
        "cross product of four": "SELECT (COUNT(*) AS ?n) { " + _anys(4) + " }",
        "cross product with a filter": "SELECT * { " + _anys(3) + " FILTER(STR(?as) = STR(?bo)) }",
        "ORDER BY over a product": "SELECT * { " + _anys(2) + " } ORDER BY ?as ?bo LIMIT 10",
        "DISTINCT over a product": "SELECT DISTINCT ?as ?bo { " + _anys(2) + " }",
        "GROUP BY over a product": "SELECT ?as (COUNT(*) AS ?n) { " + _anys(2) + " } GROUP BY ?as",
        "GROUP_CONCAT of a product": "SELECT (GROUP_CONCAT(STR(?ao)) AS ?x) { " + _anys(2) + " }",
        "path of any length, both ends free": "SELECT (COUNT(*) AS ?n) { ?s (!<urn:x>)* ?o }",
        "path of paths": "SELECT (COUNT(*) AS ?n) { ?s ((!<urn:x>|^!<urn:x>)+/(!<urn:x>)*)* ?o }",
        "path of 10,000 steps": "ASK { ?s " + "/".join(["<urn:p>"] * 10_000) + " ?o }",
        "CONCAT doubled 40 times": "SELECT * { BIND('x' AS ?v0) " + _doubled(40) + " }",
        "REPLACE that grows": "SELECT (STRLEN("
        + "REPLACE(" * 9 + "'aaaaaaaaaa'" + ",'a','aaaaaaaaaa')" * 9 + ") AS ?x) {}",
        "300 patterns": "SELECT * { " + " . ".join(f"?a{n} ?b{n} ?c{n}" for n in range(300)) + " }",
        "200 joined patterns": "ASK { " + " . ".join(f"?v{n} ?p{n} ?v{n + 1}" for n in range(200)) + " }",
        "catastrophic regex": "SELECT * { ?s ?p ?o FILTER(REGEX(STR(?o), '(a+)+(b+)+(.*)*(.*)*c$')) }",
        "huge regex": "ASK { ?s ?p ?o FILTER(REGEX(STR(?o), '((a{1000}){1000}){1000}')) }",
        "VALUES product": "SELECT (COUNT(*) AS ?n) { " + " ".join(_values(n, 200) for n in range(5)) + " }",
        "huge IN": "SELECT * { ?s ?p ?o FILTER(?o IN (" + ",".join(str(n) for n in range(20_000)) + ")) }",
        "100,000 values": "SELECT * { " + _values(0, 100_000) + " ?s ?p ?v0 }",
        "90 unions of everything": "SELECT (COUNT(*) AS ?n) { "
        + "{ ?s ?p ?o } UNION " * 90 + "{ ?s ?p ?o } ?o ?q ?r }",
        "1,000 unions": "ASK { {}" + " UNION {}" * 1000 + " }",
        "100 OPTIONALs": "ASK { " + "OPTIONAL { ?s ?p ?o } " * 100 + "}",
        "100 MINUS": "ASK { ?a ?b ?c " + "MINUS { ?s ?p ?o } " * 100 + "}",
        "NOT EXISTS over everything": "SELECT * { ?a ?b ?c "
        "FILTER NOT EXISTS { ?c ?d ?e . ?f ?g ?h FILTER(?h = ?a) } }",
        "nested subqueries": "SELECT * { " + "{ SELECT * { " * 40 + _anys(2) + " } }" * 40 + " }",
        "CONSTRUCT of a product": "CONSTRUCT { ?as ?bp ?bo } WHERE { " + _anys(2) + " }",
        "DESCRIBE everything": "DESCRIBE ?s { ?s ?p ?o }",
        "everything": "SELECT * { ?s ?p ?o }",
        "500 random columns": "SELECT "
        + " ".join(f"(RAND() AS ?r{n})" for n in range(500)) + " { " + _anys(2) + " }",
        "5,000 objects": "ASK { ?s ?p " + ", ".join(["?o"] * 5000) + " }",
    }  # fmt: skip


def _anys(count: int) -> str:
    return " . ".join(ANY.format("abcdef"[n]) for n in range(count))


def _doubled(count: int) -> str:
    return " ".join(f"BIND(CONCAT(?v{n}, ?v{n}) AS ?v{n + 1})" for n in range(count))


def _values(number: int, count: int) -> str:
    return f"VALUES ?v{number} {{ {' '.join(str(n) for n in range(count))} }}"


class Asking(threading.Thread):
    """Asks for an entity again and again, and keeps the milliseconds that each answer took."""

    def __init__(self, service: Service) -> None:
        super().__init__(daemon=True)
        self.times: list[float] = []
        self.failures: list[str] = []
        self.ended = threading.Event()
        self._service = service

    def run(self) -> None:
        """Ask until told to end."""
        number = 0
        while not self.ended.is_set():
            number += 1
            begun = time.perf_counter()
            try:
                # A query of its own each time, so that nothing is answered from what is kept.
                answer = self._service.request(
                    "GET", f"{LIGHT}/associations?limit={1 + number % 200}", limit=30
                )
                if answer.status != 200:
                    self.failures.append(str(answer.status))
            except OSError as error:
                self.failures.append(repr(error))
            self.times.append(1000 * (time.perf_counter() - begun))
            self.ended.wait(0.02)


def ask(service: Service, query: str) -> tuple[Answer, float]:
    """The answer to a query, and the seconds it took."""
    begun = time.perf_counter()
    answer = service.request(
        "POST",
        "/sparql",
        query.encode(),
        {"Content-Type": "application/sparql-query", "Accept": "application/json, application/n-triples"},
        limit=120,
    )
    return answer, time.perf_counter() - begun


def run(quick: bool) -> Iterator[Figure]:
    """Each query by itself, then all at once: seconds beyond the limit, statuses, and REST meanwhile."""
    limit = 2.0 if quick else 10.0
    settings = {"sparql_seconds": limit, "client_seconds": 100_000}
    with filled_data() as data, serving(data, settings=settings) as service:
        asked = queries()
        # Where tests share a busy machine, this process and the service wait for their turn, too.
        most = limit + (4 if quick else 1)
        before = service.process.pid
        asking = Asking(service)
        asking.start()
        if quick:  # two at a time, so that it takes half the time
            with ThreadPoolExecutor(2) as pool:
                answers = list(pool.map(lambda each: ask(service, each), asked.values()))
        else:
            answers = [ask(service, query) for query in asked.values()]
        for name, (answer, took) in zip(asked, answers, strict=True):
            yield Figure(name, took, "s", at_most=most, note=str(answer.status))
        with ThreadPoolExecutor(len(asked)) as pool:
            at_once = list(pool.map(lambda each: ask(service, each), asked.values()))
        asking.ended.set()
        asking.join()
        yield Figure("queries of death", len(asked), "", at_least=25)
        yield Figure("all at once, the slowest", max(took for _, took in at_once), "s", at_most=most)
        odd = [answer.status for answer, _ in (*answers, *at_once) if answer.status not in DOCUMENTED]
        yield Figure("undocumented statuses", len(odd), "", at_most=0, note=str(odd or ""))
        shown = "; ".join(asking.failures[:3])
        yield Figure("REST requests meanwhile", len(asking.times), "", at_least=10)
        yield Figure("REST failures", len(asking.failures), "", at_most=0, note=shown)
        yield Figure("REST p50", statistics.median(asking.times), "ms")
        alive = service.process.poll() is None and service.process.pid == before
        yield Figure("web process still the same", int(alive), "", at_least=1)
        light, took = ask(service, "ASK { ?s ?p ?o }")
        yield Figure("an ordinary query afterwards", took, "s", at_most=limit, note=str(light.status))

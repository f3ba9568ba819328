"""Reads while writing: each answer names its edition, and holds what that edition holds."""

from __future__ import annotations

import tempfile
import threading
import time
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import quote

from benchmarks.figure import Figure
from benchmarks.reliability.service import Answer, Service, ask, filled_data, serving
from benchmarks.reliability.small_data import make_data
from benchmarks.reliability.web_process import WebProcess
from stemgraph.ontology.identifiers import PREFIXES, expand
from stemgraph.ontology.identity import association_id

READERS = 4
THERAPY, DISEASE = "STEMGRAPH:generational-therapy", "STEMGRAPH:generational-disease"
PREDICATE = "applied_to_treat"
STATEMENT = association_id(THERAPY, PREDICATE, DISEASE, negated=False, qualifiers={})
EVIDENCE = "sge:99999999999999999999999e"
GRAPH = f"<{PREFIXES['sgg']}curated>"

QUERY = f"""SELECT ?name ?summary {{
    <{expand(THERAPY)}> skos:altLabel ?name . <{expand(EVIDENCE)}> sgv:summary ?summary }}"""


def line(subject: str, predicate: str, term: str) -> str:
    """A statement as a line; the term is a CURIE or a literal in quotation marks."""
    written = term if term.startswith('"') else f"<{expand(term)}>"
    return f"<{expand(subject)}> <{expand(predicate)}> {written} {GRAPH} ."


def first_lines() -> list[str]:
    """A therapy that is used for a disease, with its evidence."""
    triples = [
        (THERAPY, "rdf:type", "sgv:Therapy"),
        (THERAPY, "rdfs:label", '"generational therapy"'),
        (THERAPY, f"sgv:{PREDICATE}", DISEASE),
        (DISEASE, "rdf:type", "sgv:Disease"),
        (DISEASE, "rdfs:label", '"generational disease"'),
        (STATEMENT, "rdf:type", "sgv:Association"),
        (STATEMENT, "rdf:subject", THERAPY),
        (STATEMENT, "rdf:predicate", f"sgv:{PREDICATE}"),
        (STATEMENT, "rdf:object", DISEASE),
        (STATEMENT, "sgv:has_evidence", EVIDENCE),
        (STATEMENT, "sgv:status", '"established"'),
        (STATEMENT, "sgv:negated", f'"false"^^<{PREFIXES["xsd"]}boolean>'),
        (STATEMENT, "sgv:knowledge_level", '"knowledge_assertion"'),
        (STATEMENT, "sgv:agent_type", '"manual_agent"'),
        (STATEMENT, "sgv:primary_knowledge_source", "infores:stemgraph"),
        (STATEMENT, "sgv:first_release", f'"1"^^<{PREFIXES["xsd"]}integer>'),
        (EVIDENCE, "rdf:type", "sgv:Evidence"),
        (EVIDENCE, "sgv:reference", "PMID:1"),
        (EVIDENCE, "sgv:stance", '"supports"'),
        (EVIDENCE, "sgv:study_design", '"review"'),
        (EVIDENCE, "sgv:eco", "ECO:0000302"),
        (EVIDENCE, "sgv:source_tier", f'"1"^^<{PREFIXES["xsd"]}integer>'),
        (EVIDENCE, "sgv:retrieved", f'"2026-11-27"^^<{PREFIXES["xsd"]}date>'),
        (EVIDENCE, "sgv:retracted", f'"false"^^<{PREFIXES["xsd"]}boolean>'),
    ]
    return [line(*each) for each in triples] + generation(0)


def generation(number: int) -> list[str]:
    """What every edit writes anew: a synonym of the therapy and the summary of the evidence."""
    return [
        line(THERAPY, "skos:altLabel", f'"generation {number}"'),
        line(EVIDENCE, "sgv:summary", f'"generation {number}"'),
    ]


def _entity(answer: Answer) -> list[str]:
    return list(answer.json()["synonyms"])


def _association(answer: Answer) -> list[str]:
    return [answer.json()["evidence"][0]["summary"]]


def _associations(answer: Answer) -> list[str]:
    return [each["evidence"][0]["summary"] for each in answer.json()["items"]]


def _search(answer: Answer) -> list[str]:
    return [each["matched"] for each in answer.json()["items"] if each["id"] == THERAPY]


def _sparql(answer: Answer) -> list[str]:
    rows = answer.json()["results"]["bindings"]
    return [row[name]["value"] for row in rows for name in ("name", "summary")]


KINDS: dict[str, tuple[str, Callable[[Answer], list[str]]]] = {
    "entity": (f"/api/v1/entity/{THERAPY}", _entity),
    "association": (f"/api/v1/association/{STATEMENT}", _association),
    "associations": (f"/api/v1/entity/{THERAPY}/associations", _associations),
    "search": ("/api/v1/search?q=generation&category=therapy", _search),
    "SPARQL": (f"/sparql?format=json&query={quote(QUERY)}", _sparql),
}
"""Of each kind of read the path, and the generations that an answer holds."""


@dataclass
class Reads:
    """What was read: of each answer its kind, its edition, the edition in its body, and its generations."""

    answers: list[tuple[str, str, str | None, tuple[str, ...]]] = field(default_factory=list)
    errors: list[str] = field(default_factory=list)
    lock: threading.Lock = field(default_factory=threading.Lock)

    def note(self, kind: str, answer: Answer) -> None:
        """Keep what an answer says."""
        if answer.status != 200:
            with self.lock:
                self.errors.append(f"{kind}: {answer.status} {answer.body[:300]!r}")
            return
        said = answer.headers["stemgraph-release"].split("; ")
        edition = next(each for each in said if each.startswith("edition=")).removeprefix("edition=")
        inside = None if kind == "SPARQL" else answer.json()["meta"]["edition"]
        found = tuple(KINDS[kind][1](answer))
        with self.lock:
            self.answers.append((kind, edition, inside, found))

    def mixed(self, generations: dict[str, int]) -> list[str]:
        """The answers that do not hold exactly what their edition holds."""
        wrong: list[str] = []
        for kind, edition, inside, found in self.answers:
            number = generations.get(edition)
            wanted = {f"generation {number}"}
            if number is None or set(found) != wanted or inside not in (None, edition):
                wrong.append(f"{kind} of {edition} ({inside}) has {found} and not {wanted}")
        return wrong


def keep_reading(service: Service, reads: Reads, ended: threading.Event, number: int) -> None:
    """Ask one kind after the other on a kept connection; every third query is one that no cache knows."""
    connection = service.connect()
    kinds = list(KINDS)
    while not ended.is_set():
        number += 1
        kind = kinds[number % len(kinds)]
        path = KINDS[kind][0]
        if kind == "SPARQL" and number % 3 == 0:
            path += quote(f"# {number}")
        try:
            reads.note(kind, ask(connection, "GET", path))
        except OSError as error:
            with reads.lock:
                reads.errors.append(f"{kind}: {error!r}")
            connection.close()
            connection = service.connect()
    connection.close()


def run(quick: bool) -> Iterator[Figure]:
    """10,000 reads of five kinds on the bundle (600 on a small graph quickly) while edits are committed."""
    wanted, edits = (600, 8) if quick else (10_000, 100)
    settings = {"sparql_workers": 2, "client_seconds": 100_000}
    with ExitStack() as stack:
        directory = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="generations-")))
        data = make_data(directory / "data") if quick else stack.enter_context(filled_data())
        service = stack.enter_context(serving(data, "--writable", settings=settings))
        web = stack.enter_context(WebProcess(data))
        reads, ended = Reads(), threading.Event()
        editions = {_edition(web.write(first_lines())): 0}
        readers = [
            threading.Thread(target=keep_reading, args=(service, reads, ended, each))
            for each in range(READERS)
        ]
        begun = time.monotonic()
        for reader in readers:
            reader.start()
        number, longest = 0, 0.0
        try:
            while len(reads.answers) + len(reads.errors) < wanted or number < edits:
                at = time.monotonic()
                answer = web.write(generation(number + 1), generation(number))
                longest = max(longest, time.monotonic() - at)
                number += 1
                editions[_edition(answer)] = number
        finally:
            ended.set()
            for reader in readers:
                reader.join()
        seconds = time.monotonic() - begun
    mixed = reads.mixed(editions)
    seen = {edition for _, edition, _, _ in reads.answers}
    kinds = Counter(kind for kind, *_ in reads.answers)
    yield Figure("reads while writing", len(reads.answers), "", at_least=wanted, note=str(dict(kinds)))
    yield Figure("reads that mix generations", len(mixed), "", at_most=0, note="; ".join(mixed[:3]))
    yield Figure("reads that failed", len(reads.errors), "", at_most=0, note="; ".join(reads.errors[:3]))
    yield Figure("edits meanwhile", number, "", at_least=edits, note=f"{len(seen)} editions were read")
    yield Figure("editions that were read", len(seen), "", at_least=3)
    yield Figure("reads per second", len(reads.answers) / seconds, "/s")
    yield Figure("edits per second", number / seconds, "/s", note=f"the longest took {longest:.2f} s")


def _edition(answer: dict[str, object]) -> str:
    """The edition that a write left."""
    if "error" in answer:
        raise AssertionError(answer)
    return str(answer["edition"])

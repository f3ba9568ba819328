"""Requests that would have the service fetch or read what is not its own: it must touch none of it."""

from __future__ import annotations

import json
import secrets
import socket
from collections import Counter
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from threading import Thread
from typing import Any
from urllib.parse import quote, urlencode

from benchmarks.figure import Figure
from benchmarks.reliability.service import Answer, Service, filled_data, serving

GRAPH = "https://w3id.org/stemgraph/graph/canary"
CHANGING = ("update", "upload", "curation")
"""Kinds of attempts that may change the graph."""
AT_ONCE = 8


@dataclass
class Listener:
    """A port of this machine, and how many connections have reached it."""

    port: int
    connections: int = 0

    def url(self, path: str = "") -> str:
        """An address on it."""
        return f"http://127.0.0.1:{self.port}/{path}"


@dataclass(frozen=True)
class Attempt:
    """One request that reaches outside, and the kind of it."""

    kind: str
    method: str
    path: str
    body: bytes = b""
    headers: dict[str, str] = field(default_factory=dict[str, str])


def run(quick: bool) -> Iterator[Figure]:
    """SERVICE, LOAD, FROM, contexts, XXE, imports: connections made, and bytes of files told."""
    token = f"canary-{secrets.token_hex(12)}"
    with filled_data() as data, listening() as listener:
        file = data.parent / "canary.ttl"
        file.write_text(f'<urn:canary> <urn:says> "{token}" .\n')
        key = _key(data)
        settings = {"writes": "true", "updates": "true", "access_log": "true", "slow_seconds": 0.001}
        with serving(data, settings=settings) as service:
            documented = service.request("GET", "/openapi.json").json()["paths"]
            counted, leaks, failed = Counter[str](), list[str](), list[str]()
            for attempt, answer in _tried(service, attempts(listener, file, key, documented)):
                counted[attempt.kind] += 1
                if token.encode() in answer.body or token in str(answer.headers):
                    leaks.append(f"{attempt.kind}: {attempt.body[:200]!r}")
                if answer.status >= 500:
                    failed.append(
                        f"{answer.status} {attempt.kind} {attempt.path[:100]} {attempt.body[:200]!r}"
                    )
            told = service.said().count(token)
        kinds = ", ".join(f"{kind} {count}" for kind, count in counted.items())
        yield Figure("attempts", counted.total(), "", at_least=100, note=kinds)
        yield Figure("connections to the canary's port", listener.connections, "", at_most=0)
        yield Figure(
            "answers with bytes of the canary's file", len(leaks), "", at_most=0, note="; ".join(leaks[:3])
        )
        yield Figure("lines of the log with bytes of it", told, "", at_most=0)
        yield Figure(
            "attempts that were failures of the service",
            len(failed),
            "",
            at_most=0,
            note="; ".join(failed[:5]),
        )
        with socket.create_connection(("127.0.0.1", listener.port), timeout=10) as control:
            control.recv(1)
        yield Figure("a connection of our own is heard (control)", listener.connections, "", at_least=1)


@contextmanager
def listening() -> Iterator[Listener]:
    """A port that hears every connection, and closes it."""
    with socket.create_server(("127.0.0.1", 0), backlog=100) as server:
        listener = Listener(server.getsockname()[1])

        def hear() -> None:
            while True:
                try:
                    connection, _ = server.accept()
                except OSError:
                    return
                listener.connections += 1
                connection.close()

        Thread(target=hear, daemon=True).start()
        yield listener
        server.shutdown(socket.SHUT_RDWR)


def _key(data: Path) -> str:
    from stemgraph.app.access.key_file import KeyFile

    _, text = KeyFile.of_data(data).create("canaries", frozenset({"update"}), None)
    return text


def _tried(service: Service, attempts: Iterator[Attempt]) -> Iterator[tuple[Attempt, Answer]]:
    """Every attempt with its answer: some at once, and those that change the graph after all others.

    For what works on texts reads the graph anew once it has changed.
    """
    ordered = sorted(attempts, key=lambda each: each.kind in CHANGING)
    with ThreadPoolExecutor(AT_ONCE) as pool:
        yield from zip(ordered, pool.map(partial(_try, service), ordered), strict=True)


def _try(service: Service, attempt: Attempt) -> Answer:
    return service.request(attempt.method, attempt.path, attempt.body or None, attempt.headers)


def attempts(listener: Listener, file: Path, key: str, documented: dict[str, Any]) -> Iterator[Attempt]:
    """Every way we know to ask for it."""
    places = (listener.url("data.ttl"), f"file://{file}", f"file:{file}")
    allowed = {"Authorization": f"Bearer {key}"}
    for place in places:
        for query in _queries(place):
            yield Attempt("query", "GET", f"/sparql?query={quote(query)}", headers={"Accept": "*/*"})
            yield Attempt(
                "query", "POST", "/sparql", query.encode(), {"Content-Type": "application/sparql-query"}
            )
        for name in ("default-graph-uri", "named-graph-uri"):
            asked = urlencode({"query": "SELECT * { ?s ?p ?o } LIMIT 3", name: place})
            yield Attempt("dataset", "GET", f"/sparql?{asked}")
            form = {"Content-Type": "application/x-www-form-urlencoded"}
            yield Attempt("dataset", "POST", "/sparql", asked.encode(), form)
        for update in _updates(place):
            headers = {"Content-Type": "application/sparql-update", **allowed}
            yield Attempt("update", "POST", "/sparql", update.encode(), headers)
            asked = urlencode({"update": update, "using-graph-uri": place})
            form = {"Content-Type": "application/x-www-form-urlencoded", **allowed}
            yield Attempt("update", "POST", "/sparql", asked.encode(), form)
        yield from _uploads(place, allowed, documented)
        yield from _texts(place, documented)
        yield from _reads(place)


def _queries(place: str) -> Iterator[str]:
    inner = "{ ?s ?p ?o }"
    for service in (
        f"SERVICE <{place}> {inner}",
        f"SERVICE SILENT <{place}> {inner}",
        f"service silent<{place}>{inner}",
        f"SERVICESILENT<{place}>{inner}",
        f"SERVICE#\n<{place}>#\n{inner}",
        f"VALUES ?w {{ <{place}> }} SERVICE ?w {inner}",
        f"BIND(IRI('{place}') AS ?w) SERVICE SILENT ?w {inner}",
        f"?s ?p trueSERVICE<{place}>{inner}",
        f"OPTIONAL {{ SERVICE <{place}> {inner} }}",
        f"FILTER EXISTS {{ SERVICE <{place}> {inner} }}",
        f"{{ SELECT * {{ SERVICE <{place}> {inner} }} }}",
        f"?s ?p ?o MINUS {{ SERVICE <{place}> {inner} }}",
        f"\\u0053ERVICE <{place}> {inner}",
        f"?s ?p ?o FILTER(?s<?o#>'''\n) SERVICE <{place}> {inner} #'''\n",
    ):
        yield f"SELECT * {{ {service} }}"
    yield f"PREFIX e: <{place}> SELECT * {{ SERVICE e: {inner} }}"
    yield f"BASE <{place}> SELECT * {{ SERVICE <> {inner} }}"
    yield f"SELECT * FROM <{place}> {inner}"
    yield f"SELECT * FROM NAMED <{place}> {{ GRAPH ?g {inner} }}"
    yield f"PREFIX e: <{place}> SELECT * FROM e: {inner}"
    yield f"SELECT * {{ GRAPH <{place}> {inner} }}"
    yield f"DESCRIBE <{place}>"
    yield f"CONSTRUCT {inner} FROM <{place}> WHERE {inner}"
    yield f"LOAD <{place}>"


def _updates(place: str) -> Iterator[str]:
    yield f"LOAD <{place}>"
    yield f"LOAD SILENT <{place}>"
    yield f"load<{place}>INTO GRAPH<{GRAPH}>"
    yield f"LOAD <{place}> INTO GRAPH <{GRAPH}> ; CLEAR SILENT GRAPH <{GRAPH}>"
    yield f"CLEAR SILENT GRAPH <{GRAPH}> ; LOAD SILENT <{place}> INTO GRAPH <{GRAPH}>"
    yield f"INSERT {{ GRAPH <{GRAPH}> {{ ?s ?p ?o }} }} WHERE {{ SERVICE <{place}> {{ ?s ?p ?o }} }}"
    yield f"INSERT {{ GRAPH <{GRAPH}> {{ ?s ?p ?o }} }} USING <{place}> WHERE {{ ?s ?p ?o }}"
    yield f"WITH <{place}> DELETE {{ ?s ?p ?o }} WHERE {{ ?s ?p ?o }}"
    yield f"COPY SILENT <{place}> TO <{GRAPH}>"
    yield f"ADD SILENT <{place}> TO <{GRAPH}>"


def _uploads(place: str, allowed: dict[str, str], documented: dict[str, Any]) -> Iterator[Attempt]:
    documents: list[tuple[str, str]] = [
        ("application/ld+json", json.dumps({"@context": place, "@id": "urn:a", "p": "v"})),
        ("application/ld+json", json.dumps({"@context": [place, {"p": "urn:p"}], "@id": "urn:a", "p": "v"})),
        ("application/ld+json", json.dumps({"@context": {"@import": place, "p": "urn:p"}, "p": "v"})),
        ("application/ld+json", json.dumps({"urn:p": {"@context": place, "@id": "urn:a"}})),
        (
            "application/ld+json",
            json.dumps({"@context": {"t": {"@id": "urn:t", "@context": place}}, "t": {}}),
        ),
        *(("application/rdf+xml", text) for text in _xml(place)),
        ("text/turtle", f"@base <{place}> . <> a <http://www.w3.org/2002/07/owl#Ontology> ."),
        ("text/turtle", f"<urn:a> <http://www.w3.org/2002/07/owl#imports> <{place}> ."),
        ("text/turtle", f"<urn:a> <http://www.w3.org/ns/shacl#shapesGraph> <{place}> ."),
        ("text/turtle", f"<urn:a> <http://www.w3.org/2000/01/rdf-schema#seeAlso> <{place}> ."),
        ("application/trig", f"<{place}> {{ <urn:a> <http://www.w3.org/2002/07/owl#imports> <{place}> }}"),
        ("application/n-quads", f"<urn:a> <http://www.w3.org/2002/07/owl#imports> <{place}> <{GRAPH}> ."),
        ("text/turtle", _SHAPES.format(place=place)),
    ]
    for method in ("PUT", "POST"):
        if method.lower() in documented.get("/graph-store", {}):
            for media_type, text in documents:
                headers = {"Content-Type": media_type, "Link": _LINK.format(place=place), **allowed}
                yield Attempt("upload", method, f"/graph-store?graph={GRAPH}", text.encode(), headers)
    if "post" in documented.get("/api/v1/association", {}):
        body = {
            "subject": "STEMGRAPH:autologous-hsct",
            "predicate": "studied_to_treat",
            "object": "MONDO:0005301",
            "evidence": [{"reference": place, "stance": "supports", "summary": f"See {place}."}],
            "reason": place,
        }
        headers = {"Content-Type": "application/json", **allowed}
        for wanted in (body, {**body, "subject": place}, {**body, "@context": place}):
            yield Attempt("curation", "POST", "/api/v1/association", json.dumps(wanted).encode(), headers)


_LINK = '<{place}>; rel="http://www.w3.org/ns/json-ld#context"; type="application/ld+json"'
_SHAPES = """@prefix sh: <http://www.w3.org/ns/shacl#> . @prefix owl: <http://www.w3.org/2002/07/owl#> .
<urn:s> a sh:NodeShape ; owl:imports <{place}> ; sh:targetClass <urn:c> ; sh:sparql <urn:q> .
<urn:q> sh:select "SELECT $this {{ SERVICE <{place}> {{ $this ?p ?o }} }}" ; sh:prefixes <{place}> .
<urn:f> a sh:JSFunction ; sh:jsLibrary <urn:l> . <urn:l> sh:jsLibraryURL "{place}" .
"""


def _xml(place: str) -> Iterator[str]:
    rdf = 'xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#" xmlns:x="urn:x:"'
    told = '<rdf:Description rdf:about="urn:a"><x:p>{}</x:p></rdf:Description>'
    entity = told.format("&e;")
    yield f'<!DOCTYPE r [<!ENTITY e SYSTEM "{place}">]><rdf:RDF {rdf}>{entity}</rdf:RDF>'
    yield f'<!DOCTYPE r [<!ENTITY e PUBLIC "a" "{place}">]><rdf:RDF {rdf}>{entity}</rdf:RDF>'
    yield f'<!DOCTYPE r [<!ENTITY % p SYSTEM "{place}"> %p;]><rdf:RDF {rdf}>{entity}</rdf:RDF>'
    yield f'<!DOCTYPE r SYSTEM "{place}"><rdf:RDF {rdf}>{entity}</rdf:RDF>'
    yield f'<!DOCTYPE r PUBLIC "-//X//EN" "{place}"><rdf:RDF {rdf}>{told.format("v")}</rdf:RDF>'
    yield f'<?xml-stylesheet href="{place}"?><rdf:RDF {rdf}>{told.format("v")}</rdf:RDF>'
    included = f'<i:include xmlns:i="http://www.w3.org/2001/XInclude" href="{place}" parse="text"/>'
    yield f"<rdf:RDF {rdf}>{told.format(included)}</rdf:RDF>"
    schema = 'xmlns:i="http://www.w3.org/2001/XMLSchema-instance" i:schemaLocation'
    yield f'<rdf:RDF {rdf} {schema}="urn:x {place}">{told.format("v")}</rdf:RDF>'
    imports = f'<o:imports xmlns:o="http://www.w3.org/2002/07/owl#" rdf:resource="{place}"/>'
    imported = f'<rdf:Description rdf:about="">{imports}</rdf:Description>'
    yield f'<rdf:RDF {rdf} xml:base="{place}">{imported}</rdf:RDF>'


def _texts(place: str, documented: dict[str, Any]) -> Iterator[Attempt]:
    for route in ("/api/v1/annotate", "/api/v1/check"):
        if route in documented:
            for text in (f"See {place} on multiple sclerosis.", f"@import '{place}'", f"![a]({place}) &e;"):
                body = json.dumps({"text": text}).encode()
                yield Attempt("text", "POST", route, body, {"Content-Type": "application/json"})


def _reads(place: str) -> Iterator[Attempt]:
    quoted = quote(place, safe="")
    for path in (
        f"/api/v1/entity/{quoted}",
        f"/id/{quoted}",
        f"/api/v1/search?q={quoted}",
        f"/entity/{quoted}",
    ):
        yield Attempt("read", "GET", path)
    yield Attempt("read", "GET", f"/graph-store?graph={quoted}")
    yield Attempt("read", "GET", f"/api/v1/release?release={quoted}")
    if place.startswith("http"):
        yield Attempt("proxy", "GET", place)  # an absolute address as a proxy is sent it
        forwarded = {"Referer": place, "X-Forwarded-Host": place, "Forwarded": place}
        yield Attempt("proxy", "GET", "/docs", headers=forwarded)

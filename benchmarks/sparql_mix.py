"""The queries of the side-by-side measurement, each with constants out of the release."""

from __future__ import annotations

import statistics
import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import pyoxigraph as ox

PREFIXES = """PREFIX sgv: <https://w3id.org/stemgraph/vocab/>
PREFIX sgg: <https://w3id.org/stemgraph/graph/>
PREFIX rdf: <http://www.w3.org/1999/02/22-rdf-syntax-ns#>
PREFIX rdfs: <http://www.w3.org/2000/01/rdf-schema#>
"""
JSON, TRIPLES = "application/sparql-results+json", "application/n-triples"


@dataclass(frozen=True)
class Question:
    """A kind of query: its text with ``@`` for a constant, and the constants."""

    name: str
    pattern: str
    constants: Sequence[str]
    accept: str = JSON

    def text(self, index: int) -> str:
        """The query for one of the constants, up to the number of its LIMIT, which makes each its own."""
        return PREFIXES + self.pattern.replace("@", self.constants[index % len(self.constants)]) + " LIMIT "


def questions(store: ox.Store) -> list[Question]:
    """The mix over a release's store."""

    def iris(pattern: str) -> list[str]:
        answer = store.query(PREFIXES + pattern, use_default_graph_as_union=True)
        return [str(solution[0]) for solution in answer]  # type: ignore[union-attr,index]

    diseases = iris("SELECT ?s { GRAPH sgg:mondo { ?s a sgv:Disease } } ORDER BY ?s LIMIT 2000")
    # Kinds of like size: with the largest among them, the rate would tell which of them a run came to.
    kinds = iris(
        "SELECT ?o { GRAPH sgg:mondo { ?s rdfs:subClassOf+ ?o } } GROUP BY ?o "
        "HAVING (COUNT(?s) > 3 && COUNT(?s) < 60) ORDER BY ?o LIMIT 500"
    )
    with_evidence = iris(
        "SELECT DISTINCT ?s { ?a rdf:subject ?s ; sgv:negated false ; sgv:has_evidence ?e } ORDER BY ?s"
    )
    words = ["sclerosis", "leukemia", "anemia", "lymphoma", "diabetes", "arthritis", "retinal", "muscular"]
    return [
        Question("lookup", "SELECT ?p ?o { @ ?p ?o }", diseases),
        Question(
            "one hop with evidence",
            "SELECT ?predicate ?object ?reference { ?a rdf:subject @ ; rdf:predicate ?predicate ; "
            "rdf:object ?object ; sgv:has_evidence ?e . ?e sgv:reference ?reference }",
            with_evidence,
        ),
        Question(
            "two hops",
            "SELECT ?b ?c ?label { @ rdfs:subClassOf ?b . ?b rdfs:subClassOf ?c . ?c rdfs:label ?label }",
            diseases,
        ),
        Question(
            "text filter",
            'SELECT ?s ?label { GRAPH sgg:cl { ?s rdfs:label ?label } FILTER(CONTAINS(LCASE(?label), "@")) }',
            words,
        ),
        Question(
            "aggregate",
            "SELECT ?p (COUNT(*) AS ?n) { GRAPH sgg:uberon { ?s ?p ?o } FILTER(?o != @) } GROUP BY ?p",
            diseases,
        ),
        Question("subClassOf*", "SELECT ?d { ?d rdfs:subClassOf* @ }", kinds),
        Question("CONSTRUCT", "CONSTRUCT { ?s ?p ?o } { ?s rdfs:subClassOf @ ; ?p ?o }", kinds, TRIPLES),
    ]


def engine_milliseconds(store: ox.Store, question: Question, times: int = 40) -> float:
    """The median time of the query and its serialisation in the engine alone."""
    taken: list[float] = []
    for index in range(times):
        text = question.text(index * 7) + str(1_000_000 + index)
        begun = time.perf_counter()
        answer = store.query(text, use_default_graph_as_union=True)
        graph = isinstance(answer, ox.QueryTriples)
        answer.serialize(format=ox.RdfFormat.N_TRIPLES if graph else ox.QueryResultsFormat.JSON)  # type: ignore[arg-type]
        taken.append((time.perf_counter() - begun) * 1000)
    return statistics.median(taken)


def load_script(question: Question, directory: Path, *, distinct: bool, offset: int) -> Path:
    """A wrk script that sends the same query, or one after the other that was never sent before."""
    from urllib.parse import quote

    count = min(len(question.constants), 500) if distinct else 1
    paths = ", ".join(f'"{quote(question.text(index), safe="")}"' for index in range(count))
    step = 1 if distinct else 0
    script = directory / f"{question.name.replace(' ', '-').replace('*', '')}-{distinct}.lua"
    script.write_text(
        f"""local queries = {{ {paths} }}
local headers = {{ ["Accept"] = "{question.accept}" }}
local n = {offset}
request = function()
  n = n + {step}
  local path = wrk.path .. "?query=" .. queries[n % #queries + 1] .. (1000000 + n)
  return wrk.format("GET", path, headers)
end
"""
    )
    return script

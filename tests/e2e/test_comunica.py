"""Comunica, the JavaScript query engine, against the running service."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
from pathlib import Path

import pytest
from tests.e2e.conftest import Service

VERSION = "5.4.1"
CACHE = (
    Path(os.environ.get("XDG_CACHE_HOME", Path.home() / ".cache")) / "stemgraph-tests" / f"comunica-{VERSION}"
)
# The undici that it asks for wants a newer Node than the long-supported ones.
PACKAGE = {
    "private": True,
    "dependencies": {"@comunica/query-sparql": VERSION},
    "overrides": {"undici": "^7.0.0"},
}
PREFIXES = (
    "PREFIX sgv: <https://w3id.org/stemgraph/vocab/> PREFIX rdfs: <http://www.w3.org/2000/01/rdf-schema#> "
    "PREFIX obo: <http://purl.obolibrary.org/obo/> "
)


@pytest.fixture(scope="module")
def comunica() -> Path:
    """Its command, installed once by npm into a cache directory."""
    npm = shutil.which("npm")
    if npm is None:
        pytest.skip("npm is not installed")
    command = CACHE / "node_modules" / ".bin" / "comunica-sparql"
    if not command.exists():
        CACHE.mkdir(parents=True, exist_ok=True)
        (CACHE / "package.json").write_text(json.dumps(PACKAGE))
        install = [npm, "install", "--no-audit", "--no-fund", "--ignore-scripts"]
        subprocess.run(install, check=True, capture_output=True, cwd=CACHE)
    return command


def ask(comunica: Path, source: str, query: str, media_type: str) -> str:
    """What Comunica prints."""
    finished = subprocess.run(
        [str(comunica), source, "-q", query, "-t", media_type],
        capture_output=True,
        text=True,
        timeout=240,
        check=False,
        env={**os.environ, "NODE_NO_WARNINGS": "1"},
    )
    assert finished.returncode == 0, finished.stderr
    return finished.stdout


def test_comunica_finds_the_endpoint_by_its_description_and_asks_it(comunica: Path, service: Service) -> None:
    query = PREFIXES + "SELECT ?label { ?t sgv:treats obo:MONDO_0020546 ; rdfs:label ?label } ORDER BY ?label"
    printed = ask(comunica, service.url + "/sparql", query, "application/sparql-results+json")
    labels = [row["label"]["value"] for row in json.loads(printed)["results"]["bindings"]]
    assert labels == ["Ryoncil", "ruxolitinib", "systemic glucocorticoid"]


def test_comunica_reads_a_graph_of_the_graph_store(comunica: Path, service: Service) -> None:
    graph = service.url + "/graph-store?graph=https://w3id.org/stemgraph/graph/groupings"
    printed = ask(comunica, graph, "SELECT (COUNT(*) AS ?n) { ?s ?p ?o }", "application/sparql-results+json")
    counted = service.select(
        "SELECT (COUNT(*) AS ?n) { GRAPH <https://w3id.org/stemgraph/graph/groupings> { ?s ?p ?o } }"
    )
    assert json.loads(printed)["results"]["bindings"][0]["n"]["value"] == counted[0]["n"]


def test_comunica_constructs(comunica: Path, service: Service) -> None:
    query = PREFIXES + "CONSTRUCT { ?t sgv:treats obo:MONDO_0020546 } { ?t sgv:treats obo:MONDO_0020546 }"
    printed = ask(comunica, f"sparql@{service.url}/sparql", query, "application/n-triples")
    assert len(printed.strip().splitlines()) == 3

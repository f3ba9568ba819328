"""Clients that no one here wrote, against the running service."""

from __future__ import annotations

import json
import shutil
import subprocess

import pytest
from rdflib import Graph, URIRef
from rdflib.plugins.stores.sparqlstore import SPARQLStore
from SPARQLWrapper import CSV, JSON, POST, POSTDIRECTLY, TURTLE, XML, SPARQLWrapper
from tests.e2e.conftest import Service

PREFIXES = (
    "PREFIX sgv: <https://w3id.org/stemgraph/vocab/> PREFIX rdfs: <http://www.w3.org/2000/01/rdf-schema#> "
    "PREFIX obo: <http://purl.obolibrary.org/obo/> "
)
TREATS_ACUTE_GVHD = (
    PREFIXES + "SELECT ?label { ?drug sgv:treats obo:MONDO_0020546; rdfs:label ?label } ORDER BY ?label"
)
EXPECTED = ["Ryoncil", "ruxolitinib", "systemic glucocorticoid"]


@pytest.fixture
def wrapper(service: Service) -> SPARQLWrapper:
    """SPARQLWrapper at the endpoint."""
    return SPARQLWrapper(service.url + "/sparql")


def test_sparqlwrapper_reads_json_by_get(wrapper: SPARQLWrapper) -> None:
    wrapper.setReturnFormat(JSON)
    wrapper.setQuery(TREATS_ACUTE_GVHD)
    rows = wrapper.queryAndConvert()["results"]["bindings"]
    assert [row["label"]["value"] for row in rows] == EXPECTED


@pytest.mark.parametrize("way", ["form", "direct"])
def test_sparqlwrapper_posts_in_both_ways(wrapper: SPARQLWrapper, way: str) -> None:
    wrapper.setMethod(POST)
    if way == "direct":
        wrapper.setRequestMethod(POSTDIRECTLY)
    wrapper.setReturnFormat(JSON)
    wrapper.setQuery(TREATS_ACUTE_GVHD)
    assert len(wrapper.queryAndConvert()["results"]["bindings"]) == 3


def test_sparqlwrapper_reads_xml_and_csv(wrapper: SPARQLWrapper) -> None:
    wrapper.setQuery(TREATS_ACUTE_GVHD)
    wrapper.setReturnFormat(XML)
    document = wrapper.queryAndConvert()
    assert [node.firstChild.data for node in document.getElementsByTagName("literal")] == EXPECTED
    wrapper.setReturnFormat(CSV)
    assert wrapper.queryAndConvert().decode().splitlines() == ["label", *EXPECTED]


def test_sparqlwrapper_reads_a_constructed_graph(wrapper: SPARQLWrapper) -> None:
    wrapper.setReturnFormat(TURTLE)
    wrapper.setQuery(PREFIXES + "CONSTRUCT WHERE { ?drug sgv:treats obo:MONDO_0020546 }")
    graph = Graph().parse(data=wrapper.queryAndConvert(), format="turtle")
    assert len(graph) == 3


def test_rdflibs_sparqlstore_answers_queries_and_triple_patterns(service: Service) -> None:
    store = SPARQLStore(service.url + "/sparql", returnFormat="json")
    graph = Graph(store)
    assert [str(row[0]) for row in graph.query(TREATS_ACUTE_GVHD)] == EXPECTED
    drugs = set(
        graph.subjects(
            URIRef("https://w3id.org/stemgraph/vocab/treats"),
            URIRef("http://purl.obolibrary.org/obo/MONDO_0020546"),
        )
    )
    assert len(drugs) == 3


def curl(*arguments: str) -> str:
    """What curl prints; curl is a real program that must be there."""
    program = shutil.which("curl")
    assert program, "install curl: apt-get install curl"
    return subprocess.run([program, "-sS", *arguments], check=True, capture_output=True, text=True).stdout


@pytest.fixture(
    params=[
        ("application/json", "application/json"),
        ("text/turtle", "text/turtle"),
        ("application/ld+json", "application/ld+json"),
        ("application/n-triples;q=0.4, text/turtle;q=0.9", "text/turtle"),
        ("application/rdf+xml", "application/rdf+xml"),
    ],
    ids=lambda pair: pair[0],
)
def negotiated(request: pytest.FixtureRequest) -> tuple[str, str]:
    """An Accept header and the type that must come back."""
    pair: tuple[str, str] = request.param
    return pair


def test_curl_negotiates_an_entity(service: Service, negotiated: tuple[str, str]) -> None:
    accept, expected = negotiated
    printed = curl(
        "-D", "-", "-o", "/dev/null", "-H", f"Accept: {accept}", service.url + "/api/v1/entity/MONDO:0005301"
    )
    headers = dict(line.lower().split(": ", 1) for line in printed.splitlines() if ": " in line)
    assert printed.split()[1] == "200"
    assert headers["content-type"].split(";")[0] == expected
    assert headers["vary"].lower().find("accept") >= 0


def test_curl_is_told_what_is_offered_when_nothing_fits(service: Service) -> None:
    body = curl("-H", "Accept: image/png", service.url + "/api/v1/entity/MONDO:0005301")
    problem = json.loads(body)
    assert problem["status"] == 406
    assert "text/turtle" in body


def test_curl_follows_an_identifier_to_data(service: Service) -> None:
    body = curl("-L", "-H", "Accept: application/json", service.url + "/id/MONDO:0005301")
    assert json.loads(body)["label"] == "multiple sclerosis"


def test_curl_revalidates_with_an_etag(service: Service) -> None:
    address = service.url + "/api/v1/entity/MONDO:0005301"
    headers = curl("-D", "-", "-o", "/dev/null", address)
    etag = next(line.split(": ", 1)[1] for line in headers.splitlines() if line.lower().startswith("etag:"))
    assert curl("-o", "/dev/null", "-w", "%{http_code}", "-H", f"If-None-Match: {etag}", address) == "304"

"""An association has one id, whichever way it is asked for: held over every association of the bundle."""

from __future__ import annotations

import io
import json
import zipfile
from typing import Any

import pytest
from tests.e2e.conftest import Service

from stemgraph.graph import KnowledgeGraph
from stemgraph.ontology.identifiers import compress
from stemgraph.ontology.vocabulary import predicate_by_iri

Stated = tuple[str, str, str]
"""Subject, predicate and object."""

EVERY_NODE = """SELECT ?association ?subject ?predicate ?object {
  ?association a sgv:Association ; rdf:subject ?subject ; rdf:predicate ?predicate ; rdf:object ?object
}"""


@pytest.fixture(scope="module")
def in_the_library(bundled: KnowledgeGraph) -> dict[str, Stated]:
    """Every association of the bundle, as the library gives it."""
    found = {
        each.id: (each.subject.id, each.predicate, each.object.id) for each in bundled.records.associations()
    }
    assert len(found) == bundled.statistics()["totals"]["associations"] > 50_000
    return found


def test_rest_gives_the_same_ids(service: Service, in_the_library: dict[str, Stated]) -> None:
    found: dict[str, Stated] = {}
    page: dict[str, Any] = {"next_cursor": None}
    parameters: dict[str, Any] = {"limit": 200}
    while page["next_cursor"] or not found:
        page = service.json("/api/v1/association", **parameters)
        for each in page["items"]:
            found[each["id"]] = (each["subject"]["id"], each["predicate"], each["object"]["id"])
        parameters["cursor"] = page["next_cursor"]
    assert page["total"] == len(found)
    assert found == in_the_library


def test_sparql_gives_the_same_ids(service: Service, in_the_library: dict[str, Stated]) -> None:
    found: dict[str, Stated] = {}
    for row in service.select(EVERY_NODE):
        predicate = predicate_by_iri(row["predicate"])
        assert predicate is not None, row
        subject, object_ = compress(row["subject"]), compress(row["object"])
        found[compress(row["association"])] = (subject, predicate.name, object_)
    assert found == in_the_library


def test_the_kgx_export_gives_the_same_ids(service: Service, in_the_library: dict[str, Stated]) -> None:
    status, _, body = service.request("/api/v1/export?format=kgx-jsonl")
    assert status == 200
    with zipfile.ZipFile(io.BytesIO(body)) as archive, archive.open("edges.jsonl") as lines:
        edges = [json.loads(line) for line in lines]
    assert len(edges) == len(in_the_library)
    assert {each["id"]: (each["subject"], each["object"]) for each in edges} == {
        identifier: (subject, object_) for identifier, (subject, _, object_) in in_the_library.items()
    }


def test_networkx_gives_the_same_ids_but_for_what_is_negated(
    bundled: KnowledgeGraph, in_the_library: dict[str, Stated]
) -> None:
    found = {
        key: (subject, data["predicate"], object_)
        for subject, object_, key, data in bundled.networkx.edges(keys=True, data=True)
    }
    negated = {each.id for each in bundled.associations(negated=True).all()}
    assert negated
    assert found == {each: stated for each, stated in in_the_library.items() if each not in negated}

"""What is written into graphs of others reaches SPARQL, and REST only once it is loaded."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from fastapi.testclient import TestClient
from tests.app.curation.serving import serving
from tests.releases import SCLEROSIS
from typer.testing import CliRunner

from stemgraph.app.commands import application
from stemgraph.graph import DataDirectory, KnowledgeGraph
from stemgraph.graph.unpublished import publish_edits

NOTES = "https://example.org/notes"
SAID = f'{SCLEROSIS} rdfs:label "another name" ; skos:altLabel "One more name" .'
UPDATE = {"Content-Type": "application/sparql-update"}


def entity(client: TestClient) -> dict[str, Any]:
    record: dict[str, Any] = client.get(f"/api/v1/entity/{SCLEROSIS}").json()
    del record["meta"]
    return record


def test_a_label_in_a_graph_of_others_names_nothing_until_the_graph_is_loaded(tmp_path: Path) -> None:
    data = tmp_path / "data"
    with serving(data, ("update",), updates=True, sparql_seconds=60) as client:
        before = entity(client)
        done = client.post(
            "/sparql", content=f"INSERT DATA {{ GRAPH <{NOTES}> {{ {SAID} }} }}", headers=UPDATE
        )
        assert done.status_code == 200, done.text
        assert entity(client) == before
        turtle = client.get(f"/api/v1/entity/{SCLEROSIS}", headers={"Accept": "text/turtle"})
        assert "another name" not in turtle.text
        asked = client.get("/sparql", params={"query": f'ASK {{ {SCLEROSIS} rdfs:label "another name" }}'})
        assert asked.json()["boolean"]

    published = publish_edits(DataDirectory(data))
    assert published.release.aside == (NOTES,)
    with KnowledgeGraph.open(data) as graph:
        assert "One more name" not in graph.entity(SCLEROSIS).synonyms

    file = tmp_path / "more.ttl"
    file.write_text(f"<{NOTES}#a> <{NOTES}#b> <{NOTES}#c> .")
    for name, is_read in (("https://example.org/others", False), (NOTES, True)):
        loaded = CliRunner().invoke(application, ["load", "--data", str(data), "--graph", name, str(file)])
        assert loaded.exit_code == 0, loaded.output
        with KnowledgeGraph.open(data) as graph:
            assert ("One more name" in graph.entity(SCLEROSIS).synonyms) is is_read


def test_nothing_of_records_is_stated_in_the_default_graph(tmp_path: Path) -> None:
    with serving(tmp_path / "data", ("update",), updates=True, sparql_seconds=60) as client:
        for text in (SAID, f"{SCLEROSIS} a sgv:Drug .", f"{SCLEROSIS} rdfs:subClassOf {SCLEROSIS} ."):
            refused = client.post("/sparql", content=f"INSERT DATA {{ {text} }}", headers=UPDATE)
            assert refused.status_code == 422, refused.text
            assert "name a graph" in refused.json()["mend"]
        described = 'INSERT DATA { sgg:mondo rdfs:label "MONDO" . <urn:a> <urn:b> 1 }'
        assert client.post("/sparql", content=described, headers=UPDATE).status_code == 200

"""The guides to writing, pasted into a shell against a service that takes writes."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from rdflib import Graph, Literal, URIRef
from rdflib.plugins.stores.sparqlstore import SPARQLUpdateStore
from tests.conftest import REPOSITORY
from tests.e2e.conftest import Service, start_service, stop_service
from tests.e2e.documents import Document
from tests.releases import publish, small_quads

from stemgraph.app.access.key_file import KeyFile

GUIDES = ("curate-over-the-api.md", "update-with-sparql.md")


@pytest.fixture(scope="module")
def place(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("writable")


@pytest.fixture(scope="module")
def writable(place: Path) -> Iterator[Service]:
    """A service as the guides start it, whose data directory ``data`` holds the small graph."""
    publish(place / "data", small_quads())
    with pytest.MonkeyPatch.context() as environment:
        environment.setenv("STEMGRAPH_UPDATES", "true")
        running = start_service(place, "--writable", timeout=120)
    yield running
    stop_service(running)


@pytest.mark.skipif(shutil.which("curl") is None, reason="curl is not installed")
@pytest.mark.parametrize("guide", GUIDES)
def test_what_a_guide_shows_works_when_it_is_pasted(
    writable: Service, place: Path, tmp_path: Path, guide: str
) -> None:
    document = Document(REPOSITORY / "docs" / "how-to" / guide)
    script = "\n".join(document.blocks("bash"))
    script = script.replace("http://127.0.0.1:8000", writable.url).replace("./my-data", str(place / "data"))
    programs = Path(sys.executable).parent
    environment = {**os.environ, "PATH": f"{programs}{os.pathsep}{os.environ['PATH']}"}

    finished = subprocess.run(
        ["bash", "-e", "-u", "-o", "pipefail", "-c", script],
        cwd=tmp_path,
        env=environment,
        capture_output=True,
        text=True,
        check=False,
        timeout=300,
    )

    assert finished.returncode == 0, f"{finished.stdout[-3000:]}\n{finished.stderr[-3000:]}"


def test_rdflib_updates_through_its_own_client(writable: Service, place: Path) -> None:
    _, key = KeyFile.of_data(place / "data").create("rdflib", frozenset({"update"}), None)
    address = f"{writable.url}/sparql"
    store = SPARQLUpdateStore(address, address, headers={"Authorization": f"Bearer {key}"})
    name = URIRef("https://example.org/from-rdflib")
    graph = Graph(store, identifier=name)
    subject, said = URIRef("https://example.org/a"), URIRef("https://example.org/says")

    graph.add((subject, said, Literal("once")))
    graph.add((subject, said, Literal("twice")))
    assert {str(each) for each in graph.objects(subject, said)} == {"once", "twice"}
    graph.remove((subject, said, Literal("once")))
    assert {str(each) for each in graph.objects(subject, said)} == {"twice"}
    graph.update("DELETE { ?s ?p ?o } INSERT { ?s ?p 'thrice' } WHERE { ?s ?p ?o }")
    assert [str(each) for each in graph.objects(subject, said)] == ["thrice"]

"""Data directories for the scripts that write: one with a small graph, and one of a million statements."""

from __future__ import annotations

import hashlib
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pyoxigraph as ox

from stemgraph.graph import DataDirectory, publish_release, write_source

VOCABULARY = "https://w3id.org/stemgraph/vocab/"
GRAPH = "https://w3id.org/stemgraph/graph/reliability"
RDF = "http://www.w3.org/1999/02/22-rdf-syntax-ns#"
RDFS = "http://www.w3.org/2000/01/rdf-schema#"


def quads(count: int) -> Iterator[ox.Quad]:
    """About this many statements: diseases in a hierarchy, with labels."""
    graph = ox.NamedNode("https://w3id.org/stemgraph/graph/mondo")
    kind, label = ox.NamedNode(RDF + "type"), ox.NamedNode(RDFS + "label")
    disease, category = ox.NamedNode(VOCABULARY + "Disease"), ox.NamedNode(VOCABULARY + "category")
    names = [ox.NamedNode(VOCABULARY + f"name{number}") for number in range(7)]
    for number in range(max(1, count // 10)):
        subject = ox.NamedNode(f"http://purl.obolibrary.org/obo/MONDO_{7000000 + number}")
        yield ox.Quad(subject, kind, disease, graph)
        yield ox.Quad(subject, category, ox.Literal("Disease"), graph)
        yield ox.Quad(subject, label, ox.Literal(f"synthetic disease {number}"), graph)
        for place, name in enumerate(names):
            text = hashlib.sha256(f"{number} {place}".encode()).hexdigest()[:20]
            yield ox.Quad(subject, name, ox.Literal(text), graph)


def make_data(data: Path, count: int = 200) -> Path:
    """A data directory that holds one release of about this many statements."""
    with tempfile.TemporaryDirectory(prefix="reliability-source-") as source:
        write_source(quads(count), Path(source), date="2026-11-27")
        publish_release(Path(source), DataDirectory(data))
    return data


def line(subject: str, value: object, graph: str = GRAPH) -> str:
    """A statement that a script writes."""
    return f'<https://example.org/{subject}> <https://example.org/value> "{value}" <{graph}> .'

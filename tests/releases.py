"""The small graph published several times, each time a little different."""

from __future__ import annotations

import tempfile
from pathlib import Path

import pyoxigraph as ox

from stemgraph.graph import DataDirectory, Publication, publish_release, write_source
from stemgraph.ontology.identifiers import PREFIXES

SMALL = Path(__file__).parent / "graph" / "fixtures" / "small.trig"

SCLEROSIS = "MONDO:0005301"
TREATED = "sga:3a6a9d175e36dc4bf8c4778c"
"""Its status changes in the second release."""
AXIOM = "sga:9b2d7b5dea005a1140ab8e20"
"""A lean backbone axiom that the second release no longer has."""
ADDED = "sga:" + "a" * 24
"""A lean backbone axiom that only the second release has."""


def small_quads() -> list[ox.Quad]:
    """The statements of the small graph."""
    return list(ox.parse(path=str(SMALL)))


def second_quads() -> list[ox.Quad]:
    """The small graph with one axiom less, one more, another status, another label, and another source."""
    axiom, treated = _node(AXIOM), _node(TREATED)
    status, label, mondo = _node("sgv:status"), _node("rdfs:label"), _node("sgg:mondo")
    kept = [
        quad
        for quad in small_quads()
        if quad.subject != axiom and (quad.subject, quad.predicate) != (treated, status)
    ]
    changed = [
        ox.Quad(quad.subject, label, ox.Literal("disseminated sclerosis"), quad.graph_name)
        if (quad.predicate, quad.object) == (label, ox.Literal("multiple sclerosis"))
        else quad
        for quad in kept
    ]
    ends = {"rdf:subject": "MONDO:0011382", "rdf:object": "MONDO:0020800", "rdf:predicate": "rdfs:subClassOf"}
    return [
        *changed,
        ox.Quad(treated, status, ox.Literal("standard_of_care"), _node("sgg:curated")),
        ox.Quad(_node(ADDED), _node("rdf:type"), _node("sgv:Association"), mondo),
        ox.Quad(_node(ADDED), _node("sgv:has_evidence"), _node("sge:mondo-release"), mondo),
        *(ox.Quad(_node(ADDED), _node(name), _node(end), mondo) for name, end in ends.items()),
    ]


def publish(data: Path, quads: list[ox.Quad], *, date: str = "2026-11-23") -> Publication:
    """Publish statements as the next release of a data directory."""
    with tempfile.TemporaryDirectory() as source:
        write_source(quads, Path(source), date=date)
        return publish_release(Path(source), DataDirectory(data))


def _node(curie: str) -> ox.NamedNode:
    prefix, _, name = curie.partition(":")
    return ox.NamedNode(PREFIXES[prefix] + name)

"""A release as RDF: what an answer says of where it was taken from."""

from __future__ import annotations

from collections.abc import Iterator

import pyoxigraph as ox

from stemgraph.graph.edition import Edition
from stemgraph.graph.formats.rdf_shape import named
from stemgraph.graph.release import Release
from stemgraph.ontology.identifiers import BASE

RELEASE_BASE = BASE + "release/"

_XSD_DATE = ox.NamedNode("http://www.w3.org/2001/XMLSchema#date")


def release_iri(release: Release) -> str:
    """The IRI of a release: its content decides it, so that it is the same wherever the release is."""
    return RELEASE_BASE + release.id


def edition_quads(edition: Edition) -> Iterator[ox.Quad]:
    """Of which release a graph is, and where it was edited since, up to which edit; in the default graph."""
    release = edition.release
    yield from _release_quads(release)
    if not edition.is_release:
        node = ox.NamedNode(RELEASE_BASE + edition.id)
        yield ox.Quad(node, named("rdf:type"), named("prov:Entity"))
        yield ox.Quad(node, named("prov:wasDerivedFrom"), ox.NamedNode(release_iri(release)))
        yield ox.Quad(node, named("dcterms:identifier"), ox.Literal(edition.id))


def _release_quads(release: Release) -> Iterator[ox.Quad]:
    """The digest, number and date of a release."""
    node = ox.NamedNode(release_iri(release))
    terms: dict[str, ox.NamedNode | ox.Literal] = {
        "rdf:type": named("prov:Entity"),
        "dcterms:identifier": ox.Literal(f"sha256:{release.digest}"),
        "dcterms:issued": ox.Literal(release.date, datatype=_XSD_DATE),
        "schema:version": ox.Literal(release.number),
    }
    for name, term in terms.items():
        yield ox.Quad(node, named(name), term)

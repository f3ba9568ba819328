"""The shapes, and what they say of a graph: generated SHACL and the hand-written overlay, run by pyshacl."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from functools import cache
from importlib import import_module
from importlib.resources import files
from typing import Any, Final

import pyoxigraph
from oxrdflib import OxigraphStore
from rdflib import RDF, RDFS, XSD, Graph, Literal, Namespace, URIRef
from rdflib.graph import DATASET_DEFAULT_GRAPH_ID
from rdflib.term import Node

from stemgraph.ontology.errors import StemgraphError
from stemgraph.ontology.identifiers import BASE, compress
from stemgraph.ontology.validation.report import Violation

SH: Final = Namespace("http://www.w3.org/ns/shacl#")
SGV: Final = Namespace(BASE + "vocab/")
SGS: Final = Namespace(BASE + "shapes/")
IN_SUBSET: Final = URIRef("http://www.geneontology.org/formats/oboInOwl#inSubset")


class SizedStore(OxigraphStore):
    """An Oxigraph store that counts its triples once.

    pyshacl asks for the graph's size at every failed alternative, and Oxigraph counts by walking. Oxigraph
    itself is what makes the overlay's SPARQL quick: rdflib's own evaluator took forty times longer.
    """

    def __init__(self, store: pyoxigraph.Store) -> None:
        super().__init__(store=store)
        self.size = len(store)

    def __len__(self, context: Graph | None = None) -> int:
        return self.size


def shape_violations(quads: Iterable[pyoxigraph.Quad]) -> Iterator[Violation]:
    """Hold statements, taken as one graph, against all shapes.

    Raises:
        StemgraphError: pyshacl is not installed.
    """
    validate = _pyshacl()
    store = pyoxigraph.Store()
    store.extend(pyoxigraph.Quad(quad.subject, quad.predicate, quad.object) for quad in quads)
    store.extend(_vocabulary())
    data = Graph(store=SizedStore(store), identifier=DATASET_DEFAULT_GRAPH_ID)
    shapes = all_shapes()
    _, results, _ = validate(data, shacl_graph=shapes, inplace=True, inference="none")
    # Only what the report itself lists: alternatives that failed on the way are details of a result.
    found = [(node, results.value(node, SH.sourceShape)) for node in results.objects(None, SH.result)]
    overlaid = {_place(results, node) for node, shape in found if shape in SGS}
    for node, shape in found:
        if shape in SGS:
            yield _overlay_violation(shapes, results, node, shape)
        # Where both speak of one place, the overlay says it better; and an end that is no entity is reported
        # at the end itself, where it can be mended.
        elif _place(results, node) not in overlaid and not _wants_entity(shapes, results, node, shape):
            yield _schema_violation(shapes, results, node, shape)


@cache
def all_shapes() -> Graph:
    """The generated shapes and the overlay, as one graph that nobody may change.

    Oxigraph gives every plain string the datatype xsd:string; rdflib holds the two for different. What values
    are compared with is therefore written the way Oxigraph writes it.
    """
    package = files("stemgraph.ontology")
    texts = [package.joinpath("generated", "stemgraph.shacl.ttl").read_text(encoding="utf-8")]
    overlay = [each for each in package.joinpath("shapes").iterdir() if each.name.endswith(".ttl")]
    texts += [each.read_text(encoding="utf-8") for each in sorted(overlay, key=lambda each: each.name)]
    shapes = Graph()
    for text in texts:
        shapes.parse(data=text, format="turtle")
    for predicate in (RDF.first, SH.hasValue):
        for subject, term in list(shapes.subject_objects(predicate)):
            if isinstance(term, Literal) and term.datatype is None:
                shapes.set((subject, predicate, Literal(str(term), datatype=XSD.string)))
    return shapes


@cache
def _vocabulary() -> tuple[pyoxigraph.Quad, ...]:
    """What the overlay reads of the generated OWL: domains, ranges, subsets and unions."""
    text = files("stemgraph.ontology").joinpath("generated", "stemgraph.owl.ttl").read_text(encoding="utf-8")
    quads = list(pyoxigraph.parse(text, format=pyoxigraph.RdfFormat.TURTLE))
    in_subset = {quad.subject for quad in quads if quad.predicate.value == str(IN_SUBSET)}
    kept = {str(IN_SUBSET), str(RDFS.domain), str(RDFS.range), str(RDFS.subClassOf)}
    return tuple(
        quad
        for quad in quads
        if quad.predicate.value in kept
        and quad.subject in in_subset
        and isinstance(quad.object, pyoxigraph.NamedNode)
    )


def _pyshacl() -> Any:  # noqa: ANN401  # pyshacl leaves most of the types of validate open
    try:
        return import_module("pyshacl").validate
    except ImportError as error:
        raise StemgraphError("validation needs pyshacl", mend="install `stemgraph[validate]`") from error


def _place(results: Graph, node: Node) -> tuple[Node | None, Node | None]:
    return results.value(node, SH.focusNode), results.value(node, SH.resultPath)


def _overlay_violation(shapes: Graph, results: Graph, node: Node, shape: Node) -> Violation:
    """A violation in the words of its shape, in which ``{?value}`` and ``{?path}`` are filled in."""
    focus, path, found = _details(results, node)
    message = str(shapes.value(shape, SH.message))
    message = message.replace("{?value}", found or "").replace("{?path}", path or "")
    return Violation(
        str(shape).removeprefix(str(SGS)), focus, path, found, message, str(shapes.value(shape, SGS.mend))
    )


def _schema_violation(shapes: Graph, results: Graph, node: Node, shape: Node | None) -> Violation:
    """A violation of a generated shape, said with the description that the schema gives of the slot."""
    focus, path, found = _details(results, node)
    owner = compress(str(shapes.value(predicate=SH.property, object=shape))).rpartition(":")[2]
    slot = (path or "").partition(":")[2]
    rule = f"schema:{owner}.{slot}"
    described = str(shapes.value(shape, SH.description))
    component = results.value(node, SH.sourceConstraintComponent)
    if component == SH.MinCountConstraintComponent:
        return Violation(rule, focus, path, None, f"{owner} without {slot}", f"state it: {described}")
    if component == SH.MaxCountConstraintComponent:
        return Violation(rule, focus, path, None, f"{owner} with more than one {slot}", "keep one")
    if component == SH.InConstraintComponent:
        head = shapes.value(shape, SH["in"])
        allowed = ", ".join(str(each) for each in shapes.items(head)) if head is not None else ""
        return Violation(rule, focus, path, found, f"'{found}' is no {slot}", f"use one of {allowed}")
    return Violation(rule, focus, path, found, f"'{found}' has not the form of {slot}", described)


def _wants_entity(shapes: Graph, results: Graph, node: Node, shape: Node | None) -> bool:
    """Whether the result only says that an end of an association is of no category."""
    of_class = results.value(node, SH.sourceConstraintComponent) == SH.ClassConstraintComponent
    return of_class and shapes.value(shape, SH["class"]) == SGV.Entity


def _details(results: Graph, node: Node) -> tuple[str, str | None, str | None]:
    """Focus, path and value of a result, IRIs as CURIEs; a path that is no single property is left out."""
    focus = compress(str(results.value(node, SH.focusNode)))
    path = results.value(node, SH.resultPath)
    found = results.value(node, SH.value)
    return (
        focus,
        compress(path) if isinstance(path, URIRef) else None,
        None if found is None else compress(found) if isinstance(found, URIRef) else str(found),
    )

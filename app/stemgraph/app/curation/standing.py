"""What an edit leaves of evidence elsewhere: which is retracted or superseded by it, and what that lowers.

Only the evidence that is tied to what was touched, by naming it or by being named, is looked at.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Final

import pyoxigraph as ox

from stemgraph.app.curation.state import HAS_EVIDENCE, RDF_TYPE, State, difference, node
from stemgraph.graph.quad_diff import QuadDiff
from stemgraph.ontology.identifiers import compress, expand
from stemgraph.ontology.standing import CURRENT, EVIDENCE_RETRACTED, RETRACTED, Piece, Standing

EVIDENCE: Final = node("sgv:Evidence")
REFERENCE: Final = node("sgv:reference")
SUPERSEDES: Final = node("sgv:supersedes")
RETRACTS: Final = node("sgv:retracts")
SUPERSEDED_BY: Final = node("sgv:superseded_by")
RETRACTED_BY: Final = node("sgv:retracted_by")
IS_RETRACTED: Final = node("sgv:retracted")
STANCE: Final = node("sgv:stance")
STATUS: Final = node("sgv:status")
STATED_STATUS: Final = node("sgv:stated_status")
EVIDENCE_STANDING: Final = node("sgv:evidence_standing")
_BOOLEAN: Final = ox.NamedNode(expand("xsd:boolean"))


def settled(before: State, after: State) -> QuadDiff:
    """What has to change beside an edit, for evidence and statements to stand as they now do.

    Args:
        before: The state that the edit was made on.
        after: The state with the edit.
    """
    touched = {ox.NamedNode(iri) for iri in after.diff.subjects}
    seeds = {each for each in touched if _is_evidence(before, each) or _is_evidence(after, each)}
    if not seeds:
        return QuadDiff()
    group = _component(after, seeds | _component(before, seeds))
    pieces = {each: piece for each in group if (piece := _piece(after, each)) is not None}
    standing = Standing.of(pieces.values())
    added: list[ox.Quad] = []
    removed: list[ox.Quad] = []
    for each, piece in pieces.items():
        _compare(after, each, _of_evidence(piece, standing), added, removed)
    owners = {quad.subject for each in pieces for quad in after.quads(None, HAS_EVIDENCE, each)}
    for owner in sorted(owners, key=str):
        if isinstance(owner, ox.NamedNode):
            _compare(after, owner, _of_statement(after, owner, standing), added, removed)
    # Relative to the state with the edit: what is removed is there, what is added is not.
    made = difference(ox.Store(), added=added)
    unmade = QuadDiff.of(removed=removed)
    return QuadDiff(made.added - unmade.removed, unmade.removed - made.added)


Expected = dict[ox.NamedNode, set[ox.NamedNode | ox.Literal]]
"""By predicate, the values that a subject is to have."""


def _of_evidence(piece: Piece, standing: Standing) -> Expected:
    retracted_by = standing.retracted_by.get(piece.id)
    return {
        IS_RETRACTED: {ox.Literal("false" if retracted_by is None else "true", datatype=_BOOLEAN)},
        RETRACTED_BY: {node(each) for each in retracted_by or ()},
        SUPERSEDED_BY: {node(each) for each in standing.superseded_by.get(piece.id, ())},
    }


def _of_statement(state: State, owner: ox.NamedNode, standing: Standing) -> Expected:
    status = _text(state, owner, STATED_STATUS) or _text(state, owner, STATUS)
    if status is None or _first(state, owner, node("rdf:predicate")) is None:
        return {}  # a lean axiom, or no association at all
    own = [quad.object for quad in state.quads(owner, HAS_EVIDENCE)]
    found = (_piece(state, each) for each in own if isinstance(each, ox.NamedNode))
    left = standing.of_statement([piece for piece in found if piece is not None])
    lowered = left == RETRACTED and status != EVIDENCE_RETRACTED
    return {
        EVIDENCE_STANDING: set() if left == CURRENT else {ox.Literal(left)},
        STATUS: {ox.Literal(EVIDENCE_RETRACTED if lowered else status)},
        STATED_STATUS: {ox.Literal(status)} if lowered else set(),
    }


def _compare(
    state: State, subject: ox.NamedNode, expected: Expected, added: list[ox.Quad], removed: list[ox.Quad]
) -> None:
    graph = next((quad.graph_name for quad in state.quads(subject, RDF_TYPE)), ox.DefaultGraph())
    for predicate, values in expected.items():
        there = {quad.object: quad for quad in state.quads(subject, predicate)}
        added += [ox.Quad(subject, predicate, each, graph) for each in values if each not in there]
        removed += [quad for each, quad in there.items() if each not in values]


def _component(state: State, seeds: Iterable[ox.NamedNode]) -> set[ox.NamedNode]:
    """The evidence that is tied to these pieces by naming or being named, over any number of steps."""
    found: set[ox.NamedNode] = set()
    waiting = list(seeds)
    while waiting:
        each = waiting.pop()
        if each not in found:
            found.add(each)
            waiting.extend(_tied(state, each))
    return found


def _tied(state: State, evidence: ox.NamedNode) -> Iterator[ox.NamedNode]:
    names = [evidence, *(quad.object for quad in state.quads(evidence, REFERENCE))]
    for predicate in (SUPERSEDES, RETRACTS):
        for quad in state.quads(evidence, predicate):
            if isinstance(quad.object, ox.NamedNode):
                yield quad.object
                yield from _nodes(state.quads(None, REFERENCE, quad.object))
        for name in names:
            yield from _nodes(state.quads(None, predicate, name))


def _nodes(quads: Iterable[ox.Quad]) -> Iterator[ox.NamedNode]:
    yield from (quad.subject for quad in quads if isinstance(quad.subject, ox.NamedNode))


def _is_evidence(state: State, subject: ox.NamedNode) -> bool:
    return any(state.quads(subject, RDF_TYPE, EVIDENCE))


def _piece(state: State, evidence: ox.NamedNode) -> Piece | None:
    reference = _first(state, evidence, REFERENCE)
    if not isinstance(reference, ox.NamedNode) or not _is_evidence(state, evidence):
        return None
    marked = _text(state, evidence, IS_RETRACTED) == "true"
    # What is retracted by other evidence is found again from that; what is only marked stays so.
    derived = any(state.quads(evidence, RETRACTED_BY))
    return Piece(
        id=compress(evidence.value),
        reference=compress(reference.value),
        stance=_text(state, evidence, STANCE) or "supports",
        retracted=marked and not derived,
        supersedes=_named(state, evidence, SUPERSEDES),
        retracts=_named(state, evidence, RETRACTS),
    )


def _named(state: State, evidence: ox.NamedNode, predicate: ox.NamedNode) -> tuple[str, ...]:
    found = (quad.object for quad in state.quads(evidence, predicate))
    return tuple(sorted(compress(each.value) for each in found if isinstance(each, ox.NamedNode)))


def _first(state: State, subject: ox.NamedNode, predicate: ox.NamedNode) -> object:
    return next((quad.object for quad in state.quads(subject, predicate)), None)


def _text(state: State, subject: ox.NamedNode, predicate: ox.NamedNode) -> str | None:
    found = _first(state, subject, predicate)
    return found.value if isinstance(found, ox.Literal) else None

"""What has to be held against the model's rules after an edit: the statements around what it touches.

Rules speak of an association with its evidence, its ends and its plain triple. Whichever of these an edit
touches, the others are brought along, as they are once the edit is done; nothing else is.

Of other associations that state the same triple, one of each kind is: an edit can change for them only
whether the triple is there and who states it, and the rules make the same of that for all of a kind. So an
edit costs no more where many of them have gathered.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator
from itertools import islice
from typing import Final

import pyoxigraph as ox

from stemgraph.app.curation.state import (
    ASSOCIATION,
    HAS_EVIDENCE,
    LABEL,
    NEGATED,
    RDF_OBJECT,
    RDF_PREDICATE,
    RDF_SUBJECT,
    RDF_TYPE,
    State,
    node,
    parsed,
)
from stemgraph.app.curation.statements import Ends, associations_stating, ends_of
from stemgraph.app.errors import ContentRefusedError
from stemgraph.graph.gathering import DESCRIBING
from stemgraph.ontology.identifiers import BASE, PREFIXES
from stemgraph.ontology.validation.parts import LEAN
from stemgraph.ontology.vocabulary import predicate_by_iri

MOST_ASSOCIATIONS: Final = 2000
"""Associations that one edit may touch: their rules are checked while others wait."""

REGULATORY_ACTION: Final = node("sgv:regulatory_action")
_WHOLE: Final = frozenset({ASSOCIATION, node("sgv:Evidence"), node("sgv:RegulatoryAction")})
_NAMING: Final = (RDF_SUBJECT, RDF_OBJECT, node("sgv:product"), node("sgv:agency"), node("sgv:indication"))
_GRAPHS: Final = PREFIXES["sgg"]
_WORDS: Final = PREFIXES["sgv"]


def around(state: State, subjects: Iterable[str]) -> frozenset[ox.Quad]:
    """The statements that are held against the rules when these subjects have been touched.

    Args:
        state: The state to be judged; its difference tells what has changed of each subject.
        subjects: IRIs of what an edit touches.

    Raises:
        ContentRefusedError: It touches too many associations at once.
    """
    touched = [ox.NamedNode(each) for each in sorted(subjects)]
    found = _Around(state, touched)
    for subject in touched:
        found.add_touched(subject)
    return frozenset(each for each in found.quads() if speaks_of_the_model(each))


def associations_in(quads: Iterable[ox.Quad]) -> frozenset[str]:
    """IRIs of the associations that statements hold."""
    typed = (quad.subject for quad in quads if quad.predicate == RDF_TYPE and quad.object == ASSOCIATION)
    return frozenset(each.value for each in typed if isinstance(each, ox.NamedNode))


def speaks_of_the_model(quad: ox.Quad) -> bool:
    """Whether the rules hold for a quad: it is in a graph of ours, or uses a word of our vocabulary."""
    graph = quad.graph_name
    ours = not isinstance(graph, ox.NamedNode) or graph.value.startswith(BASE)
    return ours or _uses_a_word_of_ours(quad)


def _uses_a_word_of_ours(quad: ox.Quad) -> bool:
    object_ = quad.object
    return (
        quad.predicate.value.startswith(_WORDS)
        or quad.predicate in (RDF_SUBJECT, RDF_PREDICATE, RDF_OBJECT)
        or (
            quad.predicate == RDF_TYPE
            and isinstance(object_, ox.NamedNode)
            and object_.value.startswith(_WORDS)
        )
    )


def is_of_records(quad: ox.Quad) -> bool:
    """Whether a record of an entity or association would say it; none says anything of a graph."""
    subject, predicate = quad.subject, quad.predicate
    if isinstance(subject, ox.NamedNode) and subject.value.startswith(_GRAPHS):
        return False
    if str(predicate) in DESCRIBING or predicate_by_iri(predicate.value) is not None:
        return True
    return _uses_a_word_of_ours(quad)


class _Around:
    def __init__(self, state: State, touched: Iterable[ox.NamedNode]) -> None:
        self._state = state
        self._before = State(state.store)
        self._touched = frozenset(touched)
        self._changed: defaultdict[str, list[ox.Quad]] = defaultdict(list)
        for quad in parsed([*state.diff.added, *state.diff.removed]):
            if speaks_of_the_model(quad):
                self._changed[value_of(quad.subject)].append(quad)
        self._whole: set[ox.NamedNode] = set()
        """Subjects of which every statement is taken."""
        self._named: set[ox.NamedNode] = set()
        """Subjects of which only what they are is taken."""
        self._single: set[ox.Quad] = set()
        """Plain triples, and what links evidence."""
        self._ends: set[Ends] = set()
        """Plain triples whose associations have been looked at."""
        self._associations = 0

    def quads(self) -> Iterator[ox.Quad]:
        for each in self._whole:
            yield from self._state.quads(each)
        for each in self._named - self._whole:
            yield from self._what_it_is(each)
        yield from self._single

    def add_touched(self, subject: ox.NamedNode) -> None:
        """A subject of the edit, whatever it is, was, or has to do with."""
        state = self._state
        stated = ends_of(self._before, subject)
        if stated is not None and any(self._before.quads(subject, RDF_TYPE, ASSOCIATION)):
            self._add_stated(stated)
        kinds = {quad.object for quad in state.quads(subject, RDF_TYPE)}
        owners = [quad.subject for quad in state.quads(None, HAS_EVIDENCE, subject)]
        flat = [quad.subject for quad in state.quads(None, REGULATORY_ACTION, subject)]
        for each in (*owners, *flat):
            self._add_node(each)
        if owners or kinds & _WHOLE:
            self._add_node(subject)
            return
        changed = self._changed.get(subject.value, ())
        if changed:
            self._named.add(subject)
        for quad in changed:
            self._add_plain_triple(quad)
        if any(quad.predicate in (RDF_TYPE, LABEL) for quad in changed):
            self._add_what_names(subject)
        if subject.value.startswith(_GRAPHS):
            self._add_a_statement_in(subject)

    def _add_node(self, subject: object) -> None:
        """An association, a piece of evidence or an action, with all that its rules read."""
        if not isinstance(subject, ox.NamedNode) or subject in self._whole:
            return
        self._whole.add(subject)
        for quad in self._state.quads(subject):
            named = quad.object
            if not isinstance(named, ox.NamedNode):
                continue
            if {each.object for each in self._state.quads(named, RDF_TYPE)} & _WHOLE:
                self._add_node(named)
                # Evidence that no one leans on is a mistake: one of its owners shows that this is not.
                self._single.update(islice(self._state.quads(None, HAS_EVIDENCE, named), 1))
            else:
                self._named.add(named)
        ends = ends_of(self._state, subject)
        if ends is not None:
            self._count()
            self._add_stated(ends)

    def _add_plain_triple(self, quad: ox.Quad) -> None:
        """A plain triple that was added or removed, with the associations that state it."""
        subject, predicate, object_ = quad.subject, quad.predicate, quad.object
        if predicate_by_iri(predicate.value) is None or not isinstance(object_, ox.NamedNode):
            return
        assert isinstance(subject, ox.NamedNode)  # noqa: S101  # of a difference, which has no blank nodes
        self._add_stated((subject, predicate, object_))

    def _add_stated(self, ends: Ends) -> None:
        """A plain triple with what states it: the touched associations, and one of each kind of others.

        Which one does not depend on the edit: it is the same in the state before, to which this is held.
        """
        if ends in self._ends:
            return
        self._ends.add(ends)
        self._single.update(self._state.quads(*ends))
        kinds: set[object] = set()
        for each in sorted(set(associations_stating(self._state, ends)), key=value_of):
            if each not in self._touched:
                kind = self._kind(each)
                if kind in kinds:
                    continue
                kinds.add(kind)
            self._add_node(each)

    def _kind(self, association: ox.NamedNode) -> object:
        """What decides which rules a plain triple puts it under."""
        quads = self._state.quads
        return (
            frozenset(each.object for each in quads(association, NEGATED)),
            any(quads(association, RDF_TYPE, ASSOCIATION)),
            all(each.predicate.value in LEAN for each in quads(association)),
        )

    def _add_what_names(self, entity: ox.NamedNode) -> None:
        """The associations and actions that name an entity whose label or kind has changed."""
        for end in _NAMING:
            for quad in self._state.quads(None, end, entity):
                self._add_node(quad.subject)

    def _add_a_statement_in(self, graph: ox.NamedNode) -> None:
        """One association of a named graph whose description was touched: it may lean on that."""
        for quad in islice(self._state.quads(None, RDF_TYPE, ASSOCIATION, graph), 1):
            self._add_node(quad.subject)

    def _what_it_is(self, entity: ox.NamedNode) -> Iterator[ox.Quad]:
        for quad in self._state.quads(entity):
            if predicate_by_iri(quad.predicate.value) is None:
                yield quad

    def _count(self) -> None:
        self._associations += 1
        if self._associations > MOST_ASSOCIATIONS:
            raise ContentRefusedError(
                f"it touches more than {MOST_ASSOCIATIONS} associations, which are held against the rules",
                mend="make it in several smaller edits, or publish a release with `stemgraph load`",
            )


def value_of(term: object) -> str:
    """The IRI of a named node; nothing for others."""
    return term.value if isinstance(term, ox.NamedNode) else ""

"""A body becomes the quads that the builder makes of the same row."""

from __future__ import annotations

import orjson
from tests.app.curation.conftest import body_of

from stemgraph.app.curation.body import AssociationBody
from stemgraph.app.curation.reading import curated_association, unknown_evidence
from stemgraph.app.curation.rules import violations
from stemgraph.app.curation.standing import settled
from stemgraph.app.curation.state import State, node
from stemgraph.app.curation.statements import association_quads, source_quads, stated_quads
from stemgraph.app.curation.touched import around
from stemgraph.app.request_body import parse_body
from stemgraph.graph import KnowledgeGraph
from stemgraph.graph.quad_diff import QuadDiff, lines_of
from stemgraph.ontology.curation import CuratedAssociation
from stemgraph.ontology.curation.evidence_relations import EvidenceRelations


def retired(state: State, row: CuratedAssociation) -> State:
    after = state.then(QuadDiff(removed=lines_of(stated_quads(state, node(row.id)))))
    return after.then(settled(state, after))


def test_a_curated_row_taken_out_and_sent_as_json_leaves_the_graph_as_it_was(
    bundled: KnowledgeGraph, state: State, rows: list[CuratedAssociation], relations: EvidenceRelations
) -> None:
    tied = [row for row in rows if any(each.supersedes or each.retracts for each in row.evidence)]
    for row in {each.id: each for each in (*tied, *rows[::4])}.values():
        body = parse_body(AssociationBody, orjson.dumps(body_of(row, relations)))
        read = curated_association(body, bundled, source=row.source)
        assert read.id == row.id

        without = retired(state, row)
        assert not any(without.quads(node(row.id))), row.place
        assert unknown_evidence(read, without) == []
        again = without.then(QuadDiff(lines_of(association_quads(read, first_release=1, date="2026-11-27"))))
        again = again.then(settled(without, again))

        assert not again.diff, f"{row.place}: {sorted(again.diff.added | again.diff.removed)[:3]}"


def test_the_rules_hold_for_what_is_around_each_curated_row(
    state: State, rows: list[CuratedAssociation]
) -> None:
    for row in rows[::25]:
        assert violations(around(state, [node(row.id).value])) == []


def test_retiring_evidence_that_retracts_other_evidence_lets_that_stand_again(
    state: State, rows: list[CuratedAssociation]
) -> None:
    (superseding, *_) = [row for row in rows if any(each.supersedes for each in row.evidence)]

    after = retired(state, superseding)

    taken_back = [line for line in after.diff.removed if "superseded_by>" in line]
    assert taken_back
    assert violations(around(after, after.diff.subjects)) == []


def test_the_description_of_the_graph_of_edits_keeps_the_rules(state: State) -> None:
    after = state.then(QuadDiff(lines_of(source_quads("2026-11-27"))))

    assert violations(around(after, after.diff.subjects)) == []

"""A retraction lowers every association that leant on it, in the records, in RDF and in the tables."""

from __future__ import annotations

import io
from collections.abc import Iterator
from pathlib import Path

import pytest
from tests.graph.statements import evidence, graph_stating, stated

from stemgraph.graph import KnowledgeGraph
from stemgraph.graph.association_query import AssociationQuery
from stemgraph.graph.model import Association
from stemgraph.graph.support import SCALE, support_of_association

FABRICATED = evidence("fabricated", reference="PMID:1", study_design="randomized_controlled_trial")
OTHER = evidence("other", reference="PMID:2")
ELSEWHERE = evidence("elsewhere", reference="PMID:1")
NOTICE = evidence("notice", reference="PMID:3", retracts=("PMID:1",))
GUIDELINE = evidence("guideline-2011", reference="PMID:2011")
NEWER = evidence("guideline-2019", reference="PMID:2019", supersedes=("sge:guideline-2011",))


@pytest.fixture(scope="module")
def graph(tmp_path_factory: pytest.TempPathFactory) -> Iterator[KnowledgeGraph]:
    rows = (
        stated("hsct treats ms", FABRICATED, status="rct_supported"),
        stated("hsct treats lupus", ELSEWHERE, OTHER, status="rct_supported"),
        stated("hsct causes fever", OTHER),
        stated("journal disputes hsct", NOTICE, status="disputed"),
        stated("hsct recommended_for ms", GUIDELINE, status="guideline_supported"),
        stated("hsct recommended_for rrms", NEWER, status="guideline_supported"),
    )
    with graph_stating(tmp_path_factory.mktemp("standing"), *rows) as made:
        yield made


def the(graph: KnowledgeGraph, predicate: str, target: str) -> Association:
    (found,) = graph.associations(predicate=predicate, object=f"STEMGRAPH:{target}")
    return found


def test_a_statement_whose_evidence_is_retracted_says_so_in_its_status(graph: KnowledgeGraph) -> None:
    found = the(graph, "treats", "ms")
    assert (found.status, found.stated_status) == ("evidence_retracted", "rct_supported")
    assert found.evidence_standing == "retracted"
    assert found.evidence[0].retracted
    assert found.evidence[0].retracted_by == ("sge:notice",)


def test_a_statement_with_other_evidence_left_is_weakened_and_keeps_its_status(graph: KnowledgeGraph) -> None:
    found = the(graph, "treats", "lupus")
    assert (found.status, found.stated_status) == ("rct_supported", None)
    assert found.evidence_standing == "weakened"
    assert {each.reference: each.retracted for each in found.evidence} == {"PMID:1": True, "PMID:2": False}


def test_a_statement_that_leant_on_nothing_retracted_is_as_before(graph: KnowledgeGraph) -> None:
    found = the(graph, "causes", "fever")
    assert (found.status, found.stated_status, found.evidence_standing) == ("established", None, "current")


def test_a_superseded_guideline_keeps_its_status_and_names_what_took_its_place(graph: KnowledgeGraph) -> None:
    found = the(graph, "recommended_for", "ms")
    assert (found.status, found.evidence_standing) == ("guideline_supported", "superseded")
    assert found.evidence[0].superseded_by == ("sge:guideline-2019",)
    assert the(graph, "recommended_for", "rrms").evidence_standing == "current"


def test_the_lowered_status_is_filtered_by_and_counted(graph: KnowledgeGraph) -> None:
    assert [each.object.label for each in graph.associations(status="evidence_retracted")] == ["ms"]
    assert graph.statistics()["associations"]["by_status"]["evidence_retracted"] == 1


def test_a_retraction_lowers_the_support_of_every_association_that_leant_on_it(graph: KnowledgeGraph) -> None:
    support = graph.records.column("support")

    def of(predicate: str, target: str) -> int:
        row = graph.records.association_row(the(graph, predicate, target).id)
        assert row is not None
        return support[row]

    unharmed = support_of_association(stated("hsct treats lupus", ELSEWHERE, OTHER, status="rct_supported"))
    assert of("treats", "ms") < of("treats", "lupus") < unharmed * SCALE
    assert of("recommended_for", "ms") < of("recommended_for", "rrms")


@pytest.mark.parametrize(("name", "ending"), [("nquads", "nq"), ("trig", "trig")])
def test_what_is_exported_and_loaded_again_stands_as_before(
    graph: KnowledgeGraph, name: str, ending: str, tmp_path: Path
) -> None:
    written = io.BytesIO()
    graph.export(name, written)
    file = tmp_path / f"again.{ending}"
    file.write_bytes(written.getvalue())
    with KnowledgeGraph.memory(file) as again:
        for each in graph.associations(limit=None):
            assert again.association(each.id).to_record() == each.to_record()


def test_a_part_that_leaves_the_notice_behind_is_still_lowered(graph: KnowledgeGraph, tmp_path: Path) -> None:
    file = tmp_path / "part.nq"
    with file.open("wb") as stream:
        graph.export("nquads", stream, query=AssociationQuery(predicate="treats"))
    with KnowledgeGraph.memory(file) as part:
        assert the(part, "treats", "ms").status == "evidence_retracted"
        assert the(part, "treats", "ms").stated_status == "rct_supported"


def test_tables_show_what_is_left_of_the_evidence(graph: KnowledgeGraph) -> None:
    frame = graph.associations(predicate="treats").to_pandas()
    assert sorted(frame["evidence_standing"]) == ["retracted", "weakened"]
    pieces = graph.associations(predicate="treats").to_pandas("evidence")
    assert set(pieces.loc[pieces["retracted"], "retracted_by"]) == {"sge:notice"}

"""The backbone: whole CL, Mondo and MAxO, relations of cells, equivalents of diseases and genes."""

from __future__ import annotations

from pathlib import Path

import pytest

from stemgraph.ontology.backbone import Backbone, backbone_directory, bundled_backbone, read_backbone
from stemgraph.ontology.errors import ContentError


@pytest.fixture(scope="module")
def backbone() -> Backbone:
    return bundled_backbone()


@pytest.mark.parametrize(
    ("name", "terms", "deprecated"), [("cl", 3_596, 272), ("mondo", 31_958, 3_968), ("maxo", 1_963, 60)]
)
def test_every_term_of_a_whole_ontology_is_there(
    backbone: Backbone, name: str, terms: int, deprecated: int
) -> None:
    assert len(backbone.terms[name]) == terms
    assert sum(each.deprecated for each in backbone.terms[name]) == deprecated


def test_a_retired_term_names_its_replacement(backbone: Backbone) -> None:
    retired = [term for term in backbone.terms["mondo"] if term.deprecated]

    assert backbone.tables.terms["MONDO:0000002"].replaced_by == ("MONDO:0009299",)
    assert sum(bool(term.replaced_by) for term in retired) == 2_221


def test_terms_have_synonyms_and_definitions_where_the_releases_have_them(backbone: Backbone) -> None:
    term = backbone.tables.terms["MAXO:0000747"]

    assert "HSCT" in term.synonyms
    assert (term.definition or "").startswith("Transfer of multipotent hematopoietic stem cells")
    assert sum(bool(each.definition) for each in backbone.terms["cl"]) > 2_700


def test_every_axiom_joins_two_current_terms_of_the_backbone(backbone: Backbone) -> None:
    current = {key for key, term in backbone.tables.terms.items() if not term.deprecated}

    assert all(each.subject in current and each.object in current for each in backbone.all_axioms())


def test_a_t_cell_develops_from_a_pro_t_cell(backbone: Backbone) -> None:
    relations = {(each.subject, each.predicate, each.object) for each in backbone.axioms}

    assert ("CL:0000084", "develops_from", "CL:0000827") in relations
    assert ("CL:0000827", "develops_from", "CL:0000051") in relations
    assert {each.predicate for each in backbone.axioms} == {"develops_from", "part_of"}


def test_the_path_from_stem_cell_to_t_cell_needs_both_relations(backbone: Backbone) -> None:
    axioms = {(each.subject, each.predicate, each.object) for each in backbone.all_axioms()}
    path = [
        ("CL:0000084", "develops_from", "CL:0000827"),
        ("CL:0000827", "develops_from", "CL:0000051"),
        ("CL:0000051", "subclass_of", "CL:0002032"),
        ("CL:0002032", "develops_from", "CL:0000837"),
        ("CL:0000837", "develops_from", "CL:0000037"),
    ]

    assert axioms.issuperset(path)
    assert not [each for each in axioms if each[:2] == ("CL:0000051", "develops_from")]


def test_a_condition_inside_a_definition_counts_as_an_axiom(backbone: Backbone) -> None:
    relations = {(each.subject, each.predicate, each.object) for each in backbone.axioms}

    # CL defines it as a mast cell that is part of a lymph node's marginal sinus; there is no subclass axiom.
    assert ("CL:0000845", "part_of", "UBERON:0001251") in relations


def test_uberon_parents_are_never_parts(backbone: Backbone) -> None:
    # The table that we read has the uterus among the parents of the uterine cervix.
    assert backbone.tables.terms["UBERON:0000002"].label == "uterine cervix"
    assert backbone.tables.terms["UBERON:0000995"].label == "uterus"
    assert backbone.tables.terms["UBERON:0000002"].parents == ()


def test_of_hpo_only_identifier_and_label_are_kept(backbone: Backbone) -> None:
    assert backbone.terms["hp"]
    for term in backbone.terms["hp"]:
        assert (term.synonyms, term.parents, term.definition) == ((), (), None)


def test_equivalents_use_our_prefixes(backbone: Backbone) -> None:
    found = {(each.id, each.equivalent) for each in backbone.equivalences}
    prefixes = {each.equivalent.partition(":")[0] for each in backbone.equivalences}

    assert ("MONDO:0005301", "MESH:D009103") in found
    assert ("HGNC:6010", "NCBIGene:3561") in found
    assert prefixes == {
        "MESH", "NCIT", "DOID", "OMIM", "ORPHANET", "ICD10CM", "NCBIGene", "UniProtKB", "ENSEMBL"
    }  # fmt: skip


def test_a_missing_table_is_told_by_its_path(tmp_path: Path) -> None:
    with pytest.raises(ContentError, match=r"chebi_used\.tsv\.gz: the file is not there"):
        read_backbone(tmp_path)


@pytest.mark.large
def test_the_import_makes_the_committed_tables_again(shared_data: Path, tmp_path: Path) -> None:
    from stemgraph.ontology.backbone_import.assembly import import_backbone

    directory = backbone_directory()
    import_backbone(shared_data, directory.parent, tmp_path)

    assert read_backbone(tmp_path) == read_backbone(directory)

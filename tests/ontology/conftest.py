"""A small real backbone and a small curated content, to build from in well under a second."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from stemgraph.ontology.backbone import Axiom, Backbone, Equivalence
from stemgraph.ontology.curation import content_directory
from stemgraph.ontology.tables import LabelTables, Term

FIXTURES = Path(__file__).parent / "fixtures"

TERMS = {
    "chebi": (),
    "cl": (
        Term("CL:0000051", "common lymphoid progenitor", parents=("CL:0002032",)),
        Term(
            "CL:0000084",
            "T cell",
            ("T lymphocyte", "T-cell"),
            definition="A lymphocyte with a T cell receptor.",
        ),
        Term("CL:0000827", "pro-T cell"),
        Term("CL:0002032", "hematopoietic oligopotent progenitor cell"),
        Term("CL:0000045", "obsolete thymus processed stem cell", deprecated=True),
    ),
    "go": (),
    "hgnc": (Term("HGNC:6010", "IL2RG", ("interleukin 2 receptor subunit gamma",)),),
    "hp": (Term("HP:0002721", "Immunodeficiency"),),
    "maxo": (
        Term("MAXO:0000003", "diagnostic procedure"),
        Term("MAXO:0000004", "blood test", parents=("MAXO:0000003",)),
        Term("MAXO:0000747", "hematopoietic stem cell transplantation", ("HSCT",)),
    ),
    "mondo": (
        Term("MONDO:0005301", "multiple sclerosis"),
        Term("MONDO:0005314", "relapsing-remitting multiple sclerosis", parents=("MONDO:0005301",)),
        Term("MONDO:0011382", "sickle cell disease", ("sickle cell anemia",)),
        Term("MONDO:0013730", "graft versus host disease", ("GVHD",)),
        Term("MONDO:0000002", "obsolete 46,XX sex reversal", deprecated=True, replaced_by=("MONDO:0009299",)),
        Term("MONDO:0002393", "", deprecated=True, replaced_by=("MONDO:0003061",)),
    ),
    "uberon": (Term("UBERON:0002371", "bone marrow"),),
}


@pytest.fixture(scope="session")
def small_backbone() -> Backbone:
    """A handful of real terms of each ontology."""
    return Backbone(
        terms=TERMS,
        axioms=(
            Axiom("cl", "CL:0000084", "develops_from", "CL:0000827"),
            Axiom("cl", "CL:0000827", "develops_from", "CL:0000051"),
            Axiom("cl", "CL:0000051", "part_of", "UBERON:0002371"),
        ),
        equivalences=(
            Equivalence("mappings", "MONDO:0005301", "MESH:D009103"),
            Equivalence("hgnc", "HGNC:6010", "NCBIGene:3561"),
        ),
        tables=LabelTables(
            {term.id: term for terms in TERMS.values() for term in terms},
            frozenset({"CL", "MAXO", "MONDO"}),
        ),
    )


@pytest.fixture
def small_content(tmp_path: Path) -> Path:
    """A copy of the small content, for a test to read or to spoil."""
    directory = tmp_path / "content"
    shutil.copytree(FIXTURES / "curated_small", directory)
    for name in ("sources.yaml", "release.yaml"):
        shutil.copy(content_directory() / name, directory / name)
    return directory

"""The support of an association, and the page that documents it."""

from __future__ import annotations

from pathlib import Path

import pytest
from tests.graph.statements import evidence, stated

from stemgraph.graph.model import Evidence
from stemgraph.graph.path_score import predicate_factor
from stemgraph.graph.support import (
    HEDGE_FACTORS,
    STATUS_FACTORS,
    evidence_weight,
    support_of_association,
)
from stemgraph.ontology import vocabulary
from stemgraph.ontology.closure_rules import closure_rules


@pytest.fixture(scope="module")
def page(repository: Path) -> list[str]:
    """The lines of the page that documents the score."""
    path = repository / "docs" / "explanation" / "how-paths-are-ranked.md"
    return path.read_text(encoding="utf-8").splitlines()


def documented(page: list[str], word: str) -> float:
    """The factor in the last column of the row that names a word."""
    (row,) = [line for line in page if line.startswith("|") and f"`{word}`" in line.rsplit("|", 2)[0]]
    return float(row.rsplit("|", 2)[1])


@pytest.mark.parametrize("status", [each for names in STATUS_FACTORS.values() for each in names])
def test_the_factor_of_each_status_is_documented(page: list[str], status: str) -> None:
    (factor,) = [factor for factor, names in STATUS_FACTORS.items() if status in names]
    assert documented(page, status) == factor


@pytest.mark.parametrize("hedge", [each for each in HEDGE_FACTORS if each != "established"])
def test_the_factor_of_each_hedge_is_documented(page: list[str], hedge: str) -> None:
    assert documented(page, hedge) == HEDGE_FACTORS[hedge]


@pytest.mark.parametrize("predicate", closure_rules().strengths)
def test_the_factor_of_each_predicate_of_the_treats_ladder_is_documented(
    page: list[str], predicate: str
) -> None:
    assert documented(page, predicate) == predicate_factor(predicate)


def test_every_status_and_hedge_of_the_vocabulary_has_a_factor() -> None:
    assert {each for names in STATUS_FACTORS.values() for each in names} == set(
        vocabulary.enumeration("status")
    )
    assert set(HEDGE_FACTORS) == set(vocabulary.enumeration("hedge"))


def weigh(*pieces: Evidence) -> float:
    return evidence_weight([each.to_record() for each in pieces])


def test_more_references_and_better_tiers_weigh_more() -> None:
    one, two = evidence("one", reference="PMID:1"), evidence("two", reference="PMID:2")
    press = evidence("press", reference="PMID:3", source_tier=3)
    assert weigh() == 0
    assert weigh(press) < weigh(one) < weigh(one, press) < weigh(one, two) < 1


def test_a_reference_counts_once_however_often_it_is_cited() -> None:
    one, again = evidence("one", reference="PMID:1"), evidence("again", reference="PMID:1")
    assert weigh(one, again) == weigh(one)


def test_independent_evidence_counts_in_full() -> None:
    one, two = evidence("one", reference="PMID:1"), evidence("two", reference="PMID:2")
    apart = evidence("two", reference="PMID:2", independent_of=("PMID:1",))
    assert weigh(one, two) < weigh(one, apart) == pytest.approx(1 - 0.2 * 0.2)


def test_evidence_against_superseded_or_retracted_weighs_less() -> None:
    one = evidence("one", reference="PMID:1")
    against = evidence("against", reference="PMID:2", stance="refutes")
    assert weigh(one, against) == pytest.approx(0.8 * 0.2)
    assert weigh(evidence("old", superseded_by=("sge:one",))) == pytest.approx(0.4)
    assert weigh(evidence("bad", retracted=True)) == 0


def test_the_support_is_the_product_of_status_hedge_and_evidence() -> None:
    hedged = stated("a treats b", status="reported", qualifiers={"hedge": "promising"})
    assert support_of_association(hedged) == pytest.approx(0.6 * 0.8 * (0.5 + 0.5 * 0.8))

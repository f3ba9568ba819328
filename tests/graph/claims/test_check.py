from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from stemgraph.graph import KnowledgeGraph
from stemgraph.graph.claims import VERDICTS, Claim, Judged
from stemgraph.graph.errors import BadRequestError


def judged(graph: KnowledgeGraph, text: str, **options: Any) -> Judged:
    (item,) = graph.check(text, **options).items
    return item


def claim_of(item: Judged) -> Claim:
    assert isinstance(item.item, Claim)
    return item.item


def test_a_claim_names_its_ends_with_their_places(bundled: KnowledgeGraph) -> None:
    text = "Strimvelis was approved by the EMA in 2016."
    claim = claim_of(judged(bundled, text))
    assert claim.object is not None
    assert (claim.subject.text, claim.relation, claim.object.text) == ("Strimvelis", "approved by", "EMA")
    assert text[claim.subject.start : claim.subject.end] == "Strimvelis"
    assert claim.years == (2016,)


def test_a_verdict_comes_with_the_associations_and_their_evidence(bundled: KnowledgeGraph) -> None:
    item = judged(bundled, "Tocilizumab treats cytokine release syndrome.")
    assert item.verdict == "supported"
    best = item.supporting[0].association
    assert (best.subject.id, best.predicate, best.object.id) == ("UNII:I031V2H011", "treats", "MONDO:0600008")
    assert best.evidence


def test_what_is_not_stated_is_unknown_and_neither_yes_nor_no(bundled: KnowledgeGraph) -> None:
    item = judged(bundled, "Aucatzyl carries a boxed warning for T cell malignancy.")
    assert (item.verdict, item.supporting, item.opposing) == ("unknown", (), ())
    assert "neither yes nor no" in item.reason


def test_a_warning_of_the_class_supports_a_claim_about_its_product_and_shows_the_path(
    bundled: KnowledgeGraph,
) -> None:
    item = judged(bundled, "Kymriah carries a boxed warning for T cell malignancy.")
    assert item.verdict == "supported"
    inherited = item.supporting[0].association.inherited
    assert inherited is not None
    assert inherited.rule == "product_class"


def test_a_negated_row_contradicts_the_claim_and_supports_its_denial(bundled: KnowledgeGraph) -> None:
    assert judged(bundled, "GVHD is a complication of autologous HSCT.").verdict == "contradicted"
    assert judged(bundled, "Autologous HSCT does not cause GVHD.").verdict == "supported"


def test_a_kind_alone_supports_a_general_claim_more_weakly(bundled: KnowledgeGraph) -> None:
    item = judged(bundled, "HSCT is effective in multiple sclerosis.")
    assert item.verdict == "supported more weakly"
    assert "relapsing-remitting" in item.reason


def test_a_kind_alone_does_not_contradict_a_general_denial(bundled: KnowledgeGraph) -> None:
    assert judged(bundled, "HSCT is not a cure for multiple sclerosis.").verdict == "unknown"


@pytest.mark.parametrize(
    ("text", "hedge", "verdict"),
    [
        (
            "CD19-directed CAR T-cell therapy cures systemic sclerosis.",
            "established",
            "supported more weakly",
        ),
        ("CD19-directed CAR T-cell therapy may cure systemic sclerosis.", "speculative", "supported"),
        (
            "CD19-directed CAR T-cell therapy is being tested in systemic sclerosis.",
            "under_investigation",
            "supported",
        ),
        (
            "CD19-directed CAR T-cell therapy is a promising treatment for systemic sclerosis.",
            "promising",
            "supported",
        ),
    ],
)
def test_the_hedge_is_held_against_the_strength_of_the_rows(
    bundled: KnowledgeGraph, text: str, hedge: str, verdict: str
) -> None:
    item = judged(bundled, text)
    assert (claim_of(item).hedge, item.verdict) == (hedge, verdict)


@pytest.mark.parametrize(
    ("text", "verdict"),
    [
        ("Alofisel was approved by the EMA.", "supported"),
        ("Alofisel is currently approved by the EMA.", "contradicted"),
        ("Alofisel is not approved by the EMA.", "supported"),
        ("Kymriah received FDA approval in 2017.", "supported"),
        ("Kymriah received FDA approval in 2015.", "contradicted"),
        ("Ruxolitinib is approved in Japan for mantle cell lymphoma.", "unknown"),
    ],
)
def test_approvals_are_judged_by_date_and_place(bundled: KnowledgeGraph, text: str, verdict: str) -> None:
    assert judged(bundled, text).verdict == verdict


def test_a_limited_fact_leaves_no_room_for_a_denial_of_it_all(bundled: KnowledgeGraph) -> None:
    item = judged(bundled, "Pegfilgrastim does not mobilize hematopoietic stem cells.")
    assert item.verdict == "supported more weakly"


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("Is stem cell therapy safe for leukemia?", "question"),
        ("Patients should consult a doctor before stem cell therapy.", "advice"),
        ("The garden was green.", "no relation"),
    ],
)
def test_questions_advice_and_small_talk_are_no_claims(
    bundled: KnowledgeGraph, text: str, reason: str
) -> None:
    item = judged(bundled, text)
    assert item.verdict == "not a claim"
    assert reason in item.reason


@pytest.mark.parametrize(
    ("text", "subject"),
    [
        ("Ruxolitinib blocks JAK1. It treats chronic GVHD.", "CHEBI:66919"),
        ("Autologous HSCT is hard. This approach treats neuroblastoma.", "STEMGRAPH:autologous-hsct"),
    ],
)
def test_words_that_point_back_mean_what_was_named_before(
    bundled: KnowledgeGraph, text: str, subject: str
) -> None:
    claim = claim_of(bundled.check(text).items[-1])
    assert (claim.subject.how, claim.subject.entities[0].id) == ("reference", subject)


def test_these_conditions_mean_all_that_were_listed(bundled: KnowledgeGraph) -> None:
    found = bundled.check("Leukemia and lymphoma are grave. These conditions are treated with chemotherapy.")
    objects = {
        claim_of(each).object.entities[0].id  # type: ignore[union-attr]
        for each in found.items
        if isinstance(each.item, Claim)
    }
    assert objects == {"MONDO:0005059", "MONDO:0005062"}


def test_a_word_that_points_to_nothing_makes_no_claim(bundled: KnowledgeGraph) -> None:
    assert judged(bundled, "These conditions are treated with chemotherapy.").verdict == "not a claim"


def test_an_end_that_names_nothing_known_is_shown_and_unknown(bundled: KnowledgeGraph) -> None:
    item = judged(bundled, "Homeopathy cures leukemia.")
    assert (item.verdict, claim_of(item).subject.how) == ("unknown", "unresolved")
    assert "'Homeopathy'" in item.reason


def test_what_only_this_text_says_of_itself_is_marked(bundled: KnowledgeGraph) -> None:
    sentence = (
        "One of the promising applications of stem cells in healing the immune system is in the treatment of "
        "autoimmune diseases."
    )
    other = "Stem cell therapy is a promising treatment for autoimmune diseases."
    of_disease = [
        each
        for text in (sentence, other)
        for each in bundled.check(text).items
        if isinstance(each.item, Claim)
        and each.item.object
        and each.item.object.entities[0].id == "MONDO:0007179"
    ]
    assert [each.verdict for each in of_disease] == ["supported", "supported"]
    assert not of_disease[1].own_words
    whole = (
        sentence
        + " In conclusion, stem cell therapy offers a promising avenue for healing the immune system, with "
    )
    whole += "applications ranging from autoimmune disease treatment to the regeneration of blood cells."
    assert any(each.own_words for each in bundled.check(whole).items)


def test_a_source_can_be_left_out(bundled: KnowledgeGraph) -> None:
    text = "Age may weaken the immune system."
    assert judged(bundled, text).verdict == "supported"
    assert judged(bundled, text, without="article").verdict == "unknown"


def test_an_unknown_source_is_refused(bundled: KnowledgeGraph) -> None:
    with pytest.raises(BadRequestError):
        bundled.check("x", without="newspaper")


def test_the_answer_names_each_association_once(bundled: KnowledgeGraph) -> None:
    record = bundled.check("Tocilizumab treats CRS. Tocilizumab is used for CRS.").to_record()
    named = {
        each["association"] for item in record["items"] for each in item["supporting"] + item["opposing"]
    }
    assert named == set(record["associations"])
    assert sum(record["verdicts"].values()) == record["total"]


def test_the_time_budget_cuts_a_long_text_and_says_where(bundled: KnowledgeGraph) -> None:
    bundled.check("The index is made first.")
    text = "Tocilizumab treats cytokine release syndrome. " * 5000
    found = bundled.check(text, budget_ms=60)
    assert not found.complete
    assert f"character {found.checked}" in str(found.reason)
    assert all(each.item.end <= found.checked for each in found.items)


def test_progress_is_told(bundled: KnowledgeGraph) -> None:
    told: list[float] = []
    bundled.check("A word. " * 20_000, progress=told.append)
    assert told == sorted(told)
    assert told[0] == 0


def test_a_check_shows_as_a_table_in_a_notebook(bundled: KnowledgeGraph) -> None:
    shown = bundled.check("Tocilizumab treats CRS. <b>")._repr_html_()
    assert "<th>verdict</th>" in shown
    assert "&lt;b&gt;" in shown or "<b>" not in shown


PARTS = st.sampled_from(
    [
        *(
            "autologous HSCT",
            "allogeneic HSCT",
            "GVHD",
            "multiple sclerosis",
            "stem cells",
            "Casgevy",
            "the FDA",
        ),
        *("treats", "causes", "is approved by", "prevents", "is a risk of", "such as", "in", "2017", "it"),
        *(
            "does not",
            "is not",
            "no evidence that",
            "may",
            "which",
            "because",
            "these conditions",
            "and",
            ",",
            ".",
        ),
    ]
)


@given(st.lists(PARTS, max_size=18).map(" ".join))
@settings(max_examples=150, deadline=None)
def test_any_text_is_judged_the_same_twice_and_negated_rows_never_support_a_claim(
    bundled: KnowledgeGraph, text: str
) -> None:
    first, second = bundled.check(text), bundled.check(text)
    assert first.to_record() == second.to_record()
    for item in first.items:
        assert item.verdict in VERDICTS
        assert text[item.item.start : item.item.end] == item.item.text
        if isinstance(item.item, Claim) and not item.item.negated:
            assert not any(each.association.negated for each in item.supporting)
        if item.verdict == "contradicted":
            assert item.opposing
            assert not item.supporting
        if item.verdict.startswith("supported"):
            assert item.supporting


def test_a_budget_that_ends_while_names_are_indexed_gives_a_partial_answer(cache: Path) -> None:
    with KnowledgeGraph.bundled() as graph:
        for answer in (
            graph.annotate("multiple sclerosis", budget_ms=1),
            graph.check("A sentence.", budget_ms=1),
        ):
            assert not answer.complete
            assert "being indexed" in str(answer.reason)
        assert graph.annotate("multiple sclerosis").items[0].candidates[0].entity.id == "MONDO:0005301"

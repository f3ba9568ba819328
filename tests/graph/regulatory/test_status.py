from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from itertools import pairwise

import pytest

from stemgraph.graph import KnowledgeGraph
from stemgraph.graph.errors import BadRequestError, UnknownIdentifierError
from stemgraph.graph.regulatory.status import JurisdictionStatus

FEVER, SPRING_FEVER, OTHER = "STEMGRAPH:fever", "STEMGRAPH:spring-fever", "STEMGRAPH:other-disease"


def one(graph: KnowledgeGraph, name: str, **asked: str) -> JurisdictionStatus:
    (item,) = graph.status(f"STEMGRAPH:{name}", **{"jurisdiction": "US", **asked}).items
    return item


def test_an_indication_answers_for_itself(regulation: KnowledgeGraph) -> None:
    found = one(regulation, "broad", disease=FEVER, as_of="2020-06-15")
    assert (found.status, found.in_force, found.coverage) == ("authorised", True, "exact")


def test_an_indication_answers_for_a_kind_of_the_disease_and_says_so(regulation: KnowledgeGraph) -> None:
    found = one(regulation, "broad", disease=SPRING_FEVER)
    assert (found.status, found.coverage) == ("authorised", "broader")
    assert "of which spring fever is a kind" in found.reason
    (action,) = found.actions
    assert [(step.subject.id, step.relation, step.object.id) for step in action.coverage.path] == [
        (SPRING_FEVER, "subclass_of", FEVER)
    ]
    assert action.coverage.path[0].association == "sga:000000000000000000000001"


def test_an_indication_for_a_kind_is_named_as_such(regulation: KnowledgeGraph) -> None:
    found = one(regulation, "pair", disease=FEVER, as_of="2021")
    assert (found.status, found.coverage) == ("conditional", "narrower")
    assert "for spring fever, a kind of fever disease" in found.reason


def test_an_indication_for_another_disease_says_nothing(regulation: KnowledgeGraph) -> None:
    found = one(regulation, "broad", disease=OTHER)
    assert (found.status, found.in_force) == ("not stated", None)
    assert [action.role for action in found.actions] == ["other indication"]
    assert "does not mean that there was none" in found.reason


def test_an_action_without_an_indication_applies_to_the_product_as_a_whole(
    regulation: KnowledgeGraph,
) -> None:
    found = one(regulation, "whole", disease=OTHER, as_of="2021")
    assert (found.status, found.coverage) == ("authorised", "product")
    assert "applies to the product as a whole" in found.reason
    assert "whether it covers other disease is not stated" in found.reason


def test_an_indication_in_words_alone_is_shown_and_not_compared(regulation: KnowledgeGraph) -> None:
    assert one(regulation, "words").status == "authorised"
    found = one(regulation, "words", disease=FEVER)
    assert found.status == "not stated"
    assert [(action.role, action.coverage.relation) for action in found.actions] == [("words", "words")]


def test_a_year_on_either_side_is_undetermined(regulation: KnowledgeGraph) -> None:
    found = one(regulation, "whole", as_of="2020-06-01")
    assert (found.status, found.possible, found.in_force) == (
        "undetermined",
        ("authorised", "not stated"),
        None,
    )
    assert [action.role for action in found.actions] == ["either side"]


def test_a_partial_date_is_asked_for_all_its_days(regulation: KnowledgeGraph) -> None:
    assert one(regulation, "broad", as_of="2020").status == "undetermined"
    assert one(regulation, "broad", as_of="2021").status == "authorised"
    assert one(regulation, "broad", as_of="2020-05").status == "not stated"


def test_an_action_without_a_date_is_known_from_when_its_source_was_read(regulation: KnowledgeGraph) -> None:
    assert one(regulation, "undated", as_of="2026-11-22").status == "authorised"
    found = one(regulation, "undated", as_of="2020-01-01")
    assert found.status == "undetermined"
    assert "on a day that is not stated, not after 2026-11-22" in found.reason


def test_an_action_whose_evidence_was_retracted_decides_nothing(regulation: KnowledgeGraph) -> None:
    found = one(regulation, "pulled")
    assert found.status == "not stated"
    assert [action.role for action in found.actions] == ["retracted"]
    assert "not counted, for its evidence was retracted: approved" in found.reason


def test_an_authorisation_lapses_at_the_end_of_its_term(regulation: KnowledgeGraph) -> None:
    asked = {"disease": SPRING_FEVER}
    assert one(regulation, "pair", as_of="2022-05-31", **asked).status == "conditional"
    assert one(regulation, "pair", as_of="2022-06-15", **asked).status == "undetermined"
    lapsed = one(regulation, "pair", as_of="2022-08", **asked)
    assert lapsed.status == "not stated"
    assert "term has ended" in lapsed.reason


def test_of_several_indications_the_strongest_speaks_for_the_product_and_each_is_listed(
    regulation: KnowledgeGraph,
) -> None:
    found = one(regulation, "pair", as_of="2021-06-01")
    assert found.status == "authorised"
    assert {line.disease.label: line.possible for line in found.lines if line.disease} == {
        "spring fever": ("conditional",),
        "other disease": ("authorised",),
    }


def test_a_withdrawal_alone_is_a_withdrawal_from_the_day_it_was_seen(regulation: KnowledgeGraph) -> None:
    assert one(regulation, "pair", jurisdiction="EU", as_of="2024").status == "withdrawn"
    assert one(regulation, "pair", jurisdiction="EU", as_of="2024").in_force is False
    before = one(regulation, "pair", jurisdiction="EU", as_of="2020")
    assert before.status == "not stated"
    assert [action.role for action in before.actions] == ["either side"]


def test_the_status_of_an_association_answers_where_no_action_is_recorded(regulation: KnowledgeGraph) -> None:
    found = one(regulation, "told", as_of="2022")
    assert found.status == "authorised"
    assert not found.actions[0].action.recorded
    assert "told by the status of an association" in found.reason
    assert one(regulation, "told", as_of="2021-05-10").status == "undetermined"


def test_every_jurisdiction_answers_when_none_is_asked(regulation: KnowledgeGraph) -> None:
    found = regulation.status("STEMGRAPH:pair", as_of="2024")
    assert [(item.jurisdiction, item.status) for item in found.items] == [
        ("EU", "withdrawn"),
        ("US", "authorised"),
    ]
    assert found.status is None


def test_a_product_without_any_action_is_not_stated(regulation: KnowledgeGraph) -> None:
    found = regulation.status("STEMGRAPH:stranger")
    assert (found.items, found.status) == ((), "not stated")
    assert "no regulatory action on Stranger is recorded" in found.reason


def test_without_a_date_that_of_the_release_is_taken_and_told(regulation: KnowledgeGraph) -> None:
    found = regulation.status("STEMGRAPH:broad")
    assert (found.as_of.text, found.as_of_stated) == (regulation.release.date, False)


def test_what_is_not_known_is_refused(regulation: KnowledgeGraph) -> None:
    with pytest.raises(UnknownIdentifierError):
        regulation.status("STEMGRAPH:nothing")
    with pytest.raises(BadRequestError) as refusal:
        regulation.status("STEMGRAPH:broad", jurisdiction="Atlantis")
    assert refusal.value.place == "jurisdiction"
    with pytest.raises(BadRequestError) as refusal:
        regulation.status("STEMGRAPH:broad", as_of="soon")
    assert refusal.value.place == "as_of"


def test_a_notebook_shows_the_status_as_a_table(regulation: KnowledgeGraph) -> None:
    shown = regulation.status("STEMGRAPH:pair")._repr_html_()
    assert "<table>" in shown
    assert "withdrawn" in shown


@pytest.fixture
def products(bundled: KnowledgeGraph) -> Iterator[str]:
    return iter(sorted({action.product.id for action in bundled.actions(limit=None)}))


ALOFISEL = "UNII:31W7R94KYT"


def test_p6_alofisel_was_authorised_in_the_eu_and_no_longer_is(bundled: KnowledgeGraph) -> None:
    (then,) = bundled.status(ALOFISEL, jurisdiction="EU", as_of="2019-06-01").items
    (now,) = bundled.status(ALOFISEL, jurisdiction="EU", as_of="2025-01-31").items
    assert (then.status, then.in_force) == ("authorised", True)
    assert (now.status, now.in_force) == ("withdrawn", False)
    for found in (then, now):
        assert [action.action.type for action in found.actions] == ["approval", "withdrawal"]
        assert all(action.action.evidence and action.action.associations for action in found.actions)
    assert "2018-03-23" in then.reason
    assert "2024-12" in now.reason


@pytest.mark.parametrize(
    ("product", "jurisdiction", "as_of", "status"),
    [
        (ALOFISEL, "EU", "2024-12-15", "undetermined"),
        (ALOFISEL, "EU", "2024-11-30", "authorised"),
        (ALOFISEL, "EU", "2018-03-22", "not stated"),
        (ALOFISEL, "US", "2025", "not stated"),
        ("STEMGRAPH:zynteglo", "EU", "2018-01-01", "not stated"),
        ("STEMGRAPH:zynteglo", "EU", "2021-06-01", "undetermined"),
        ("STEMGRAPH:zynteglo", "EU", "2023-12-05", "withdrawn"),
        ("STEMGRAPH:zynteglo", "US", "2023", "authorised"),
        ("STEMGRAPH:skysona", "US", "2023-01", "conditional"),
        ("STEMGRAPH:skysona", "US", "2025-08-07", "restricted"),
        ("STEMGRAPH:carvykti", "US", "2022-06-01", "undetermined"),
        ("STEMGRAPH:kresladi", "US", "2025", "refused"),
        ("STEMGRAPH:kresladi", "US", "2026-11-22", "conditional"),
        ("STEMGRAPH:ebvallo", "US", "2026-06", "refused"),
        ("STEMGRAPH:ebvallo", "EU", "2026-06", "authorised"),
        ("STEMGRAPH:amchepry", "JP", "2033-03-15", "undetermined"),
        ("STEMGRAPH:amchepry", "JP", "2034", "not stated"),
        ("STEMGRAPH:casgevy", "UK", "2023-11-16", "authorised"),
        ("STEMGRAPH:casgevy", "US", "2023-11-16", "not stated"),
    ],
)
def test_the_status_of_real_products(
    bundled: KnowledgeGraph, product: str, jurisdiction: str, as_of: str, status: str
) -> None:
    (found,) = bundled.status(product, jurisdiction=jurisdiction, as_of=as_of).items
    assert found.status == status
    assert found.reason.endswith(".")
    assert as_of in found.reason


def test_strimvelis_is_authorised_for_a_kind_of_immunodeficiency(bundled: KnowledgeGraph) -> None:
    (found,) = bundled.status("STEMGRAPH:strimvelis", disease="MONDO:0021094").items
    assert (found.status, found.coverage) == ("authorised", "narrower")
    assert found.actions[0].coverage.path[-1].object.id == "MONDO:0021094"


def test_no_status_is_lost_between_the_spans_of_a_timeline(
    bundled: KnowledgeGraph, products: Iterator[str]
) -> None:
    for product in products:
        timeline = bundled.timeline(product)
        for lane in timeline.lanes:
            assert lane.spans[-1].last == timeline.until
            for one_span, following in pairwise(lane.spans):
                assert following.first is not None
                assert (following.first - one_span.last).days == 1
                assert one_span.possible != following.possible
            for span in lane.spans:
                days: list[date] = [span.last] if span.first is None else [span.first, span.last]
                for day in days:
                    (found,) = bundled.status(
                        product, jurisdiction=lane.jurisdiction, as_of=day.isoformat()
                    ).items
                    assert found.possible == span.possible

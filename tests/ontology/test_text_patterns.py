from __future__ import annotations

import pytest

from stemgraph.graph import KnowledgeGraph
from stemgraph.ontology import text_patterns, vocabulary
from stemgraph.ontology.errors import ContentError
from stemgraph.ontology.text_patterns.language import expand


def test_alternatives_and_options_are_written_out() -> None:
    assert expand("is|are the? treated with|by", place="here") == (
        "is the treated with", "is the treated by", "is treated with", "is treated by",
        "are the treated with", "are the treated by", "are treated with", "are treated by",
    )  # fmt: skip


def test_an_underscore_joins_the_words_of_an_alternative() -> None:
    assert expand("standard_of_care|usual", place="here") == ("standard of care", "usual")


@pytest.mark.parametrize("pattern", ["a||b", "", "|?", " ".join(["a|b|c|d"] * 8)])
def test_a_pattern_that_stands_for_nothing_or_for_too_much_is_refused(pattern: str) -> None:
    with pytest.raises(ContentError, match="here"):
        expand(pattern, place="here")


def test_every_relation_has_words_and_known_predicates() -> None:
    for relation in text_patterns.relations():
        assert relation.patterns, relation.name
        assert set(relation.predicates) <= set(vocabulary.predicates())
        assert all(pattern.words for pattern in relation.patterns)


def test_relations_have_names_of_their_own() -> None:
    names = [relation.name for relation in text_patterns.relations()]
    assert len(names) == len(set(names))


def test_most_predicates_can_be_read_from_a_text() -> None:
    read = {name for relation in text_patterns.relations() for name in relation.predicates}
    assert set(vocabulary.predicates()) - read == {"treats_or_applied_or_studied_to_treat"} & set(
        vocabulary.predicates()
    )


def test_every_status_and_hedge_has_a_level() -> None:
    strengths = text_patterns.strengths()
    assert set(strengths.statuses) == set(vocabulary.enumeration("status"))
    assert set(strengths.hedges) == set(vocabulary.enumeration("hedge"))
    assert [strengths.rank(level) for level in strengths.levels] == [1, 2, 3, 4, 5]


def test_what_a_row_only_tried_never_carries_as_much_as_what_is_settled() -> None:
    strengths = text_patterns.strengths()
    for predicate in ("applied_to_treat", "studied_to_treat", "in_clinical_trials_for"):
        assert strengths.rank(strengths.predicates[predicate]) < strengths.rank("settled")


def test_every_entity_that_the_patterns_name_is_in_the_graph(bundled: KnowledgeGraph) -> None:
    cues = text_patterns.cues()
    named = {
        *(each.entity for each in text_patterns.further_names()),
        *(entity for phrase in text_patterns.phrases() for entity in phrase.entities),
        *(phrase.of for phrase in text_patterns.phrases() if phrase.of is not None),
        *cues.agencies,
        *cues.roles,
        *(treatment for each in cues.roles.values() for treatment in each),
        *text_patterns.qualities(),
    }
    assert [each for each in sorted(named) if bundled.records.entity_row(each) is None] == []

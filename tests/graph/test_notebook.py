from html.parser import HTMLParser

import pytest

from stemgraph.graph.model import Association, Entity, EntityReference, Evidence
from stemgraph.graph.notebook import (
    MOST_ROWS,
    answer_html,
    association_html,
    associations_html,
    entity_html,
    hierarchy_html,
)

SCRIPT = "<script>alert('x')</script>"


class Checked(HTMLParser):
    """Collects text and tags, and insists that tags are closed in order."""

    def __init__(self, content: str) -> None:
        super().__init__()
        self.tags: list[str] = []
        self.text = ""
        self._open: list[str] = []
        self.feed(content)
        assert self._open == []

    def handle_starttag(self, tag, attrs):
        self.tags.append(tag)
        self._open.append(tag)

    def handle_endtag(self, tag):
        assert self._open.pop() == tag

    def handle_data(self, data):
        self.text += data + "\n"


def hostile() -> tuple[Entity, Association]:
    reference = EntityReference(SCRIPT, SCRIPT, (SCRIPT,))
    evidence = Evidence("sge:1", SCRIPT, SCRIPT, SCRIPT, 1, "2026-11-22")
    association = Association(
        id=SCRIPT,
        subject=reference,
        predicate=SCRIPT,
        object=reference,
        negated=True,
        qualifiers={SCRIPT: [SCRIPT, SCRIPT]},
        status=SCRIPT,
        evidence=(evidence,),
    )
    entity = Entity(
        id=SCRIPT, label=SCRIPT, categories=(SCRIPT,), synonyms=(SCRIPT,), attributes={"x": SCRIPT}
    )
    return entity, association


def test_every_text_is_escaped():
    entity, association = hostile()
    for content in (
        entity_html(entity),
        association_html(association),
        associations_html([association]),
        answer_html([SCRIPT], [[SCRIPT]], 1),
    ):
        assert "<script" not in content
        assert "script" not in Checked(content).tags
        assert SCRIPT in Checked(content).text


def test_an_entity_shows_what_is_known_of_it(small_graph):
    shown = Checked(small_graph.entity("MONDO:0005301")._repr_html_()).text
    for expected in ("multiple sclerosis", "MONDO:0005301", "disease", "disseminated sclerosis", "DOID:2377"):
        assert expected in shown


def test_an_obsolete_entity_says_so_and_by_what_it_is_replaced(small_graph):
    shown = Checked(entity_html(small_graph.entity("CL:0000548"))).text
    assert "(obsolete)" in shown
    assert "CL:0000000" in shown


def test_a_regulatory_action_shows_its_attributes(small_graph):
    shown = Checked(entity_html(small_graph.entity("sgr:b5fadc109fba07f65f8e387a"))).text
    assert "2023-12-08" in shown
    assert "STEMGRAPH:casgevy" in shown
    assert "The agency announced the approval." in shown


def test_a_negated_association_is_seen_to_be_negated(small_graph):
    negated = small_graph.association("sga:deada0f7ce2d4abd796ed200")
    shown = Checked(negated._repr_html_()).text
    assert "NOT treats" in shown
    assert "this is stated not to be so" in shown
    assert "not_recommended" in shown
    assert "NOT treats" in associations_html([negated])


def test_an_association_shows_its_qualifiers_and_evidence(small_graph):
    shown = Checked(association_html(small_graph.association("sga:172fae9b15e4f73695b4de39"))).text
    assert "EU, US" in shown
    assert "supports: https://example.org/label: The label names patients" in shown


def test_a_long_table_is_cut_and_says_of_how_many(small_graph):
    one = small_graph.association("sga:172fae9b15e4f73695b4de39")
    checked = Checked(associations_html([one] * 200, total=200))
    assert checked.tags.count("tr") == MOST_ROWS + 1
    assert f"{MOST_ROWS} of 200 associations" in checked.text


def test_a_hierarchy_shows_what_is_above_and_below(small_graph):
    checked = Checked(hierarchy_html(small_graph.hierarchy("MONDO:0005301")))
    assert "relapsing-remitting multiple sclerosis" in checked.text
    assert "demyelinating disease of central nervous system" in checked.text
    assert "1 ancestors and 1 descendants" in checked.text


@pytest.mark.parametrize("rows", [0, 3])
def test_a_query_answer_is_a_table_with_its_variables(rows):
    checked = Checked(answer_html(["disease", "label"], [["MONDO:1", "one"]] * rows, rows))
    assert checked.tags.count("tr") == rows + 1
    assert f"{rows} of {rows} rows" in checked.text

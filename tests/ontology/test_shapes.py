"""Validation: each rule refuses its bad graph and nothing else does, and the content passes."""

from __future__ import annotations

import gzip
import sys
from pathlib import Path

import pyoxigraph as ox
import pytest

from stemgraph.ontology.bundle import bundle_directory
from stemgraph.ontology.errors import StemgraphError
from stemgraph.ontology.identity import association_id
from stemgraph.ontology.validation import ValidationReport, validate_graph
from stemgraph.ontology.validation.shacl import SGS, SH, all_shapes
from stemgraph.ontology.vocabulary import qualifiers

FIXTURES = Path(__file__).parent / "fixtures" / "shapes"
BAD = sorted((FIXTURES / "bad").glob("*.trig"))
GOOD = sorted((FIXTURES / "good").glob("*.trig"))
CLOSED = sorted(name for name, each in qualifiers().items() if each.kind == "enumeration")

PLAIN_CHECKS = {
    "AxiomAllowed",
    "AxiomComplete",
    "AxiomEnds",
    "IdentifierMatches",
    "NoBlankNodes",
    "PlainTripleStated",
}


def validated(trig: str | Path) -> ValidationReport:
    text = trig.read_text(encoding="utf-8") if isinstance(trig, Path) else trig
    return validate_graph(ox.parse(text, format=ox.RdfFormat.TRIG))


def overlay_rules() -> set[str]:
    shapes = all_shapes()
    return {str(shape).removeprefix(str(SGS)) for shape in shapes.subjects(SGS.mend) if shape in SGS}


@pytest.mark.parametrize("path", BAD, ids=lambda path: path.stem)
def test_a_bad_graph_breaks_exactly_its_rule(path: Path) -> None:
    report = validated(path)

    assert report.rules == {path.stem.replace("schema-", "schema:")}, str(report)


@pytest.mark.parametrize("path", GOOD, ids=lambda path: path.stem)
def test_a_good_graph_conforms(path: Path) -> None:
    report = validated(path)

    assert report.conforms, str(report)


def test_every_rule_has_a_bad_graph() -> None:
    shown = {path.stem for path in BAD if not path.stem.startswith("schema-")}

    assert shown == overlay_rules() | PLAIN_CHECKS


def test_every_rule_has_a_message() -> None:
    shapes = all_shapes()

    assert [shape for shape in shapes.subjects(SGS.mend) if shapes.value(shape, SH.message) is None] == []


@pytest.mark.parametrize("name", CLOSED)
def test_a_closed_qualifier_refuses_a_value_outside_its_vocabulary(name: str) -> None:
    text = (FIXTURES / "bad" / "schema-Association.donor_type.trig").read_text(encoding="utf-8")
    ends = ("MAXO:0001479", "treats", "MONDO:0015974")
    before = association_id(*ends, negated=False, qualifiers={"donor_type": "related"})
    after = association_id(*ends, negated=False, qualifiers={name: "related"})
    report = validated(text.replace("sgv:donor_type", f"sgv:{name}").replace(before, after))

    assert report.rules == {f"schema:Association.{name}"}, str(report)


def test_a_violation_names_place_fault_and_mend() -> None:
    (violation,) = validated(FIXTURES / "bad" / "schema-Evidence.stance.trig").violations

    assert (violation.focus, violation.path, violation.value) == ("sge:one", "sgv:stance", "likes")
    assert str(violation) == (
        "sge:one sgv:stance: 'likes' is no stance (use one of supports, refutes, partial, no_evidence)"
        " [schema:Evidence.stance]"
    )


def test_a_message_names_the_value_at_fault() -> None:
    (violation,) = validated(FIXTURES / "bad" / "ObjectInRange.trig").violations

    assert violation.message.startswith("the object MAXO:0000747 is of no category")


def test_a_report_counts_what_it_held_against_the_rules() -> None:
    report = validated(FIXTURES / "good" / "lean-axiom.trig")

    assert (report.associations, report.axioms) == (0, 1)
    assert str(report) == "0 associations and 1 ontology axioms checked: no violation"
    assert report.to_record() == {"conforms": True, "associations": 0, "axioms": 1, "violations": []}


def test_an_empty_graph_conforms() -> None:
    assert validated("").conforms


def test_without_pyshacl_the_message_names_the_extra(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "pyshacl", None)

    with pytest.raises(StemgraphError, match=r"install `stemgraph\[validate\]`"):
        validated(GOOD[0])


def test_the_content_that_ships_conforms() -> None:
    text = gzip.decompress((bundle_directory() / "graph.nq.gz").read_bytes())
    report = validate_graph(ox.parse(text, format=ox.RdfFormat.N_QUADS))

    assert report.conforms, str(report)
    assert report.associations > 400
    assert report.axioms > 50_000

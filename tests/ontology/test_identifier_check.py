"""The identifier check tells whether an identifier carries the name that its ontology gives it."""

from __future__ import annotations

import csv
from pathlib import Path

import pytest

from stemgraph.ontology.errors import ContentError
from stemgraph.ontology.identifier_check import (
    VerdictKind,
    check_identifier,
    check_identifiers,
    identifier_tables,
)
from stemgraph.ontology.identifier_pairs import IdentifierPair, read_pairs
from stemgraph.ontology.tables import LabelTables

DISMECH_VERDICTS = {
    "exact": VerdictKind.EXACT,
    "case_only": VerdictKind.CASE,
    "label_is_synonym": VerdictKind.SYNONYM,
    "label_differs": VerdictKind.DIFFERS,
    "id_not_in_release": VerdictKind.UNKNOWN,
    "obsolete": VerdictKind.OBSOLETE,
}


@pytest.fixture(scope="module")
def tables() -> LabelTables:
    return identifier_tables()


@pytest.mark.parametrize(
    ("identifier", "label", "kind"),
    [
        ("CL:0000084", "T cell", VerdictKind.EXACT),
        ("CL:0000084", "t Cell", VerdictKind.CASE),
        ("CL:0000084", "T lymphocyte", VerdictKind.SYNONYM),
        ("CL:0000084", "B cell", VerdictKind.DIFFERS),
        ("MONDO:0000002", "46,XX sex reversal", VerdictKind.OBSOLETE),
        ("CL:9999999", "a cell", VerdictKind.UNKNOWN),
        ("HP:0000001", "All", VerdictKind.UNCHECKED),
        ("SNOMED:123", "something", VerdictKind.UNCHECKED),
        ("CL:0000084", "", VerdictKind.UNCHECKED),
        ("http://purl.obolibrary.org/obo/CL_0000084", "T cell", VerdictKind.EXACT),
        ("mondo:0005301", "multiple sclerosis", VerdictKind.EXACT),
        ("not an identifier", "T cell", VerdictKind.UNCHECKED),
    ],
)
def test_each_pair_gets_its_verdict(
    tables: LabelTables, identifier: str, label: str, kind: VerdictKind
) -> None:
    assert check_identifier(IdentifierPair(identifier, label), tables).kind is kind


def test_a_wrong_label_is_told_with_the_right_one_and_with_what_it_belongs_to(tables: LabelTables) -> None:
    verdict = check_identifier(IdentifierPair("CL:0000084", "B cell"), tables)

    assert verdict.is_wrong
    assert verdict.official_label == "T cell"
    assert verdict.label_belongs_to == ("CL:0000236",)
    assert verdict.message == "CL:0000084 is 'T cell', not 'B cell'; 'B cell' is CL:0000236"


def test_an_obsolete_identifier_is_told_with_its_replacement(tables: LabelTables) -> None:
    verdict = check_identifier(IdentifierPair("MONDO:0000002", "46,XX sex reversal"), tables)

    assert verdict.replacements == ("MONDO:0009299",)
    assert "use MONDO:0009299 '46 XX gonadal dysgenesis'" in verdict.message


def test_an_unknown_identifier_is_told_with_the_one_that_has_the_label(tables: LabelTables) -> None:
    verdict = check_identifier(IdentifierPair("CL:9999999", "T cell"), tables)

    assert verdict.message == "CL:9999999 is not in the release; 'T cell' is CL:0000084"


def test_only_differs_obsolete_and_unknown_make_a_check_fail(tables: LabelTables) -> None:
    pairs = [IdentifierPair("CL:0000084", label) for label in ("T cell", "t cell", "T-cell", "", "B cell")]

    assert [each.is_wrong for each in check_identifiers(pairs, tables)] == [False, False, False, False, True]


def test_tables_of_a_directory_take_the_place_of_ours_for_their_prefixes(tmp_path: Path) -> None:
    import gzip

    rows = "id\tlabel\tsynonyms\tparents\tdeprecated\treplaced_by\nCL:0000084\tT-Zelle\t\t\tfalse\t\n"
    (tmp_path / "cl.tsv.gz").write_bytes(gzip.compress(rows.encode()))
    tables = identifier_tables(tmp_path)

    kinds = [
        each.kind
        for each in check_identifiers(
            [
                IdentifierPair("CL:0000084", "T-Zelle"),
                IdentifierPair("CL:0000236", "B cell"),
                IdentifierPair("MONDO:0005301", "multiple sclerosis"),
            ],
            tables,
        )
    ]

    assert kinds == [VerdictKind.EXACT, VerdictKind.UNKNOWN, VerdictKind.EXACT]


def test_an_empty_table_directory_is_told(tmp_path: Path) -> None:
    with pytest.raises(ContentError, match="no label table is there"):
        identifier_tables(tmp_path)


def test_a_table_without_its_columns_is_told(tmp_path: Path) -> None:
    import gzip

    (tmp_path / "x.tsv.gz").write_bytes(gzip.compress(b"id\tname\n"))

    with pytest.raises(ContentError, match="the table has no column label"):
        identifier_tables(tmp_path)


def test_a_broken_table_is_told(tmp_path: Path) -> None:
    (tmp_path / "x.tsv.gz").write_bytes(b"not gzip at all")

    with pytest.raises(ContentError, match="the file cannot be read"):
        identifier_tables(tmp_path)


@pytest.mark.large
def test_every_pair_of_dismech_gets_the_verdict_that_was_found_by_hand(shared_data: Path) -> None:
    path = shared_data / "dismech" / "dismech_id_label_check.tsv"
    with path.open(encoding="utf-8", newline="") as stream:
        rows = list(csv.DictReader(stream, delimiter="\t", quoting=csv.QUOTE_NONE))

    verdicts = check_identifiers(read_pairs(path), identifier_tables(shared_data / "ontology_tables"))

    assert len(verdicts) == len(rows) == 2_431
    disagreements = [
        (row["id"], row["label_in_dismech"], row["status"], verdict.kind)
        for row, verdict in zip(rows, verdicts, strict=True)
        if DISMECH_VERDICTS[row["status"]] is not verdict.kind
    ]
    assert disagreements == []

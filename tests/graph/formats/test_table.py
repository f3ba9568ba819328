import csv
import io

from stemgraph.graph.formats.rows import ASSOCIATION_COLUMNS, EVIDENCE_COLUMNS, evidence_rows
from stemgraph.ontology import vocabulary


def rows(content: bytes) -> dict[str, dict[str, str]]:
    return {row["id"]: row for row in csv.DictReader(io.StringIO(content.decode(), newline=""))}


def test_every_association_is_a_row_negated_ones_too(small_graph, exported):
    table = rows(exported("csv"))
    assert set(table) == {each.id for each in small_graph.records.associations()}
    assert table["sga:deada0f7ce2d4abd796ed200"]["negated"] == "true"
    assert table["sga:172fae9b15e4f73695b4de39"]["negated"] == "false"


def test_each_qualifier_has_its_column(exported):
    table = rows(exported("csv"))
    assert table["sga:172fae9b15e4f73695b4de39"]["jurisdiction"] == "EU|US"
    assert table["sga:172fae9b15e4f73695b4de39"]["boxed_warning"] == "true"
    assert table["sga:85f4171f0d810e9583e8570c"]["frequency"] == "10/67"
    assert table["sga:398c480f07d6248c436eef59"]["trial"] == "CLINICALTRIALS:NCT00278655"
    assert table["sga:3a6a9d175e36dc4bf8c4778c"]["guideline_year"] == "2025"


def test_evidence_is_joined_in_its_order(exported):
    row = rows(exported("csv"))["sga:3a6a9d175e36dc4bf8c4778c"]
    assert row["references"] == "PMID:30644983|https://example.org/ebmt-2025"
    assert row["best_tier"] == "1"
    assert row["stances"] == "supports"


def test_lines_end_as_rfc_4180_says(exported):
    assert exported("csv").count(b"\r\n") == 21


def test_no_qualifier_takes_the_name_of_a_column():
    assert not set(vocabulary.qualifiers()) & set(ASSOCIATION_COLUMNS)


def test_evidence_has_rows_of_its_own(small_graph):
    (first, second) = evidence_rows(small_graph.association("sga:3a6a9d175e36dc4bf8c4778c"))
    assert tuple(first) == EVIDENCE_COLUMNS
    assert first["association"] == second["association"] == "sga:3a6a9d175e36dc4bf8c4778c"
    assert first["n"] == 110

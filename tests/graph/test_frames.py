import importlib

import pytest

from stemgraph.graph import frames
from stemgraph.graph.errors import BadRequestError, StemgraphError

TREATS = "sga:3a6a9d175e36dc4bf8c4778c"
APPROVED = "sga:172fae9b15e4f73695b4de39"


@pytest.fixture
def curated(small_graph):
    return list(small_graph.associations(source="curated").all())


def test_pandas_has_a_row_for_each_association_and_a_column_for_each_qualifier(curated):
    frame = frames.to_pandas(curated).set_index("id")
    assert len(frame) == len(curated)
    assert frame.loc[APPROVED, "subject_label"] == "Casgevy"
    assert frame.loc[APPROVED, "jurisdiction"] == "EU|US"
    assert frame.loc["sga:85f4171f0d810e9583e8570c", "frequency"] == "10/67"
    assert bool(frame.loc["sga:deada0f7ce2d4abd796ed200", "negated"])
    assert frame.loc[TREATS, "references"] == "PMID:30644983|https://example.org/ebmt-2025"


def test_polars_has_the_same_content(curated):
    in_pandas, in_polars = frames.to_pandas(curated), frames.to_polars(curated)
    assert in_polars.columns == list(in_pandas.columns)
    assert in_polars["id"].to_list() == in_pandas["id"].to_list()
    assert in_polars["negated"].to_list() == in_pandas["negated"].to_list()
    assert in_polars["best_tier"].to_list() == in_pandas["best_tier"].to_list()


@pytest.mark.parametrize("make", [frames.to_pandas, frames.to_polars])
def test_evidence_is_a_table_of_its_own(curated, make):
    frame = make(curated, "evidence")
    assert len(frame) == sum(len(each.evidence) for each in curated)
    assert set(frame["association"]) == {each.id for each in curated if each.evidence}


@pytest.mark.parametrize("make", [frames.to_pandas, frames.to_polars])
def test_no_associations_make_an_empty_frame_with_its_columns(make):
    frame = make([])
    assert len(frame) == 0
    assert list(frame.columns)[:2] == ["id", "subject"]


def test_columns_keep_their_types_where_values_are_missing(curated):
    frame = frames.to_pandas(curated, "evidence")
    assert str(frame["n"].dtype) == "Int64"
    assert str(frame["retracted"].dtype) == "boolean"
    polars = frames.polars()
    assert frames.to_polars(curated, "evidence")["n"].dtype == polars.Int64


@pytest.mark.parametrize(("name", "make"), [("pandas", frames.to_pandas), ("polars", frames.to_polars)])
def test_without_the_extra_the_error_says_what_to_install(monkeypatch, name, make):
    def absent(module):
        raise ImportError(f"No module named '{module}'", name=module)

    monkeypatch.setattr(importlib, "import_module", absent)
    with pytest.raises(StemgraphError, match=r"pip install 'stemgraph\[frames\]'") as refusal:
        make([])
    assert name in str(refusal.value)


def test_another_table_is_refused():
    with pytest.raises(BadRequestError) as refusal:
        frames.to_pandas([], "nodes")
    assert refusal.value.place == "table"

"""Associations and evidence as data frames of pandas or polars, behind the extra ``frames``."""

from __future__ import annotations

import importlib
from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING, Any, Final, Literal

from stemgraph.graph.errors import BadRequestError, StemgraphError
from stemgraph.graph.formats.rows import (
    ASSOCIATION_COLUMNS,
    EVIDENCE_COLUMNS,
    Cell,
    association_row,
    evidence_rows,
    qualifier_names,
)
from stemgraph.graph.model import Association

if TYPE_CHECKING:
    from types import ModuleType

    import pandas as pd
    import polars as pl

Table = Literal["associations", "evidence"]

_NOT_TEXT: Final = {
    "negated": "boolean",
    "retracted": "boolean",
    "best_tier": "integer",
    "first_release": "integer",
    "source_tier": "integer",
    "n": "integer",
}
"""The columns that hold something else than text."""

Columns = dict[str, list[Cell]]


def to_pandas(associations: Iterable[Association], table: Table = "associations") -> pd.DataFrame:
    """Associations as a DataFrame, a column for each qualifier that occurs; or their evidence, one row each.

    Raises:
        StemgraphError: pandas is not installed.
        BadRequestError: There is no such table.
    """
    frames = pandas()
    types = {"boolean": "boolean", "integer": "Int64", "text": "string"}
    columns = _columns(associations, table)
    series = {
        name: frames.Series(values, dtype=types[_NOT_TEXT.get(name, "text")])
        for name, values in columns.items()
    }
    frame: pd.DataFrame = frames.DataFrame(series, columns=list(columns))
    return frame


def to_polars(associations: Iterable[Association], table: Table = "associations") -> pl.DataFrame:
    """Associations or their evidence as a polars DataFrame; columns as in ``to_pandas``.

    Raises:
        StemgraphError: polars is not installed.
        BadRequestError: There is no such table.
    """
    frames = polars()
    types = {"boolean": frames.Boolean, "integer": frames.Int64, "text": frames.String}
    columns = _columns(associations, table)
    schema = {name: types[_NOT_TEXT.get(name, "text")] for name in columns}
    frame: pl.DataFrame = frames.DataFrame(columns, schema=schema)
    return frame


# Any: what a module offers is known only once it is imported.
def pandas() -> Any:  # noqa: ANN401
    """The pandas module.

    Raises:
        StemgraphError: It is not installed.
    """
    return _module("pandas")


def polars() -> Any:  # noqa: ANN401
    """The polars module.

    Raises:
        StemgraphError: It is not installed.
    """
    return _module("polars")


def _module(name: str) -> ModuleType:
    try:
        return importlib.import_module(name)
    except ImportError as error:
        raise StemgraphError(
            f"data frames need {name}, which is not installed", mend="pip install 'stemgraph[frames]'"
        ) from error


def _columns(associations: Iterable[Association], table: Table) -> Columns:
    if table == "evidence":
        rows = [row for association in associations for row in evidence_rows(association)]
        return _transposed(rows, EVIDENCE_COLUMNS)
    if table != "associations":
        raise BadRequestError(f"must be 'associations' or 'evidence', not '{table}'", place="table")
    kept = list(associations)
    qualifiers = qualifier_names(kept)
    return _transposed(
        [association_row(each, qualifiers) for each in kept], [*ASSOCIATION_COLUMNS, *qualifiers]
    )


def _transposed(rows: Sequence[dict[str, Cell]], names: Iterable[str]) -> Columns:
    return {name: [row[name] for row in rows] for name in names}

"""Records with each thing said once: entities that they name are named by CURIE alone.

A record as served repeats the labels of the entities that it names. Those belong to the entities: when a
label changes, one entity has changed, and not every statement about it.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final, cast

from stemgraph.graph.model import Record

_REFERENCES: Final = ({"id", "label"}, {"id", "label", "categories"})


def bare_record(record: Mapping[str, Any]) -> Record:
    """The record of an entity or association with every reference reduced to its CURIE."""
    return {name: _bare(value) for name, value in record.items()}


def _bare(value: object) -> object:
    if isinstance(value, dict):
        members = cast("dict[str, object]", value)
        if members.keys() in _REFERENCES:
            return {"id": members["id"]}
        return {name: _bare(each) for name, each in members.items()}
    if isinstance(value, list):
        return [_bare(each) for each in cast("list[object]", value)]
    return value

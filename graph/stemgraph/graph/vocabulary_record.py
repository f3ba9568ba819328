"""The vocabulary as one record: what `GET /api/v1/schema` answers."""

from __future__ import annotations

from dataclasses import asdict
from typing import Any, cast

from stemgraph.graph.model import Record
from stemgraph.ontology import vocabulary
from stemgraph.ontology.identifiers import PREFIXES


def schema_record() -> Record:
    """Categories, predicates, qualifiers, enumerations and prefixes."""
    return {
        "categories": [_plain(asdict(each)) for each in vocabulary.categories().values()],
        "predicates": [_plain(asdict(each)) for each in vocabulary.predicates().values()],
        "qualifiers": [_plain(asdict(each)) for each in vocabulary.qualifiers().values()],
        "enumerations": {name: dict(vocabulary.enumeration(name)) for name in vocabulary.enumerations()},
        "prefixes": dict(PREFIXES),
    }


def _plain(record: dict[str, Any]) -> Record:
    """Sets as sorted lists and tuples as lists, as JSON has them."""
    return {
        name: _list(cast("object", value)) if isinstance(value, (tuple, frozenset)) else value
        for name, value in record.items()
    }


def _list(values: object) -> list[str]:
    words = cast("tuple[str, ...] | frozenset[str]", values)
    return sorted(words) if isinstance(words, frozenset) else list(words)

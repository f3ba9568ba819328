"""The model's rules on what an edit touches: run where pyshacl is, told as violations."""

from __future__ import annotations

from collections.abc import Iterable

import orjson
import pyoxigraph as ox

from stemgraph.ontology.validation import validate_graph

Record = dict[str, object]


def violations(quads: Iterable[ox.Quad]) -> list[Record]:
    """What breaks a rule in these statements, each with focus, message and mend."""
    return [dict(each.to_record()) for each in validate_graph(list(quads)).violations]


def violations_in(text: bytes) -> list[Record]:
    """The same of canonical N-Quads."""
    return violations(ox.parse(text, format=ox.RdfFormat.N_QUADS))


def added(after: list[Record], before: Iterable[Record]) -> list[Record]:
    """The violations of which an edit is the cause: those that were not there before it."""
    known = {orjson.dumps(each, option=orjson.OPT_SORT_KEYS) for each in before}
    return [each for each in after if orjson.dumps(each, option=orjson.OPT_SORT_KEYS) not in known]

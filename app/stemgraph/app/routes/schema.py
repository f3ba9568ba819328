"""The vocabulary of the graph."""

from __future__ import annotations

from stemgraph.app.envelope import enveloped
from stemgraph.app.operation import Answer, Call, get
from stemgraph.app.parameters import Parameters
from stemgraph.app.responses import SchemaAnswer


@get("/api/v1/schema", tag="what is in it", parameters=Parameters, returns=SchemaAnswer)
def get_schema(call: Call[Parameters]) -> Answer:
    """Categories, predicates, qualifiers, enumerations and prefixes, each with its definition."""
    return Answer(enveloped(call.service, call.graph.schema()))

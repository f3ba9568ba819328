"""What is asked for each example: written here where it should be telling, else made from the parameters."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final
from urllib.parse import quote, urlencode

import orjson

from stemgraph.app.examples.excerpt import MOST_LINES
from stemgraph.app.negotiation import JSON
from stemgraph.app.operation import Operation
from stemgraph.app.parameters import describe_parameters
from stemgraph.app.routes import OPERATIONS
from stemgraph.app.sparql.documentation import EXAMPLE
from stemgraph.app.sparql.request import DIRECT

SCLEROSIS: Final = "MONDO:0005301"
TRANSPLANTATION: Final = "STEMGRAPH:autologous-hsct"


@dataclass(frozen=True, slots=True)
class ExampleRequest:
    """A request, and which members of a JSON answer are shown: all where none are named.

    ``lines`` are those of a text that are shown: what follows is not the same each time.
    """

    path: str
    method: str = "GET"
    body: str | None = None
    content_type: str | None = None
    accept: str | None = None
    members: tuple[str, ...] = ()
    lines: int = MOST_LINES

    @property
    def text(self) -> str:
        """The request in one line."""
        said = f"{self.method} {self.path}"
        return said if self.body is None else f"{said} {' '.join(self.body.split())}"


_WRITTEN: Final[Mapping[str, ExampleRequest]] = {
    "get_entity_associations": ExampleRequest(
        f"/api/v1/entity/{SCLEROSIS}/associations?predicate=recommended_for&limit=1"
    ),
    "get_neighborhood": ExampleRequest(f"/api/v1/entity/{SCLEROSIS}/neighborhood?limit=3"),
    "list_associations": ExampleRequest("/api/v1/association?predicate=treats&status=approved&limit=1"),
    "autocomplete_entities": ExampleRequest("/api/v1/autocomplete?q=multiple+sc&limit=2"),
    "find_paths": ExampleRequest(
        f"/api/v1/path?source={TRANSPLANTATION}&target={SCLEROSIS}&k=1&max_hops=2&budget_ms=5000"
    ),
    "get_lineage": ExampleRequest("/api/v1/lineage?cell=CL:0000084"),
    "compare_releases": ExampleRequest("/api/v1/diff?from=1&to=1"),
    "export_graph": ExampleRequest(
        "/api/v1/export?format=csv&predicate=treats&status=approved", accept="text/csv"
    ),
    "read_graph": ExampleRequest(
        "/graph-store?graph=https://w3id.org/stemgraph/graph/go", accept="text/turtle"
    ),
    "get_metrics": ExampleRequest("/metrics", lines=3),
    "get_openapi": ExampleRequest("/openapi.json", members=("openapi", "info", "servers")),
    "get_docs_asset": ExampleRequest("/docs/page.css", accept="text/css"),
    "query_sparql": ExampleRequest(f"/sparql?{urlencode({'query': EXAMPLE})}"),
    "post_sparql": ExampleRequest("/sparql", "POST", EXAMPLE, DIRECT),
    "describe_sparql": ExampleRequest("/.well-known/void", accept="application/n-triples"),
}
"""Requests by operation, where the examples of the required parameters alone do not tell enough."""


def example_requests(associations: str) -> Mapping[str, ExampleRequest]:
    """The request for the example of each operation that reads; those of writes are in their models.

    Args:
        associations: The CURIE of an association that is asked for by id.
    """
    asked = (each for each in OPERATIONS if each.scope == "read" and each.name not in _WRITTEN)
    found = {each.name: _made(each, associations) for each in asked}
    return dict(sorted({**found, **_WRITTEN}.items()))


def _made(operation: Operation[Any], association: str) -> ExampleRequest:
    """A request of the examples that the required parameters are documented with."""
    path, query = operation.path.replace(":path}", "}"), dict[str, str]()
    for each in describe_parameters(operation.parameters, operation.path_names):
        value = str(each.get("example", each["schema"].get("example", "")))
        if each["in"] == "path":
            given = (
                association if path.startswith("/api/v1/association/") else value or _first(each["schema"])
            )
            path = path.replace(f"{{{each['name']}}}", quote(given, safe=":"))
        elif each["required"]:
            query[each["name"]] = value or _first(each["schema"])
        elif each["name"] == "limit":
            query["limit"] = "2"
    address = f"{path}?{urlencode(query, safe=':')}" if query else path
    if operation.takes is None:
        return ExampleRequest(address, operation.method, accept=operation.offers[0])
    body = operation.takes.model_json_schema()["examples"][0]
    return ExampleRequest(address, operation.method, orjson.dumps(body).decode(), JSON)


def _first(schema: Mapping[str, Any]) -> str:
    """A value that the schema of a parameter names."""
    return str([*schema.get("examples", ()), *schema.get("enum", ())][0])

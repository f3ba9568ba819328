"""The endpoint in the terms of OpenAPI."""

from __future__ import annotations

from collections.abc import Iterable
from copy import deepcopy
from typing import Any, Final

from stemgraph.app.access.documentation import KEY
from stemgraph.app.access.origins import GATE_STATUSES
from stemgraph.app.access.preflight import REASON
from stemgraph.app.asked_release import RELEASE, RELEASE_PARAMETER
from stemgraph.app.documentation import RELEASE_HEADERS, describe_problem
from stemgraph.app.examples import with_example
from stemgraph.app.negotiation import HTML, JSON
from stemgraph.app.sparql.formats import FORMAT_NAMES, GRAPH_TYPES, RESULT_TYPES
from stemgraph.app.sparql.request import DIRECT, FORM, UPDATE

Json = dict[str, Any]

EXAMPLE: Final = (
    "SELECT ?therapy ?name WHERE {\n  ?therapy sgv:treats MONDO:0005301 ; rdfs:label ?name\n} LIMIT 10"
)
_GRAPH_LIST: Final[Json] = {"type": "array", "items": {"type": "string", "minLength": 1}}


def _parameter(name: str, description: str, schema: Json) -> Json:
    return {"name": name, "in": "query", "required": False, "description": description, "schema": schema}


_DATASET: Final[list[Json]] = [
    _parameter("default-graph-uri", "IRI of a graph that becomes part of the default graph.", _GRAPH_LIST),
    _parameter("named-graph-uri", "IRI of a graph that GRAPH may name.", _GRAPH_LIST),
]
_FORMAT: Final = _parameter(
    "format",
    "The format of the answer, where the Accept header cannot be set.",
    {"type": "string", "enum": list(FORMAT_NAMES)},
)

GET_DOCUMENTATION: Final[Json] = {
    "parameters": [
        {**_parameter("query", "A SPARQL 1.1 query.", {"type": "string"}), "example": EXAMPLE},
        *_DATASET,
        _FORMAT,
        RELEASE_PARAMETER,
    ]
}
UPDATE_EXAMPLE: Final = (
    "PREFIX ex: <https://example.org/>\nINSERT DATA { GRAPH ex:notes { ex:visit ex:mentions MONDO:0005301 } }"
)
_USING: Final[list[Json]] = [
    _parameter("using-graph-uri", "IRI of a graph that WHERE of an update sees.", _GRAPH_LIST),
    _parameter(
        "using-named-graph-uri", "IRI of a graph that GRAPH in WHERE of an update may name.", _GRAPH_LIST
    ),
]
_CONDITION: Final[Json] = {
    "name": "If-Match",
    "in": "header",
    "required": False,
    "description": 'Of an update: the edition that it is to be made on, as in `"9f2c51d07a3be846.17"`.',
    "schema": {"type": "string"},
}
_REASON: Final[Json] = {
    "name": REASON,
    "in": "header",
    "required": False,
    "description": "Of an update: why it is made, for the audit.",
    "schema": {"type": "string"},
}
POST_DOCUMENTATION: Final[Json] = {
    "parameters": [*_DATASET, _FORMAT, RELEASE_PARAMETER],
    "requestBody": {
        "required": True,
        "content": {
            # No example: schemathesis, which tests us from this document, cannot send one of this type.
            DIRECT: {"schema": {"type": "string"}},
            FORM: {
                "schema": {
                    "type": "object",
                    "required": ["query"],
                    "properties": {
                        "query": {"type": "string"},
                        "format": _FORMAT["schema"],
                        RELEASE: RELEASE_PARAMETER["schema"],
                    },
                },
                "example": {"query": EXAMPLE},
            },
        },
    },
}


def _with_updates() -> Json:
    """The same where updates are taken."""
    found = deepcopy(POST_DOCUMENTATION)
    found["parameters"] += [*_USING, _CONDITION, _REASON]
    found["security"] = [{}, {KEY: ["update"]}]
    content = found["requestBody"]["content"]
    content[UPDATE] = {"schema": {"type": "string"}}
    schema = content[FORM]["schema"]
    del schema["required"]
    schema["oneOf"] = [{"required": ["query"]}, {"required": ["update"]}]
    schema["properties"]["update"] = {"type": "string"}
    example = content[FORM].pop("example")
    content[FORM]["examples"] = {
        "query": {"value": example},
        "update": {"value": {"update": UPDATE_EXAMPLE}},
    }
    return found


def post_documentation(*, updates: bool) -> Json:
    """What is documented of POST beside its responses."""
    return _with_updates() if updates else POST_DOCUMENTATION


def post_responses(*, updates: bool) -> dict[int | str, Json]:
    """The responses of POST."""
    if not updates:
        return POST_RESPONSES
    found = deepcopy(POST_RESPONSES)
    for status in (409, 412, 507):
        found[status] = describe_problem(status)
    whole = found[200]
    whole["description"] = "The whole result of a query, or of an update what it came to."
    whole["content"].setdefault(JSON, {"schema": {"type": "object"}})
    found[401]["description"] = "An update needs a key of scope `update`, and this is none."
    found[403]["description"] = (
        "The query holds SERVICE or a graph that is not here, the update LOAD or a graph that is not "
        "written, or the key does not include the scope `update`."
    )
    found[409]["description"] = "Three times, others had edited the graph before the update was done."
    found[422]["description"] = (
        "A parameter is not taken here, the query took more than one query may, or what the update states "
        "breaks a rule; nothing of it was done."
    )
    found[504]["description"] = "The query or update was ended at its time limit; nothing of it was done."
    return dict(sorted(found.items(), key=lambda each: int(each[0])))


def _answers() -> Json:
    return _contents(sorted({*RESULT_TYPES, *GRAPH_TYPES, HTML}))


def _contents(types: Iterable[str]) -> Json:
    # JSON answers are objects, or arrays in JSON-LD; the others are text.
    return {each: {"schema": {} if each.endswith("json") else {"type": "string"}} for each in types}


def _responses(operation: str, *statuses: int) -> dict[int | str, Json]:
    whole = {"description": "The whole result.", "headers": RELEASE_HEADERS, "content": _answers()}
    found: dict[int | str, Json] = {200: with_example(operation, whole)}
    for status in sorted({*statuses, *GATE_STATUSES}):
        found[status] = describe_problem(status)
    found[404]["description"] = "There is no such release."
    found[403]["description"] = "The query holds SERVICE, an update, or a graph that is not here."
    found[422]["description"] = "A parameter is not taken here, or the query took more than one query may."
    found[504] = {**describe_problem(504), "description": "The query was ended at its time limit."}
    return found


_DESCRIBED: Final[Json] = {
    "description": "The description.",
    "headers": RELEASE_HEADERS,
    "content": _contents(GRAPH_TYPES),
}
DESCRIPTION_DOCUMENTATION: Final[Json] = {"parameters": [_FORMAT, RELEASE_PARAMETER]}
DESCRIPTION_RESPONSES: Final[dict[int | str, Json]] = {
    200: with_example("describe_sparql", _DESCRIBED),
    **{status: describe_problem(status) for status in (400, 404, 406, 422, 503)},
}
GET_RESPONSES: Final[dict[int | str, Json]] = {
    **_responses("query_sparql", 400, 403, 404, 406, 422, 503),
    304: {"description": "The entity tag in If-None-Match is still current."},
}
POST_RESPONSES: Final = _responses("post_sparql", 400, 403, 404, 406, 413, 415, 422, 503)

"""Operations in the terms of OpenAPI, so that FastAPI documents them with everything they take and answer."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from http import HTTPStatus
from typing import Any, Final, cast

from pydantic import BaseModel, ConfigDict, Field

from stemgraph.app.asked_release import RELEASE_PARAMETER
from stemgraph.app.examples import with_example
from stemgraph.app.negotiation import JSON
from stemgraph.app.operation import Operation
from stemgraph.app.parameters import describe_parameters
from stemgraph.app.problems import MEDIA_TYPE

Json = dict[str, Any]


class StemgraphProblem(BaseModel):
    """A refusal, as problem details (RFC 9457)."""

    model_config = ConfigDict(
        extra="allow",
        json_schema_extra={
            "examples": [
                {
                    "type": "https://w3id.org/stemgraph/problem/invalid-parameter",
                    "title": "A parameter is outside its vocabulary or range",
                    "status": 422,
                    "detail": "'treat' is not a predicate",
                    "instance": "/api/v1/association",
                    "place": "predicate",
                    "mend": "did you mean treats?",
                    "suggestions": ["treats"],
                    "request_id": "4bf92f3577b34da6a3ce929d0e0e4736",
                }
            ]
        },
    )

    type: str = Field(description="IRI of the kind of problem.")
    title: str = Field(description="The kind of problem in words.")
    status: int = Field(description="The HTTP status.")
    detail: str = Field(description="What is wrong in this request.")
    instance: str = Field(description="The path that was asked.")
    place: str | None = Field(description="Where it is wrong: a parameter, a header, a line and column.")
    mend: str | None = Field(description="What to do about it.")
    suggestions: list[str] = Field(description="What may have been meant, best first.")
    request_id: str | None = Field(
        description="What the service's log calls this request: your `X-Request-ID` or the trace id of your "
        "`traceparent`, or else a name made for it. It is also in the header `X-Request-ID`."
    )


PROBLEM_REFERENCE: Final[Json] = {"$ref": f"#/components/schemas/{StemgraphProblem.__name__}"}

RELEASE_HEADERS: Final[Json] = {
    "Stemgraph-Release": {
        "description": "The release that answers, its date, its edition (the release's own id; after edits "
        "the number of the last one stands behind it), and that this is not medical advice.",
        "schema": {"type": "string"},
        "required": True,
    },
}
TAG_HEADER: Final[Json] = {
    "ETag": {
        "description": "Strong, of release and request; absent where the clock cut an answer short.",
        "schema": {"type": "string"},
    }
}
LINK_HEADER: Final[Json] = {
    "Link": {"description": 'The next page, with rel="next".', "schema": {"type": "string"}}
}
LOCATION_HEADER: Final[Json] = {
    "Location": {"description": "Where what was made is.", "schema": {"type": "string"}}
}
CONDITIONS: Final[Mapping[str, Json]] = {
    "If-Match": {
        "name": "If-Match",
        "in": "header",
        "required": True,
        "description": "The ETag that reading it gave; the write is refused if it was changed since.",
        "schema": {"type": "string"},
        "example": '"0123456789abcdef-00112233445566778899aabbccddeeff"',
    },
    "If-None-Match": {
        "name": "If-None-Match",
        "in": "header",
        "required": False,
        "description": "`*`: only if it is not there. What is there is never replaced in any case.",
        "schema": {"type": "string", "enum": ["*"]},
    },
}
"""The conditional headers of writes (RFC 9110, section 13), in the terms of OpenAPI."""
DESCRIPTIONS: Final = {
    400: "Something in the request cannot be read.",
    401: "It needs a key, and none was sent, or one that is unknown, expired or revoked.",
    403: "The query, or what the key asks for, is not allowed, or a page of another origin asks for it.",
    404: "An identifier is not in this release, or there is no such release.",
    406: "No offered media type is accepted.",
    409: "It is there already, or others have changed the same since.",
    412: "If-Match names another version than there is.",
    413: "The body is too large.",
    415: "The body is not of a type that is read here.",
    421: "The Host header is no name of this service.",
    422: "A parameter is unknown, repeated, missing, or outside its vocabulary or range.",
    428: "If-Match is missing.",
    429: "This client has asked too much; Retry-After says when to go on.",
    503: "The service cannot answer now.",
    507: "There is no room for the write; nothing of it was done.",
}


def describe_operation(operation: Operation[Any]) -> tuple[dict[int | str, Json], Json]:
    """The ``responses`` and the further members that FastAPI documents of an operation."""
    extra: Json = {}
    parameters = describe_parameters(operation.parameters, operation.path_names)
    if operation.of_release:
        parameters.append(RELEASE_PARAMETER)
    parameters += [CONDITIONS[name] for name in operation.conditions]
    if parameters:
        extra["parameters"] = parameters
    if operation.takes is not None:
        schema = _standing_alone(operation.takes.model_json_schema())
        examples = schema.pop("examples", None)
        content: Json = {"schema": schema}
        if examples:
            content["example"] = examples[0]
        extra["requestBody"] = {"required": True, "content": {JSON: content}}
    if operation.reads:
        extra["requestBody"] = {
            "required": True,
            "content": {each: {"schema": {"type": "string"}} for each in operation.reads},
        }
    responses: dict[int | str, Json] = {}
    if operation.redirects:
        responses[303] = with_example(operation.name, _redirect())
    else:
        for status in operation.statuses:
            responses[status] = with_example(operation.name, _success(operation, status))
    if operation.kept:
        responses[304] = {"description": "The entity tag in If-None-Match is still current."}
    for status in operation.problem_statuses:
        responses[status] = describe_problem(status, with_model=status == 503 and not operation.of_release)
    return responses, extra


def describe_problem(status: int, *, with_model: bool = False) -> Json:
    """The problem response of a status."""
    described: Json = {
        "description": DESCRIPTIONS.get(status, HTTPStatus(status).phrase),
        "content": {MEDIA_TYPE: {"schema": PROBLEM_REFERENCE}},
    }
    if with_model:
        # FastAPI describes a model under the route's own media type only. Naming it once, where readiness is
        # refused, brings its schema into the document; everything else refers to that.
        described["model"] = StemgraphProblem
    return described


def _standing_alone(schema: Json) -> Json:
    """A schema with what it refers to in its place: of a body that is described once."""
    definitions = schema.pop("$defs", {})

    def resolved(value: Any) -> Any:  # noqa: ANN401  # any JSON
        if isinstance(value, dict):
            members = cast("Json", value)
            name = str(members.get("$ref", "")).removeprefix("#/$defs/")
            found = {**definitions[name], **members} if name in definitions else members
            return {key: resolved(each) for key, each in found.items() if key != "$ref" or not name}
        return list(map(resolved, cast("Iterable[Any]", value))) if isinstance(value, list) else value

    alone: Json = resolved(schema)
    return alone


def _success(operation: Operation[Any], status: int) -> Json:
    headers = dict(RELEASE_HEADERS)
    if status == 201:
        headers |= LOCATION_HEADER
    if operation.scope != "read" and operation.method in ("POST", "PUT"):
        headers |= TAG_HEADER
    if operation.kept:
        headers |= TAG_HEADER
    if "cursor" in operation.parameters.model_fields:
        headers |= LINK_HEADER
    texts = [offer for offer in operation.offers if offer != JSON or operation.returns is None]
    described: Json = {"description": operation.summary, "headers": headers}
    if status == 204:
        return described
    if status != operation.statuses[0]:
        described["model"] = operation.returns
    if texts:
        # Clients read every type that ends so as JSON, whose shape is left open.
        described["content"] = {
            offer: {"schema": {} if offer.endswith("json") else {"type": "string"}} for offer in texts
        }
    return described


def _redirect() -> Json:
    location = {"description": "Where to go.", "schema": {"type": "string"}, "required": True}
    return {"description": "See there.", "headers": RELEASE_HEADERS | {"Location": location}}

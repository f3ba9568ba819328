"""The examples of the OpenAPI document are what the bundled graph answers."""

from __future__ import annotations

from typing import Any

import orjson
import pytest
from openapi_spec_validator import validate

from stemgraph.app import Settings, create_app
from stemgraph.app.application import create_router, openapi_document
from stemgraph.app.examples import Example, example_of
from stemgraph.app.examples.asking import make_examples
from stemgraph.app.examples.excerpt import excerpt, text_excerpt
from stemgraph.app.routes import OPERATIONS
from stemgraph.graph import KnowledgeGraph

SPARQL = ("query_sparql", "post_sparql", "describe_sparql")
READS = [operation for operation in OPERATIONS if operation.scope == "read"]
NAMES = [*(operation.name for operation in READS), *SPARQL]


@pytest.fixture(scope="module")
def answered(bundled: KnowledgeGraph) -> dict[str, Example]:
    """What the service answers over the bundled graph."""
    return make_examples(create_app(Settings(sparql_workers=1), knowledge_graph=bundled), bundled)


@pytest.fixture(scope="module")
def document(bundled: KnowledgeGraph) -> dict[str, Any]:
    """The OpenAPI document."""
    document: dict[str, Any] = orjson.loads(orjson.dumps(openapi_document(create_router(bundled))))
    return document


@pytest.mark.parametrize("name", NAMES)
def test_the_example_of_every_route_is_what_the_bundled_graph_answers(
    answered: dict[str, Example], name: str
) -> None:
    example = example_of(name)
    mend = "run `python -m stemgraph.app.examples`"
    assert example is not None, mend
    assert answered[name] == example, mend
    assert example.status in (200, 303)


def test_no_example_is_of_a_route_that_is_not_there(answered: dict[str, Example]) -> None:
    assert sorted(answered) == sorted(NAMES)


@pytest.mark.parametrize("operation", [each for each in READS if each.returns], ids=lambda each: each.name)
def test_an_example_has_the_documented_shape(operation: Any) -> None:
    example = example_of(operation.name)
    assert example is not None
    operation.returns.model_validate(example.body)


def test_every_operation_of_the_document_shows_its_example(document: dict[str, Any]) -> None:
    validate(document)
    shown: dict[str, Any] = {}
    for item in document["paths"].values():
        for operation in item.values():
            responses = operation["responses"]
            if "303" in responses:
                shown[operation["operationId"]] = responses["303"]["headers"]["Location"]["example"]
                continue
            if "security" in operation:
                (model,) = {each.returns for each in OPERATIONS if each.name == operation["operationId"]}
                if model is not None:
                    model.model_validate(model.model_json_schema()["examples"][0])
                continue
            for content in responses["200"]["content"].values():
                if "examples" in content:
                    shown[operation["operationId"]] = content["examples"]["bundle"]["value"]
    assert sorted(shown) == sorted(NAMES)
    assert shown["get_entity"]["label"] == "multiple sclerosis"


def test_the_schema_of_an_answer_stands_beside_its_example(document: dict[str, Any]) -> None:
    content = document["paths"]["/api/v1/entity/{id}"]["get"]["responses"]["200"]["content"]
    assert content["application/json"]["schema"] == {"$ref": "#/components/schemas/EntityAnswer"}
    assert content["application/json"]["examples"]["bundle"]["summary"] == "GET /api/v1/entity/MONDO:0005301"


def test_an_excerpt_cuts_lists_tables_and_texts_and_nothing_else() -> None:
    table = {f"row{number}": number for number in range(50)}
    assert excerpt({"a": [1, 2, 3], "b": {"c": "d"}, "t": table}) == {
        "a": [1, 2],
        "b": {"c": "d"},
        "t": {"row0": 0, "row1": 1},
    }
    assert text_excerpt("one\ntwo") == "one\ntwo"
    assert text_excerpt("x" * 300) == "x" * 240 + "…"
    assert text_excerpt("line\n" * 50).count("\n") == 24

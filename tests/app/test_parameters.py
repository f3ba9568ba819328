from __future__ import annotations

from typing import Annotated

import pytest
from pydantic import Field

from stemgraph.app.errors import ParameterError
from stemgraph.app.parameters import (
    CategoryName,
    EntityId,
    Flag,
    Paging,
    PredicateName,
    Text,
    describe_parameters,
    read_parameters,
)
from stemgraph.graph.errors import MalformedIdentifierError


class Example(Paging):
    id: Annotated[EntityId, Field(description="An entity.")]
    q: Annotated[Text, Field(description="A text.")] = "x"
    negated: Annotated[Flag | None, Field(description="A flag.")] = None
    category: Annotated[CategoryName | None, Field(description="A category.")] = None
    predicate: Annotated[tuple[PredicateName, ...], Field(description="Predicates.")] = ()


def read(*pairs: tuple[str, str], identifier: str = "MONDO:0005301") -> Example:
    return read_parameters(Example, {"id": identifier}, list(pairs))


def test_values_are_read_as_what_they_are() -> None:
    asked = read(("limit", "7"), ("negated", "true"), ("predicate", "treats"), ("predicate", "prevents"))
    assert (asked.limit, asked.negated, asked.predicate) == (7, True, ("treats", "prevents"))


@pytest.mark.parametrize("given", ["mondo:0005301", "http://purl.obolibrary.org/obo/MONDO_0005301"])
def test_another_spelling_of_an_identifier_is_read_as_its_curie(given: str) -> None:
    assert read(identifier=given).id == "MONDO:0005301"


@pytest.mark.parametrize(
    "given", ["", "5301", "NOPE:1", "MONDO:", "MONDO:a b", "MONDO:\x00", "MONDO:" + "1" * 400]
)
def test_what_is_no_identifier_is_refused_by_name(given: str) -> None:
    with pytest.raises(MalformedIdentifierError) as refusal:
        read(identifier=given)
    assert refusal.value.place == "id"


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("limit", "0"),
        ("limit", "201"),
        ("limit", "1_0"),
        ("limit", " 5"),
        ("limit", "5.0"),
        ("limit", "٣"),
        ("limit", "9" * 5000),
        ("limit", ""),
        ("negated", "1"),
        ("negated", "True"),
        ("category", "diseases"),
        ("predicate", "treat"),
        ("cursor", "no good"),
        ("cursor", "a" * 501),
        ("q", ""),
        ("q", "  "),
        ("q", "a\x00b"),
        ("q", "a" * 301),
        ("nonsense", "1"),
        ("id", "MONDO:0005301"),
    ],
)
def test_a_value_outside_its_range_is_refused_by_name(name: str, value: str) -> None:
    with pytest.raises(ParameterError) as refusal:
        read((name, value))
    assert refusal.value.place == name


def test_a_repeated_parameter_is_refused_where_one_is_taken() -> None:
    with pytest.raises(ParameterError, match="more than once"):
        read(("limit", "1"), ("limit", "2"))


@pytest.mark.parametrize(
    ("name", "value", "meant"),
    [
        ("predicate", "treat", "treats"),
        ("category", "diseases", "disease"),
        ("catgory", "disease", "category"),
    ],
)
def test_what_may_have_been_meant_is_suggested(name: str, value: str, meant: str) -> None:
    with pytest.raises(ParameterError) as refusal:
        read((name, value))
    assert meant in refusal.value.suggestions


def test_a_missing_parameter_is_named() -> None:
    with pytest.raises(ParameterError, match="missing") as refusal:
        read_parameters(Example, {}, [])
    assert refusal.value.place == "id"


def test_the_description_says_what_is_enforced() -> None:
    described = {each["name"]: each for each in describe_parameters(Example, {"id"})}
    assert described["id"]["in"] == "path"
    assert described["id"]["required"] is True
    assert described["limit"]["schema"] == {"default": 50, "minimum": 1, "maximum": 200, "type": "integer"}
    assert described["negated"]["schema"] == {"type": "boolean"}
    assert "treats" in described["predicate"]["schema"]["items"]["enum"]
    assert described["predicate"]["explode"] is True
    assert all(each["description"] for each in described.values())


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("limit", "0"),
        ("limit", "x"),
        ("negated", "1"),
        ("category", ""),
        ("category", "zzz"),
        ("predicate", "zzz"),
        ("q", ""),
        ("q", "a" * 301),
        ("cursor", "no good"),
        ("cursor", ""),
        ("nonsense", "1"),
    ],
)
def test_every_refusal_of_a_value_says_what_to_do(name: str, value: str) -> None:
    with pytest.raises(ParameterError) as refusal:
        read((name, value))
    assert refusal.value.mend


def test_a_word_that_is_like_none_gets_the_words_there_are() -> None:
    with pytest.raises(ParameterError) as refusal:
        read(("category", "zzz"))
    assert "cell_type" in (refusal.value.mend or "")

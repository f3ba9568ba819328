"""The page of the models that REST answers with, from the schemas of the OpenAPI document."""

from __future__ import annotations

from typing import Any, Final

from stemgraph.app.reference.markdown import code, page, table
from stemgraph.app.reference.schema_words import WordLists, kind_of

Json = dict[str, Any]

INTRODUCTION: Final = """\
What the JSON answers of [REST](rest.md) hold. Written by `make generate` from the OpenAPI document, whose
schemas at `/openapi.json` say the same for programs."""


def answers_page(document: Json) -> str:
    """The page: a section for each model, in the order of their names."""
    lists = WordLists()
    models: Json = document["components"]["schemas"]
    sections = [_section(name, models[name], lists) for name in sorted(models)]
    words = lists.sections()
    return page("Answers", INTRODUCTION, *sections, "## Words" if words else "", *words)


def _section(name: str, model: Json, lists: WordLists) -> str:
    parts = [f"## {name}", model.get("description", "")]
    if "properties" in model:
        rows = [
            (code(field), kind_of(schema, field, lists), schema.get("description", ""))
            for field, schema in model["properties"].items()
        ]
        if rows:
            parts.append(table(("Field", "Holds", "What"), rows))
    else:
        parts.append(f"Holds {kind_of(model, name, lists)}.")
    return "\n\n".join(part for part in parts if part)

"""The page of the settings, from the settings class."""

from __future__ import annotations

from typing import Any, Final

from stemgraph.app.reference.markdown import code, page, table
from stemgraph.app.reference.schema_words import WordLists, kind_of
from stemgraph.app.settings import Settings

Json = dict[str, Any]

INTRODUCTION: Final = """\
Written by `make generate` from `stemgraph.app.Settings`. The service reads each from its environment variable
once, when it starts; the option of a [command](commands.md) comes before the variable. In Python the names
are those below in lower case, without the prefix: `create_app(Settings(port=9000))`."""

LIBRARY: Final = """\
## The library's

`STEMGRAPH_CACHE` is the directory in which `KnowledgeGraph.bundled()` keeps the compiled graph. Without it,
that is the platform's cache directory of the user."""


def settings_page() -> str:
    """The page: all settings in a table."""
    prefix = Settings.model_config.get("env_prefix", "")
    schema: Json = Settings.model_json_schema()
    lists = WordLists()
    rows = [
        (
            code(f"{prefix}{name}".upper()),
            kind_of(_without_null(field), name, lists),
            _default(field),
            field["description"],
        )
        for name, field in schema["properties"].items()
    ]
    return page("Settings", INTRODUCTION, table(("Variable", "Takes", "Default", "What"), rows), LIBRARY)


def _without_null(field: Json) -> Json:
    given = [each for each in field.get("anyOf", ()) if each.get("type") != "null"]
    return {"anyOf": given} if given else field


def _default(field: Json) -> str:
    value = field.get("default")
    if value is None or value == []:
        return ""
    return code(str(value).lower() if isinstance(value, bool) else value)

"""Generate everything under ``generated/`` from the LinkML schema: ``python -m stemgraph.ontology.generate``.

With ``--check`` nothing is written; the exit code is 1 when a committed file differs from a fresh one.
LinkML is a development dependency, so it is imported inside functions only.
"""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from stemgraph.ontology.identifiers import expand

if TYPE_CHECKING:
    from linkml_runtime import SchemaView
    from linkml_runtime.linkml_model.meta import SlotDefinition

HERE: Final = Path(__file__).parent
SCHEMA: Final = HERE / "schema" / "stemgraph.yaml"
GENERATED: Final = HERE / "generated"
BIOLINK_VERSION: Final = "4.4.6"


def snake_case(name: str) -> str:
    """The name of a category or enumeration from its class name: ``CellType`` becomes ``cell_type``."""
    return re.sub(r"(?<!^)(?=[A-Z])", "_", name).lower()


def vocabulary(view: SchemaView) -> str:
    """The JSON document that ``stemgraph.ontology.vocabulary`` reads."""
    document = {
        "schema_version": view.schema.version,
        "biolink_version": BIOLINK_VERSION,
        "categories": _categories(view),
        "predicates": _predicates(view),
        "qualifiers": _qualifiers(view),
        "enumerations": {
            snake_case(name): {
                "definition": each.description,
                "values": {value: entry.description for value, entry in each.permissible_values.items()},
            }
            for name, each in view.all_enums().items()
        },
    }
    return json.dumps(document, indent=1, ensure_ascii=False) + "\n"


def _categories(view: SchemaView) -> dict[str, Any]:
    return {
        snake_case(name): {
            "iri": expand(each.class_uri),
            "label": snake_case(name).replace("_", " "),
            "definition": each.description,
            # Narrower Biolink classes are left out: they hold for some members only.
            "biolink_classes": _biolink([*each.exact_mappings, *each.broad_mappings]),
            "id_prefixes": list(each.id_prefixes),
        }
        for name, each in view.all_classes().items()
        if "category" in each.in_subset
    }


def _predicates(view: SchemaView) -> dict[str, Any]:
    inverses = {slot.inverse: name for name, slot in view.all_slots().items() if slot.inverse}
    found: dict[str, Any] = {}
    for name, slot in view.all_slots().items():
        if "predicate" not in slot.in_subset:
            continue
        mapping, biolink = next(
            (kind, terms[0])
            for kind in ("exact", "narrow", "broad")
            if (terms := _biolink(getattr(slot, f"{kind}_mappings")))
        )
        found[name] = {
            "iri": expand(slot.slot_uri),
            "label": name.replace("_", " "),
            "definition": slot.description,
            "biolink_predicate": biolink,
            "biolink_mapping": mapping,
            "ontology_property": _ontology_property(slot),
            "domain": _members(view, slot.domain),
            "range": sorted({each for end in _ranges(slot) for each in _members(view, end)}),
            "inverse": slot.inverse or inverses.get(name),
            "symmetric": bool(slot.symmetric),
            "transitive": bool(slot.transitive),
            "key_qualifiers": _annotation(slot, "key_qualifiers").split(),
            "parent": slot.is_a,
        }
    return found


def _qualifiers(view: SchemaView) -> dict[str, Any]:
    enumerations = view.all_enums()
    kinds = {
        "Entity": "entity",
        "Frequency": "frequency",
        "string": "text",
        "boolean": "boolean",
        "integer": "integer",
    }
    found: dict[str, Any] = {}
    for name, slot in view.all_slots().items():
        if "qualifier" not in slot.in_subset:
            continue
        closed = slot.range in enumerations
        found[name] = {
            "iri": expand(slot.slot_uri),
            "definition": slot.description,
            "kind": "enumeration" if closed else "partial_date" if slot.any_of else kinds[slot.range],
            "values": list(enumerations[slot.range].permissible_values) if closed else [],
            "enumeration": snake_case(slot.range) if closed else None,
        }
    return found


def _members(view: SchemaView, class_name: str) -> list[str]:
    """The categories that a domain or range stands for; none for any entity."""
    if class_name == "Entity":
        return []
    return sorted(snake_case(each) for each in view.get_class(class_name).union_of or [class_name])


def _ranges(slot: SlotDefinition) -> list[str]:
    return [each.range for each in slot.any_of] or [slot.range]


def _biolink(terms: list[str]) -> list[str]:
    return [str(term) for term in terms if term.startswith("biolink:")]


def _ontology_property(slot: SlotDefinition) -> str | None:
    terms = [slot.slot_uri, *slot.exact_mappings, *slot.narrow_mappings]
    return next((str(term) for term in terms if not term.startswith(("biolink:", "sgv:"))), None)


def _annotation(slot: SlotDefinition, name: str) -> str:
    return str(slot.annotations[name].value) if name in slot.annotations else ""


def main() -> None:
    from linkml_runtime import SchemaView

    GENERATED.mkdir(exist_ok=True)
    (GENERATED / "vocabulary.json").write_text(vocabulary(SchemaView(str(SCHEMA))))


if __name__ == "__main__":
    main()

"""The names of a release's entities as an index of phrases, and the rules of when a name may match."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from stemgraph.graph.annotation.phrase_index import PhraseIndex
from stemgraph.graph.annotation.words import forms_of, is_acronym
from stemgraph.graph.model import Entity
from stemgraph.ontology import text_patterns

if TYPE_CHECKING:
    from stemgraph.graph.records import MappedRecords

_SHORT: Final = 3
"""Letters up to which a name must be written exactly as it is stored."""
_BACKBONE: Final = frozenset({"subclass_of", "part_of", "develops_from"})


@dataclass(frozen=True, slots=True)
class Name:
    """A name of the entity in a row: its label or a synonym."""

    row: int
    text: str
    is_label: bool

    def allows(self, written: str) -> bool:
        """Whether a piece of text may be this name, by its capitals.

        Acronyms must be written as such, so that *all* is no leukemia; names of up to three letters exactly.
        """
        letters = "".join(filter(str.isalnum, self.text))
        if is_bound_to_capitals(self.text):
            return is_acronym("".join(filter(str.isalnum, written)))
        if len(letters) <= _SHORT and any(map(str.isupper, letters)):
            return written == self.text
        return True


def is_bound_to_capitals(name: str) -> bool:
    """Whether a name is made of acronyms and symbols alone, such as GVHD, IL2RG or CAR-T."""
    words = name.replace("-", " ").replace("/", " ").split()
    return any(map(is_acronym, words)) and all(is_acronym(word) or len(word) <= 2 for word in words)


class NameIndex:
    """Every name of a release, those of ``names.yaml`` included, by the forms of its words."""

    def __init__(self, records: MappedRecords) -> None:
        self._records = records
        self._predicates = records.names["predicate"]
        self.phrases: PhraseIndex[tuple[Name, ...]] = PhraseIndex(
            (forms, tuple(names)) for forms, names in self._gather().items()
        )

    def ranked(self, names: tuple[Name, ...]) -> list[Name]:
        """One name for each entity: labels first, then what more is stated about."""
        best: dict[int, Name] = {}
        for name in sorted(names, key=lambda each: not each.is_label):
            best.setdefault(name.row, name)
        if len(best) == 1:
            return list(best.values())
        return sorted(best.values(), key=lambda each: (not each.is_label, -self._stated(each.row), each.row))

    def _stated(self, row: int) -> int:
        """How much is stated about an entity beside its place in a hierarchy."""
        predicates = self._records.column("predicate").values
        rows = (*self._records.by_subject[row], *self._records.by_object[row])
        return sum(self._predicates[predicates[each]] not in _BACKBONE for each in rows)

    def _gather(self) -> Mapping[tuple[str, ...], list[Name]]:
        current: dict[tuple[str, ...], list[Name]] = defaultdict(list)
        obsolete: dict[tuple[str, ...], list[Name]] = defaultdict(list)
        for row in range(self._records.entity_count):
            entity = self._records.entity_at(row)
            target, kept = (self._replacement(entity), obsolete) if entity.deprecated else (row, current)
            if target is not None:
                for text, is_label in _names_of(entity):
                    kept[forms_of(text)].append(Name(target, text, is_label and not entity.deprecated))
        for forms, name in self._written_otherwise():
            current[forms].append(name)
        for forms, names in obsolete.items():
            if forms not in current:
                current[forms] = names
        return current

    def _written_otherwise(self) -> Iterator[tuple[tuple[str, ...], Name]]:
        """The names that running text uses and no vocabulary has."""
        for written in text_patterns.further_names():
            row = self._records.entity_row(written.entity)
            if row is not None:
                for text in written.names:
                    yield forms_of(text), Name(row, text, is_label=False)

    def _replacement(self, entity: Entity) -> int | None:
        """The row of the one entity that stands in for an obsolete one."""
        return self._records.entity_row(entity.replaced_by[0]) if len(entity.replaced_by) == 1 else None


def _names_of(entity: Entity) -> Iterator[tuple[str, bool]]:
    for position, name in enumerate((entity.label, *entity.synonyms)):
        if sum(map(str.isalpha, name)) > 1:
            yield name, position == 0

"""The names of a release's entities as an index of phrases, and the rules of when a name may match."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from copy import copy
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
_LONGEST_ACRONYM: Final = 5
_BACKBONE: Final = frozenset({"subclass_of", "part_of", "develops_from"})


@dataclass(frozen=True, slots=True)
class Name:
    """A name of the entity in a row: its label or a synonym."""

    row: int
    text: str
    is_label: bool
    is_acronym: bool
    """Whether it is made of acronyms and symbols alone, such as GVHD, IL2RG or CAR-T."""

    def allows(self, written: str) -> bool:
        """Whether a piece of text may be this name, by its capitals.

        Acronyms must be written as such, so that *all* is no leukemia; names of up to three letters exactly.
        """
        if self.is_acronym:
            return is_acronym("".join(filter(str.isalnum, written)))
        letters = "".join(filter(str.isalnum, self.text))
        if len(letters) <= _SHORT and any(map(str.isupper, letters)):
            return written == self.text
        return True


def _is_made_of_acronyms(name: str) -> bool:
    words = name.replace("-", " ").replace("/", " ").split()
    return any(map(is_acronym, words)) and all(is_acronym(word) or len(word) <= 2 for word in words)


def _is_acronym_in_small_letters(name: str, names: Sequence[str]) -> bool:
    """Whether a short word is an acronym of another name that was stored in small letters.

    Its letters stand in that name in their order, the first of them at the front: *fed* is fish eye disease.
    """
    if not (name.isalpha() and name.islower() and len(name) <= _LONGEST_ACRONYM):
        return False
    longer = [other for other in names if " " in other]
    if any(name in other.split() for other in longer):
        return False
    return any(other[0].casefold() == name[0] and _stand_in_order(name, other.casefold()) for other in longer)


def _stand_in_order(letters: str, name: str) -> bool:
    rest = iter(name)
    return all(letter in rest for letter in letters)


class NameIndex:
    """Every name of a release, those of ``names.yaml`` included, by the forms of its words."""

    def __init__(self, records: MappedRecords) -> None:
        self._set_records(records)
        self._without = self._qualities()
        self.phrases: PhraseIndex[tuple[Name, ...]] = PhraseIndex(
            (forms, tuple(names)) for forms, names in self._gather().items()
        )

    def on(self, records: MappedRecords) -> NameIndex | None:
        """The index of other records whose entities have the same names in the same rows.

        None where they must be indexed anew, for other entities are qualities among them.
        """
        index = copy(self)
        index._set_records(records)
        return index if index._qualities() == self._without else None

    def _set_records(self, records: MappedRecords) -> None:
        self._records = records
        self._predicates = records.names["predicate"]

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
            if row in self._without:
                continue
            entity = self._records.entity_at(row)
            target, kept = (self._replacement(entity), obsolete) if entity.deprecated else (row, current)
            if target is not None:
                for name in _names_of(entity, target):
                    kept[forms_of(name.text)].append(name)
        for forms, name in self._written_otherwise():
            current[forms].append(name)
        for forms, names in obsolete.items():
            if forms not in current:
                current[forms] = names
        for word in text_patterns.ordinary_words():
            current.pop(forms_of(word), None)
        return current

    def _qualities(self) -> set[int]:
        """The rows of what is a quality and no thing: *rare*, *inherited*."""
        subclass_of = self._predicates.index("subclass_of") if "subclass_of" in self._predicates else -1
        subjects, predicates = (self._records.column(name).values for name in ("subject", "predicate"))
        found: set[int] = set()
        rows = [self._records.entity_row(each) for each in text_patterns.qualities()]
        waiting = [row for row in rows if row is not None]
        while waiting:
            row = waiting.pop()
            if row not in found:
                found.add(row)
                kinds = (each for each in self._records.by_object[row] if predicates[each] == subclass_of)
                waiting.extend(subjects[each] for each in kinds)
        return found

    def _written_otherwise(self) -> Iterator[tuple[tuple[str, ...], Name]]:
        """The names that running text uses and no vocabulary has."""
        for written in text_patterns.further_names():
            row = self._records.entity_row(written.entity)
            if row is not None:
                for text in written.names:
                    yield forms_of(text), Name(row, text, False, _is_made_of_acronyms(text))

    def _replacement(self, entity: Entity) -> int | None:
        """The row of the one entity that stands in for an obsolete one."""
        return self._records.entity_row(entity.replaced_by[0]) if len(entity.replaced_by) == 1 else None


def _names_of(entity: Entity, row: int) -> Iterator[Name]:
    names = (entity.label, *entity.synonyms)
    for position, text in enumerate(names):
        if sum(map(str.isalpha, text)) > 1:
            small = position > 0 and _is_acronym_in_small_letters(text, names)
            yield Name(
                row, text, position == 0 and not entity.deprecated, small or _is_made_of_acronyms(text)
            )

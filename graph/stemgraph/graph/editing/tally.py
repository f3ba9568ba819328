"""The statistics of a release, kept up as records come and go."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from copy import deepcopy
from typing import Any, Final

from stemgraph.graph.model import Record
from stemgraph.graph.statistics import pattern_records, ranked

_ASSOCIATION_GROUPS: Final = ("predicate", "status", "source", "primary_knowledge_source", "knowledge_level")
_EVIDENCE_GROUPS: Final = ("stance", "study_design", "source_tier")


class Tally:
    """Counts of records by what they are."""

    def __init__(self, statistics: Record) -> None:
        self._totals: Counter[str] = Counter(statistics["totals"])
        self._groups: dict[tuple[str, str], Counter[str]] = {
            (part, name): Counter(counts)
            for part in ("entities", "associations", "evidence", "quads")
            for name, counts in statistics[part].items()
            if name != "by_pattern"
        }
        self._patterns: Counter[tuple[str, str, str]] = Counter(
            {
                (each["subject_category"], each["predicate"], each["object_category"]): each["count"]
                for each in statistics["associations"]["by_pattern"]
            }
        )

    def copy(self) -> Tally:
        """One that is counted on apart from this one."""
        return deepcopy(self)

    def count_association(self, record: Mapping[str, Any], change: int) -> None:
        """Count an association in (1) or out (-1)."""
        self._totals["associations"] += change
        self._totals["negated_associations"] += change * bool(record["negated"])
        for name in _ASSOCIATION_GROUPS:
            self._groups["associations", f"by_{name}"][record[name]] += change
        for subject in record["subject"]["categories"]:
            for object_ in record["object"]["categories"]:
                self._patterns[subject, record["predicate"], object_] += change

    def count_entity(self, record: Mapping[str, Any], change: int) -> None:
        """Count an entity in (1) or out (-1)."""
        self._totals["entities"] += change
        self._totals["deprecated_entities"] += change * bool(record["deprecated"])
        self._groups["entities", "by_source"][record["source"]] += change
        for category in record["categories"]:
            self._groups["entities", "by_category"][category] += change

    def count_evidence(self, record: Mapping[str, Any], change: int) -> None:
        """Count a piece of evidence in (1) or out (-1)."""
        self._totals["evidence"] += change
        for name in _EVIDENCE_GROUPS:
            if record[name] or name != "study_design":
                self._groups["evidence", f"by_{name}"][str(record[name])] += change

    def count_quads(self, graph: str, change: int) -> None:
        """Count quads of a named graph in or out."""
        self._totals["quads"] += change
        self._groups["quads", "by_source"][graph] += change

    def to_record(self) -> Record:
        """The statistics, as a release keeps them."""
        record: Record = {"totals": dict(self._totals)}
        for (part, name), counted in self._groups.items():
            record.setdefault(part, {})[name] = ranked(+counted)
        record["associations"]["by_pattern"] = pattern_records(+self._patterns)
        return record

"""How much of what a release holds, counted once when it is compiled."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping

from stemgraph.graph.gathering import Gathering, graph_name
from stemgraph.graph.model import Record
from stemgraph.graph.writing import RecordWriter


def count_release(gathering: Gathering, writer: RecordWriter) -> Record:
    """The statistics of a release: totals, and associations, entities and evidence by what they are."""
    standing = [writer.standing(draft) for draft in writer.drafts]
    records = [gathering.entities[curie].record for curie in writer.curies]
    evidence = gathering.evidence.values()
    return {
        "totals": {
            "entities": len(records),
            "deprecated_entities": sum(record["deprecated"] for record in records),
            "associations": len(writer.drafts),
            "negated_associations": sum(each["negated"] for each in standing),
            "evidence": len(gathering.evidence),
            "quads": gathering.quads.total(),
        },
        "entities": {
            "by_category": _ranked(category for record in records for category in record["categories"]),
            "by_source": _ranked(record["source"] for record in records),
        },
        "associations": {
            "by_predicate": _ranked(draft.predicate for draft in writer.drafts),
            "by_status": _ranked(each["status"] for each in standing),
            "by_source": _ranked(draft.source for draft in writer.drafts),
            "by_primary_knowledge_source": _ranked(each["primary_knowledge_source"] for each in standing),
            "by_knowledge_level": _ranked(each["knowledge_level"] for each in standing),
            "by_pattern": _patterns(gathering, writer),
        },
        "evidence": {
            "by_stance": _ranked(each["stance"] for each in evidence),
            "by_study_design": _ranked(each["study_design"] for each in evidence if each["study_design"]),
            "by_source_tier": _ranked(str(each["source_tier"]) for each in evidence),
        },
        "quads": {
            "by_source": ranked({graph_name(graph): count for graph, count in gathering.quads.items()})
        },
    }


def ranked(counted: Mapping[str, int]) -> dict[str, int]:
    """Counts, the largest first, equal ones by name."""
    return dict(sorted(counted.items(), key=lambda item: (-item[1], item[0])))


def pattern_records(counted: Mapping[tuple[str, str, str], int]) -> list[Record]:
    """Counts of which category stands in which relation to which, the largest first."""
    return [
        {"subject_category": subject, "predicate": predicate, "object_category": object_, "count": count}
        for (subject, predicate, object_), count in sorted(
            counted.items(), key=lambda item: (-item[1], item[0])
        )
    ]


def _ranked(values: Iterable[str]) -> dict[str, int]:
    return ranked(Counter(values))


def _patterns(gathering: Gathering, writer: RecordWriter) -> list[Record]:
    """Which category stands in which relation to which, and how often."""
    categories = {curie: draft.record["categories"] for curie, draft in gathering.entities.items()}
    counted = Counter(
        (subject, draft.predicate, object_)
        for draft in writer.drafts
        for subject in categories[draft.subject]
        for object_ in categories[draft.object]
    )
    return pattern_records(counted)

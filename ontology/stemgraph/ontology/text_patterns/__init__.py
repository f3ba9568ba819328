"""How texts name things and state relations: the patterns of ``data/patterns`` as frozen values."""

from stemgraph.ontology.text_patterns.reading import (
    cues,
    further_names,
    ordinary_words,
    phrase_relations,
    phrases,
    qualities,
    relations,
    strengths,
)
from stemgraph.ontology.text_patterns.records import (
    Cues,
    Element,
    FurtherName,
    Phrase,
    Reference,
    Relation,
    RelationPattern,
    Strengths,
)

__all__ = [
    "Cues",
    "Element",
    "FurtherName",
    "Phrase",
    "Reference",
    "Relation",
    "RelationPattern",
    "Strengths",
    "cues",
    "further_names",
    "ordinary_words",
    "phrase_relations",
    "phrases",
    "qualities",
    "relations",
    "strengths",
]

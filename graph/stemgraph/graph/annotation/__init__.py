"""Finding the graph's entities in running text."""

from stemgraph.graph.annotation.annotation import Annotation, Annotations, Candidate
from stemgraph.graph.annotation.annotator import Annotator

__all__ = ["Annotation", "Annotations", "Annotator", "Candidate"]

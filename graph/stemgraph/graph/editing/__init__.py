"""Editions: a release with edits, readable at once and answering as if compiled anew."""

from stemgraph.graph.editing.editing import edited
from stemgraph.graph.editing.edits import Edits

__all__ = ["Edits", "edited"]

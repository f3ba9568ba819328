"""Import and export: one module for each family of formats, one function for each direction."""

from stemgraph.graph.formats.reading import IMPORT_FORMATS, read_dataset
from stemgraph.graph.formats.registry import EXPORT_FORMATS, ExportFormat, export, export_format, export_graph
from stemgraph.graph.formats.selection import Selection

__all__ = [
    "EXPORT_FORMATS",
    "IMPORT_FORMATS",
    "ExportFormat",
    "Selection",
    "export",
    "export_format",
    "export_graph",
    "read_dataset",
]

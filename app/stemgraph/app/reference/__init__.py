"""The reference documentation, written from the thing itself: ``python -m stemgraph.app.reference``.

REST comes from the OpenAPI document, commands from their help, settings from the settings class, and what is
inside from the statistics of the release.
"""

from stemgraph.app.reference.pages import differences, reference_pages, write_pages

__all__ = ["differences", "reference_pages", "write_pages"]

"""The page in which a person writes queries: YASGUI, an editor and a table of what comes back."""

from __future__ import annotations

from typing import Final

from stemgraph.app.routes.documents import page_file

# The editor and the table set styles on elements, which 'self' does not allow. No script stands in the page.
PAGE_POLICY: Final = (
    b"default-src 'none'; script-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' data:; "
    b"font-src 'self' data:; connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
)


def sparql_page() -> bytes:
    """The page; what it loads stands beside it under ``docs/``."""
    return page_file("sparql.html")

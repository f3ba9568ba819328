"""What describes the service: its OpenAPI document, and a page to read and try it."""

from __future__ import annotations

from functools import cache
from importlib.resources import files
from typing import Annotated, Final

from pydantic import Field

from stemgraph.app.negotiation import HTML, JSON
from stemgraph.app.operation import Answer, Call, get
from stemgraph.app.parameters import Parameters, Word

# Swagger UI sets styles through the CSSOM, which 'self' allows, and shows its own icons as data: images.
DOCS_POLICY: Final = (
    b"default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; connect-src 'self'; "
    b"base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
)

ASSETS: Final = {
    "swagger-ui.css": "text/css",
    "swagger-ui-bundle.js": "text/javascript",
    "favicon-32x32.png": "image/png",
    "docs.js": "text/javascript",
    "docs.css": "text/css",
    "LICENSE": "text/plain",
    "NOTICE": "text/plain",
}
"""The files of the page, vendored from the npm package swagger-ui-dist, with their media types."""


class AssetPath(Parameters):
    """A file of the documentation page."""

    name: Annotated[str, Word("file of the page", lambda: ASSETS), Field(description="Name of the file.")]


@get("/openapi.json", tag="operations", parameters=Parameters, offers=(JSON,), kept=True)
def get_openapi(call: Call[Parameters]) -> Answer:
    """This document."""
    return Answer(call.service.describe())


@get("/docs", tag="operations", parameters=Parameters, offers=(HTML,), policy=DOCS_POLICY)
def get_docs(call: Call[Parameters]) -> Answer:
    """A page to read about the routes and to try them; it loads nothing from another host."""
    return Answer(_page("docs.html"), HTML)


@get(
    "/docs/{name}",
    tag="operations",
    parameters=AssetPath,
    offers=tuple(dict.fromkeys(ASSETS.values())),
)
def get_docs_asset(call: Call[AssetPath]) -> Answer:
    """A file of the documentation page."""
    name = call.parameters.name
    return Answer(_page(f"swagger/{name}"), ASSETS[name])


@cache
def _page(name: str) -> bytes:
    return files("stemgraph.app").joinpath("pages", *name.split("/")).read_bytes()

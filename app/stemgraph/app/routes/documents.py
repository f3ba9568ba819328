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
    "page.css": ("page.css", "text/css"),
    "docs.js": ("docs.js", "text/javascript"),
    "swagger-ui.css": ("swagger/swagger-ui.css", "text/css"),
    "swagger-ui-bundle.js": ("swagger/swagger-ui-bundle.js", "text/javascript"),
    "favicon-32x32.png": ("swagger/favicon-32x32.png", "image/png"),
    "sparql.js": ("sparql/sparql.js", "text/javascript"),
    "sparql.css": ("sparql/sparql.css", "text/css"),
    "LICENSES.txt": ("sparql/LICENSES.txt", "text/plain"),
    "LICENSE": ("swagger/LICENSE", "text/plain"),
    "NOTICE": ("swagger/NOTICE", "text/plain"),
}
"""The files that pages load, with their media types.

``swagger/`` is the npm package swagger-ui-dist; ``sparql/`` is built in ``web/`` from @zazuko/yasgui.
"""

ASSET_TYPES: Final = tuple(dict.fromkeys(media_type for _, media_type in ASSETS.values()))


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
    return Answer(page_file("docs.html"), HTML)


@get(
    "/docs/{name}",
    tag="operations",
    parameters=AssetPath,
    offers=ASSET_TYPES,
)
def get_docs_asset(call: Call[AssetPath]) -> Answer:
    """A file of the documentation page."""
    file, media_type = ASSETS[call.parameters.name]
    return Answer(page_file(file), media_type)


@cache
def page_file(name: str) -> bytes:
    """A file of the package data that pages are made of."""
    return files("stemgraph.app").joinpath("pages", *name.split("/")).read_bytes()

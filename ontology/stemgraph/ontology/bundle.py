"""The bundle: the release that ships inside the package."""

from __future__ import annotations

import json
from functools import cache
from pathlib import Path
from typing import Any, Final

from stemgraph.ontology.errors import ContentError

GRAPH_NAME: Final = "graph.nq.gz"
RELEASE_NAME: Final = "release.json"


def bundle_directory() -> Path:
    """The directory of the bundle inside this package: ``graph.nq.gz`` and ``release.json``."""
    return Path(__file__).parent / "data" / "bundle"


@cache
def bundled_release() -> dict[str, Any]:
    """Number, digest, date, sources and counts of the bundle; decoded JSON.

    Raises:
        ContentError: The bundle is missing or its description does not parse.
    """
    path = bundle_directory() / RELEASE_NAME
    try:
        release: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
    except OSError as problem:
        raise ContentError(
            "the bundle is missing",
            place=str(path),
            mend="run `stemgraph build`, or install the package again",
        ) from problem
    except json.JSONDecodeError as problem:
        raise ContentError(
            f"the bundle's description does not parse: {problem}",
            place=str(path),
            mend="run `stemgraph build`",
        ) from problem
    return release

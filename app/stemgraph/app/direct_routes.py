"""The short way of a GET to its route: past the layers of Starlette and FastAPI, which have no part in it.

They are asked for whatever is not found here: other methods, other paths, and routes that were added.
"""

from __future__ import annotations

import re
from collections.abc import Iterable

from fastapi import Request
from starlette.routing import BaseRoute
from starlette.types import Receive, Scope, Send

from stemgraph.app.routing import OperationRoute


class DirectRoutes:
    """The routes of operations that are read by GET, by the segment after ``/api/v1``.

    Args:
        routes: All routes, in the order in which they are tried.
    """

    def __init__(self, routes: Iterable[BaseRoute]) -> None:
        self._by_segment: dict[str, list[tuple[re.Pattern[str], OperationRoute]]] = {}
        for route in routes:
            if isinstance(route, OperationRoute) and "GET" in (route.methods or ()):
                segment = _segment(route.path)
                if segment and "{" not in segment:
                    self._by_segment.setdefault(segment, []).append((route.path_regex, route))

    def find(self, scope: Scope) -> OperationRoute | None:
        """The route of a request, which is told its parameters; None where Starlette is to look for it."""
        path: str = scope["path"]
        if scope["method"] != "GET" or scope.get("root_path") or "\n" in path:
            return None
        for pattern, route in self._by_segment.get(_segment(path), ()):
            found = pattern.match(path)
            if found is not None:
                scope["route"] = route
                scope["path_params"] = found.groupdict()
                return route
        return None

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Have the route that was found answer."""
        route: OperationRoute = scope["route"]
        response = await route.endpoint(Request(scope, receive))
        await response(scope, receive, send)


def _segment(path: str) -> str:
    """The third segment of a path; empty where it has no more than two."""
    return path.split("/", 4)[3] if path.startswith("/api/v1/") else ""

"""The peer of the edge: the same service and its kept answers, on uvicorn as it comes, without our gate."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Any

import uvicorn

from stemgraph.app import Settings, create_app


def unguarded(data: str) -> Any:
    """The service without what every request passes first."""
    app = create_app(Settings(data=Path(data)))

    async def answer(scope: dict[str, Any], receive: Any, send: Any) -> None:
        if scope["type"] == "http" and app.cache is not None:
            await app.cache(scope, receive, send)
        else:
            await app(scope, receive, send)

    return answer


if __name__ == "__main__":
    uvicorn.run(
        unguarded(sys.argv[2]),
        host="127.0.0.1",
        port=int(sys.argv[1]),
        loop="uvloop",
        http="httptools",
        access_log=False,
        log_level="warning",
        server_header=False,
        proxy_headers=False,
    )

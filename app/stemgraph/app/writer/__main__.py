"""``python -m stemgraph.app.writer DATA PARENT``: the writer process; see ``process``."""

from __future__ import annotations

import asyncio
import logging
import sys
from pathlib import Path

from stemgraph.app.jail.confinement import end_with_parent
from stemgraph.app.writer.lock import WriterLock
from stemgraph.app.writer.process import FAILED, WriterProcess
from stemgraph.app.writer.supervision import ANOTHER, REFUSED
from stemgraph.graph.errors import StemgraphError


def main() -> int:
    """Serve one data directory; the exit code."""
    data = Path(sys.argv[1])
    end_with_parent(int(sys.argv[2]))
    logging.basicConfig(format="%(levelname)s %(name)s: %(message)s", level=logging.WARNING)
    lock = WriterLock(data)
    try:
        if not lock.take():
            return ANOTHER

        async def serve() -> int:
            return await WriterProcess(data).run()

        return asyncio.run(serve())
    except StemgraphError as error:
        print(error, flush=True)  # noqa: T201  # read by the process that started this one
        return REFUSED
    except Exception:
        logging.getLogger("stemgraph.writer").exception("the writer failed")
        return FAILED


if __name__ == "__main__":
    sys.exit(main())

"""Publishing the edited state as the next release, in a process of its own: writes go on meanwhile."""

from __future__ import annotations

import asyncio
import json
import os
import sys
from pathlib import Path
from typing import Final

from stemgraph.app.errors import StorageFullError, UnavailableError
from stemgraph.graph.errors import BadRequestError
from stemgraph.graph.release import DataDirectory

_REFUSED: Final = 2


async def publish_in_own_process(data: Path) -> tuple[int, str]:
    """Publish; the number of the last edit in the release, and its id.

    Raises:
        StorageFullError: There is no room; what is served stays.
        UnavailableError: It failed; what is served stays.
    """
    process = await asyncio.create_subprocess_exec(
        sys.executable,
        "-m",
        "stemgraph.app.writer.publishing",
        str(data),
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.PIPE,
        env=os.environ,
    )
    output, complaint = await process.communicate()
    if process.returncode == 0:
        release, sequence = json.loads(output)
        return sequence, release
    lines = complaint.decode(errors="replace").strip().splitlines()
    reason = lines[-1] if lines else f"it ended with {process.returncode}"
    if "No space left" in reason:
        raise StorageFullError("there is no room for another release", mend="make room and publish again")
    if process.returncode == _REFUSED:
        raise BadRequestError(reason)
    raise UnavailableError(f"publishing failed: {reason}", mend="what is served stays; publish again")


def main() -> int:
    """Publish in this process; the release and the number of its last edit on standard output."""
    from stemgraph.graph.unpublished import publish_edits  # noqa: PLC0415  # needed here alone

    try:
        published = publish_edits(DataDirectory(Path(sys.argv[1])))
    except BadRequestError as error:
        print(error, file=sys.stderr)  # noqa: T201  # read by the writer
        return _REFUSED
    print(json.dumps([published.release.id, published.directory.release.sequence]))  # noqa: T201  # as above
    return 0


if __name__ == "__main__":
    sys.exit(main())

"""Following a data directory: what becomes current there is served from then on, without a restart."""

from __future__ import annotations

import asyncio
import logging
from typing import TYPE_CHECKING

from stemgraph.graph.current_edition import CurrentEdition, open_current
from stemgraph.graph.errors import DataDirectoryError
from stemgraph.graph.release import DataDirectory

if TYPE_CHECKING:
    from stemgraph.app.service import Instance
    from stemgraph.graph import KnowledgeGraph

logger = logging.getLogger("stemgraph.app")


class Following:
    """Looks into the data directory of an instance now and then, and swaps what it serves.

    Where the instance has a writer, that tells of editions at once, and this does nothing. Nothing is
    followed either where one release, the bundle, or a graph that another opened is served.
    """

    def __init__(self, instance: Instance) -> None:
        settings = instance.settings
        self._instance = instance
        self._seconds = settings.follow_seconds
        opened_here = instance.current.owned and settings.release is None
        follows = self._seconds > 0 and opened_here and instance.writer is None
        self._data = DataDirectory(settings.data) if follows and settings.data is not None else None
        self._task: asyncio.Task[None] | None = None
        self._complaint = ""

    def start(self) -> None:
        """Begin to look, where there is anything to follow."""
        if self._data is not None:
            self._task = asyncio.create_task(self._follow(self._data))

    async def stop(self) -> None:
        """Look no more."""
        if self._task is not None:
            self._task.cancel()
            await asyncio.gather(self._task, return_exceptions=True)

    async def _follow(self, data: DataDirectory) -> None:
        while True:
            await asyncio.sleep(self._seconds)
            graph = await asyncio.to_thread(self._moved, data)
            if graph is not None:
                logger.info("now serving edition %s", graph.edition.id)
                self._instance.swap(graph)

    def _moved(self, data: DataDirectory) -> KnowledgeGraph | None:
        """The graph that is to be served from now on, or None; one that cannot be opened is none."""
        named = CurrentEdition.of(data)
        current = self._instance.current.graph
        edition = current.edition
        served = edition.release.id, edition.sequence
        if not named.release or served == (named.release, named.sequence or edition.release.sequence):
            return None
        try:
            return open_current(type(current), data, earlier=current)
        except DataDirectoryError as error:
            if CurrentEdition.of(data) == named and str(error) != self._complaint:
                self._complaint = str(error)
                logger.error("%s cannot be served: %s", named, error)  # noqa: TRY400  # one line
            return None

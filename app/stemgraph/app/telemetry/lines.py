"""The lines of the log: ours, uvicorn's and those of libraries in one form, for a console or as JSON."""

from __future__ import annotations

import logging
import os
import re
import sys
from typing import TYPE_CHECKING, Any, Final, Literal, TextIO

from stemgraph.app.telemetry.request_record import current_request

if TYPE_CHECKING:
    from collections.abc import MutableMapping

LogFormat = Literal["console", "json"]
LogLevel = Literal["debug", "info", "warning", "error"]

_SECRETS: Final = re.compile(r"(?i)\b(sg_[0-9a-f]{12}_)[\w-]+|\b(bearer\s+|basic\s+)[\w.~+/=-]+")
_ALWAYS: Final = ("stemgraph.access", "stemgraph.slow")
"""Loggers that say what was asked for by a setting of its own, whatever the level is."""


class LineFormatter(logging.Formatter):
    """Makes a line of a log record; structlog, which takes its time to be imported, comes with the first.

    Args:
        form: For a person's eyes, or one JSON object a line.
        colours: Whether a console line is coloured.
    """

    def __init__(self, form: LogFormat, *, colours: bool = False) -> None:
        super().__init__()
        self._form = form
        self._colours = colours
        self._made: logging.Formatter | None = None

    def format(self, record: logging.LogRecord) -> str:
        """The line."""
        if self._made is None:
            self._made = self._make()
        return self._made.format(record)

    def _make(self) -> logging.Formatter:
        import structlog  # noqa: PLC0415  # a fifth of a second, which a start without a line saves

        before: list[Any] = [
            structlog.stdlib.add_log_level,
            structlog.stdlib.add_logger_name,
            structlog.processors.TimeStamper(fmt="iso", utc=True, key="time"),
            add_request,
            structlog.processors.format_exc_info,
            without_secrets,
        ]
        rendering: Any
        if self._form == "json":
            rendering = [structlog.processors.JSONRenderer(ensure_ascii=False)]
        else:
            rendering = [structlog.dev.ConsoleRenderer(colors=self._colours, timestamp_key="time")]
        return structlog.stdlib.ProcessorFormatter(
            foreign_pre_chain=before,
            processors=[structlog.stdlib.ProcessorFormatter.remove_processors_meta, *rendering],
        )


def add_request(_: object, __: str, event: MutableMapping[str, Any]) -> MutableMapping[str, Any]:
    """Add the fields that came with the record, and the id of the request that is being answered."""
    event.update(getattr(event.get("_record"), "fields", {}))
    if "request_id" not in event and (request := current_request.get()) is not None:
        event["request_id"] = request.id
    return event


def without_secrets(_: object, __: str, event: MutableMapping[str, Any]) -> MutableMapping[str, Any]:
    """Strike keys and passwords out of whatever is said."""
    for name, value in event.items():
        if isinstance(value, str):
            event[name] = _SECRETS.sub(lambda found: f"{found[1] or found[2]}…", value)
    return event


def configure_logging(form: LogFormat, level: LogLevel, *, stream: TextIO | None = None) -> None:
    """Have this process write its log lines to a stream (standard error by default)."""
    chosen: TextIO = stream or sys.stderr
    handler = logging.StreamHandler(chosen)
    handler.setFormatter(LineFormatter(form, colours=_takes_colours(chosen)))
    root = logging.getLogger()
    root.handlers = [handler]
    root.setLevel(level.upper())
    for name in _ALWAYS:
        logging.getLogger(name).setLevel(logging.INFO)


def _takes_colours(stream: TextIO) -> bool:

    return stream.isatty() and not os.environ.get("NO_COLOR")

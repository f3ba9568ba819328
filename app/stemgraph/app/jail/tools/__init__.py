"""The tools of the jail: functions that work on what strangers send, each in a worker of its module.

A tool is a function ``(payload, body) -> (answer, bytes)`` of the module that is named here. What it refuses
it raises, as anywhere: the exception arrives at who called ``Jail.run``. Tools of one module share workers,
which import it once.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

_TEXTS: Final = "stemgraph.app.jail.tools.texts"
_PARSING: Final = "stemgraph.app.jail.tools.parsing"

TOOLS: Final[Mapping[str, str]] = {
    "parse": _PARSING,
    "annotate": _TEXTS,
    "check": _TEXTS,
    "ready": _TEXTS,
    "validate": "stemgraph.app.jail.tools.validation",
    "update_diff": "stemgraph.app.jail.tools.updating",
}
"""Module by tool; the function has the tool's name."""

WORKERS: Final[Mapping[str, int]] = {_TEXTS: 2, _PARSING: 2}
"""Number of workers of a module that has more than one."""

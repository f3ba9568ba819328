"""The text that a command reads: a file, or standard input."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from stemgraph.graph.errors import FormatError

TextArgument = Annotated[
    str,
    typer.Argument(metavar="FILE", help="A text file in UTF-8; - for standard input.", show_default=False),
]


def read_text(given: str) -> str:
    """The text of a file, or of standard input.

    Raises:
        FormatError: It cannot be read, or is not UTF-8.
    """
    try:
        data = typer.get_binary_stream("stdin").read() if given == "-" else Path(given).read_bytes()
        return data.decode("utf-8-sig")
    except OSError as error:
        raise FormatError(f"cannot be read: {error.strerror}", place=given) from error
    except UnicodeDecodeError as error:
        raise FormatError("is not UTF-8", place=given, mend="save it as UTF-8") from error

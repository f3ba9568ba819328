"""Names as they are compared: without case, accents, punctuation and doubled spaces."""

from __future__ import annotations

import re
import unicodedata
from typing import Final

_WORD: Final = re.compile(r"[^\W_]+\+?")
_COMBINING: Final = dict.fromkeys(range(768, 880))


def normalise_name(name: str) -> str:
    """``Graft-versus-Host  disease`` becomes ``graft versus host disease``; ``CD34+`` keeps its plus."""
    return " ".join(words_of(name))


def words_of(name: str) -> list[str]:
    """The words of a name, in lower case and without accents."""
    text = name if name.isascii() else unicodedata.normalize("NFKD", name).translate(_COMBINING)
    return _WORD.findall(text.casefold())

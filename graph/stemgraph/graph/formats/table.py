"""Export of associations as one flat CSV table."""

from __future__ import annotations

import csv
from typing import IO

from stemgraph.graph.formats.rows import ASSOCIATION_COLUMNS, association_row, qualifier_names
from stemgraph.graph.formats.selection import Selection


def write_csv(selection: Selection, stream: IO[bytes]) -> None:
    """CSV as in RFC 4180, UTF-8: a row for each association, negated ones included."""
    qualifiers = qualifier_names(selection.associations())
    writer = csv.DictWriter(_Encoded(stream), [*ASSOCIATION_COLUMNS, *qualifiers], lineterminator="\r\n")
    writer.writeheader()
    for association in selection.associations():
        row = association_row(association, qualifiers)
        writer.writerow(row | {"negated": "true" if association.negated else "false"})


class _Encoded:
    """Text written to it goes on as UTF-8; the stream needs no other method than ``write``."""

    def __init__(self, stream: IO[bytes]) -> None:
        self._stream = stream

    def write(self, text: str) -> None:
        self._stream.write(text.encode())

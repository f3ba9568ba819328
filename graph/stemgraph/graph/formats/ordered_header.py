"""The same bytes each time: Oxigraph writes prefixes in any order, so they are sorted on their way out."""

from __future__ import annotations

import re
from typing import IO, Final

_TURTLE_HEADER: Final = re.compile(rb"(?:@prefix [^\n]*\n)*(?=[^@])")
_XML_HEADER: Final = re.compile(rb"(?:<\?xml[^>]*\?>\s*)?<rdf:RDF([^>]*)>")
_XML_NAMESPACE: Final = re.compile(rb'xmlns:[^=\s]+="[^"]*"')


class OrderedHeader:
    """Holds back what is written until the header is whole, and passes it on with its prefixes sorted."""

    def __init__(self, stream: IO[bytes], *, xml: bool = False) -> None:
        self._stream = stream
        self._pattern = _XML_HEADER if xml else _TURTLE_HEADER
        self._held: bytes | None = b""

    def write(self, data: bytes) -> int:
        """Take a piece; once the header is through, pieces pass as they come."""
        if self._held is None:
            self._stream.write(data)
            return len(data)
        self._held += data
        found = self._pattern.match(self._held)
        if found:
            header, rest = self._held[: found.end()], self._held[found.end() :]
            self._held = None
            self._stream.write(_sorted(header) + rest)
        return len(data)

    def flush(self) -> None:
        """Nothing is kept longer than the header."""

    def close(self) -> None:
        """Pass on a header that nothing followed."""
        if self._held is not None:
            self._stream.write(_sorted(self._held))
            self._held = None


def _sorted(header: bytes) -> bytes:
    if header.startswith(b"<"):
        namespaces = _XML_NAMESPACE.findall(header)
        ordered = iter(sorted(namespaces))
        return _XML_NAMESPACE.sub(lambda _: next(ordered), header)
    return b"".join(sorted(header.splitlines(keepends=True)))

"""The root of stemgraph's exceptions, and those of the content itself.

The whole tree is drawn at the top of ``stemgraph.graph.errors``.
"""


class StemgraphError(Exception):
    """Anything that stemgraph refuses; its message names the place and the mend.

    Args:
        message: What is wrong, in one sentence.
        place: Where: a file and line, a parameter, a CURIE.
        mend: What the caller can do about it.
    """

    def __init__(self, message: str, *, place: str | None = None, mend: str | None = None) -> None:
        super().__init__(message)
        self.message = message
        self.place = place
        self.mend = mend

    def __str__(self) -> str:
        text = f"{self.place}: {self.message}" if self.place else self.message
        return f"{text} ({self.mend})" if self.mend else text


class ContentError(StemgraphError):
    """Curated content, an ontology table or a mapping that cannot be read or breaks a rule."""


class MalformedIdentifierError(StemgraphError):
    """A string that is neither a CURIE with a known prefix nor an IRI of a known namespace."""

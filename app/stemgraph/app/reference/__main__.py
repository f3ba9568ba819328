"""Write the reference pages, or with ``--check`` say which of them are out of date."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Sequence
from pathlib import Path

from stemgraph.app.reference.pages import differences, reference_pages, write_pages
from stemgraph.graph import KnowledgeGraph


def main(arguments: Sequence[str] | None = None) -> int:
    """Write the pages, or with ``--check`` say which of them differ; the exit code."""
    parser = argparse.ArgumentParser(prog="python -m stemgraph.app.reference", description=__doc__)
    parser.add_argument("--check", action="store_true", help="write nothing; exit 1 when a page differs")
    parser.add_argument("directory", nargs="?", type=Path, default=Path("docs"), help="default: docs")
    options = parser.parse_args(arguments)
    with KnowledgeGraph.bundled() as graph:
        pages = reference_pages(graph)
    if options.check:
        found = differences(pages, options.directory)
        for line in found:
            sys.stderr.write(f"{line} (run `make generate` and commit the result)\n")
        return 1 if found else 0
    write_pages(pages, options.directory)
    sys.stdout.write(f"wrote {len(pages)} pages to {options.directory}\n")
    return 0


if __name__ == "__main__":
    raise SystemExit(main())

"""The command ``python -m stemgraph.ontology.backbone_import``."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

from stemgraph.ontology.backbone import backbone_directory
from stemgraph.ontology.backbone_import.assembly import import_backbone
from stemgraph.ontology.errors import StemgraphError


def main() -> int:
    """Read the releases, write the tables, print the number of rows of each."""
    parser = argparse.ArgumentParser(prog="python -m stemgraph.ontology.backbone_import", description=__doc__)
    parser.add_argument("--from", dest="releases", type=Path, required=True, help="directory of the releases")
    arguments = parser.parse_args()
    directory = backbone_directory()
    try:
        counts = import_backbone(arguments.releases, directory.parent, directory)
    except StemgraphError as problem:
        sys.stderr.write(f"{problem}\n")
        return 1
    for name, rows in counts.items():
        sys.stdout.write(f"{name}\t{rows}\n")
    return 0


sys.exit(main())

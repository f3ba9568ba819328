"""What uv.lock locks for running stemgraph with all its extras, as a requirements file with hashes."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
BIN = Path(sys.executable).parent


def locked_requirements() -> str:
    """Each locked runtime package with its version and the hashes of its files."""
    options = ["--frozen", "--all-extras", "--no-dev", "--no-emit-project", "--no-header", "--quiet"]
    command = [str(BIN / "uv"), "export", *options, "--format", "requirements-txt"]
    environment = {**os.environ, "VIRTUAL_ENV": str(BIN.parent)}
    return subprocess.run(
        command, cwd=ROOT, env=environment, check=True, capture_output=True, text=True
    ).stdout


def locked_names(requirements: str) -> dict[str, str]:
    """The version of each package of a requirements file, by its name."""
    return dict(re.findall(r"(?m)^([A-Za-z0-9._-]+)==([^\s;\\]+)", requirements))

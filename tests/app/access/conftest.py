"""A data directory with keys, and a service that takes writes with them."""

from __future__ import annotations

from pathlib import Path

import pytest

from stemgraph.app.access.key_file import KeyFile


@pytest.fixture
def keys(tmp_path: Path) -> KeyFile:
    """The key file of an empty data directory."""
    return KeyFile.of_data(tmp_path / "data")

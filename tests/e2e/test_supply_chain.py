"""What is installed is what was locked, and is listed."""

from __future__ import annotations

import json
import subprocess
import sys
import tomllib
from pathlib import Path
from typing import Any


def locked(repository: Path) -> list[dict[str, Any]]:
    packages: list[dict[str, Any]] = tomllib.loads((repository / "uv.lock").read_text())["package"]
    return packages


def test_every_locked_file_has_a_hash(repository: Path) -> None:
    from_registry = [each for each in locked(repository) if "registry" in each["source"]]
    assert len(from_registry) > 100
    for package in from_registry:
        files = [*package.get("wheels", ()), *([package["sdist"]] if "sdist" in package else [])]
        assert files, package["name"]
        assert all(file["hash"].startswith("sha256:") for file in files), package["name"]


def test_everything_but_ourselves_comes_from_a_registry(repository: Path) -> None:
    others = [each["name"] for each in locked(repository) if "registry" not in each["source"]]
    assert others == ["stemgraph"]


def test_the_image_and_make_install_what_is_locked(repository: Path) -> None:
    for name in ("Dockerfile", "Makefile"):
        lines = [line for line in (repository / name).read_text().splitlines() if " sync " in line]
        assert lines
        assert all("--frozen" in line for line in lines), name


def test_the_bill_of_materials_lists_every_locked_package(repository: Path, tmp_path: Path) -> None:
    bill = tmp_path / "sbom.cdx.json"
    done = subprocess.run(
        [sys.executable, str(repository / ".ci" / "sbom.py"), str(bill)],
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    listed = json.loads(bill.read_text())
    assert listed["bomFormat"] == "CycloneDX"
    assert listed["metadata"]["component"]["name"] == "stemgraph"
    names = {each["name"] for each in listed["components"]}
    assert {
        "fastapi",
        "pyoxigraph",
        "structlog",
        "prometheus-client",
        "pyshacl",
        "opentelemetry-sdk",
    } <= names
    assert "pytest" not in names

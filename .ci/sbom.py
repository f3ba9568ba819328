"""Write the bill of materials (CycloneDX) of what uv.lock locks, and see that nothing is missing from it."""

from __future__ import annotations

import json
import subprocess
import sys
import tempfile
from pathlib import Path

from locked import BIN, ROOT, locked_names, locked_requirements


def write_bill(target: Path) -> list[str]:
    """Write the bill; what the lock file has and the bill has not, or has without a hash."""
    requirements = locked_requirements()
    with tempfile.NamedTemporaryFile("w", suffix=".txt") as file:
        file.write(requirements)
        file.flush()
        options = ["--pyproject", str(ROOT / "pyproject.toml"), "--output-reproducible", "--of", "JSON"]
        command = [str(BIN / "cyclonedx-py"), "requirements", *options, "-o", str(target), file.name]
        subprocess.run(command, check=True)
    components = json.loads(target.read_text())["components"]
    listed = {(each["name"].lower(), each["version"]): each for each in components}
    missing = [
        f"{name} {version} is missing"
        for name, version in locked_names(requirements).items()
        if (name.lower(), version) not in listed
    ]
    bare = [
        f"{name} {version} has no hash"
        for (name, version), each in listed.items()
        if not any(reference.get("hashes") for reference in each.get("externalReferences", ()))
        and not each.get("hashes")
    ]
    return missing + bare


def main(target: Path) -> int:
    """1 where the bill is not whole."""
    target.parent.mkdir(parents=True, exist_ok=True)
    wrong = write_bill(target)
    for line in wrong:
        print(f"sbom: {line}", file=sys.stderr)
    count = len(json.loads(target.read_text())["components"])
    print(f"sbom: {count} packages in {target}")
    return int(bool(wrong))


if __name__ == "__main__":
    sys.exit(main(Path(sys.argv[1] if len(sys.argv) > 1 else "dist/sbom.cdx.json")))

"""Hold what uv.lock locks against the advisories that PyPI has of it; say so where it tells nothing."""

from __future__ import annotations

import json
import subprocess
import sys
import tempfile
from typing import Any

from locked import BIN, locked_requirements

LIMIT = 120


def audit() -> list[dict[str, Any]] | str:
    """What pip-audit found of each package; a reason in words where it could not ask at all."""
    with tempfile.NamedTemporaryFile("w", suffix=".txt") as file:
        file.write(locked_requirements())
        file.flush()
        options = ["--require-hashes", "--disable-pip", "--progress-spinner", "off", "--timeout", "10"]
        command = [str(BIN / "pip-audit"), "-r", file.name, *options, "--format", "json"]
        try:
            done = subprocess.run(command, check=False, capture_output=True, text=True, timeout=LIMIT)
        except subprocess.TimeoutExpired:
            return f"it did not end within {LIMIT} s"
    try:
        found: list[dict[str, Any]] = json.loads(done.stdout)["dependencies"]
    except (ValueError, KeyError):
        return (done.stderr.strip().splitlines() or ["it said nothing"])[-1]
    return found


def main() -> int:
    """1 where a locked package has a known vulnerability."""
    found = audit()
    if isinstance(found, str):
        print(f"audit: SKIPPED, the advisories could not be asked for: {found}")
        return 0
    asked = [each for each in found if "skip_reason" not in each]
    skipped = [each for each in found if "skip_reason" in each]
    if not asked:
        reason = skipped[0]["skip_reason"] if skipped else "no packages"
        print(f"audit: SKIPPED, the service told nothing of any of {len(skipped)} packages: {reason}")
        return 0
    vulnerable = [each for each in asked if each["vulns"]]
    for each in vulnerable:
        for known in each["vulns"]:
            mend = ", ".join(known["fix_versions"]) or "no release mends it yet"
            print(f"audit: {each['name']} {each['version']}: {known['id']} ({mend})", file=sys.stderr)
    print(f"audit: {len(asked)} packages, {len(vulnerable)} with a known vulnerability", end="")
    print(f"; nothing was told of {len(skipped)}" if skipped else "")
    return int(bool(vulnerable))


if __name__ == "__main__":
    sys.exit(main())

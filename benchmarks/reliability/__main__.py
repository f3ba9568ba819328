"""``make reliability``: run every script of this package, or those named, and print their figures."""

from __future__ import annotations

import argparse
import importlib
import pkgutil
import sys
import time
from collections.abc import Callable, Iterator, Sequence

import benchmarks.reliability
from benchmarks import noise
from benchmarks.figure import Figure

Script = Callable[[bool], Iterator[Figure]]


def scripts() -> dict[str, Script]:
    """What each module of this package that has a ``run(quick)`` measures, by the module's name."""
    names = (each.name for each in pkgutil.iter_modules(benchmarks.reliability.__path__))
    modules = {name: _module(name) for name in names if not name.startswith("_")}
    return {name: module.run for name, module in modules.items() if hasattr(module, "run")}


def _module(name: str):
    return importlib.import_module(f"benchmarks.reliability.{name}")


def main(arguments: Sequence[str]) -> int:
    """Run the named scripts (all by default); 1 when a target is missed, 2 for an unknown name."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.reliability", description=__doc__)
    parser.add_argument("--quick", action="store_true", help="the short form of each, as CI runs it")
    parser.add_argument("names", nargs="*", metavar="NAME", help="scripts to run; all by default")
    chosen = parser.parse_args(arguments)
    known = scripts()
    unknown = [name for name in chosen.names if name not in known]
    if unknown:
        print(f"no script called {', '.join(unknown)}; there are: {', '.join(known)}", file=sys.stderr)
        return 2
    noise.describe()
    missed: list[str] = []
    for name in chosen.names or known:
        missed += _measure(name, known[name], quick=chosen.quick)
    print("\nevery target is met" if not missed else "\nMISSED: " + "; ".join(missed))
    return int(bool(missed))


def _measure(name: str, script: Script, *, quick: bool) -> list[str]:
    """Print the figures of one script; the names of those that miss their target."""
    print(f"\n## {name}: {(script.__doc__ or name).splitlines()[0]}\n", flush=True)
    begun = time.monotonic()
    missed: list[str] = []
    for figure in script(quick):
        print(figure.line(), flush=True)
        if not figure.met:
            missed.append(f"{name}: {figure.name}")
    print(f"({time.monotonic() - begun:.0f} s)", flush=True)
    return missed


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))

"""``make bench``: run every benchmark, or those named, and print their figures."""

from __future__ import annotations

import sys

from benchmarks import edge, noise, reading, sparql, starting, texts, worst_cases

BENCHMARKS = {
    "starting": starting.run,
    "reading": reading.run,
    "edge": edge.run,
    "worst_cases": worst_cases.run,
    "texts": texts.run,
    "sparql": sparql.run,
}


def main(names: list[str]) -> int:
    """Run the named benchmarks (all by default); 1 when a target is missed, 2 for an unknown name."""
    unknown = [name for name in names if name not in BENCHMARKS]
    if unknown:
        print(
            f"no benchmark called {', '.join(unknown)}; there are: {', '.join(BENCHMARKS)}", file=sys.stderr
        )
        return 2
    noise.describe()
    missed = False
    for name in names or BENCHMARKS:
        print(f"\n## {name}: {(BENCHMARKS[name].__doc__ or '').splitlines()[0]}\n", flush=True)
        for figure in BENCHMARKS[name]():
            print(figure.line(), flush=True)
            missed |= not figure.met
    return int(missed)


sys.exit(main(sys.argv[1:]))

"""``python -m stemgraph.app.examples``: ask the bundled graph anew for every example, and write them down.

With ``--check`` nothing is written: the exit code tells whether they are as they were.
"""

from __future__ import annotations

import sys
from pathlib import Path

import orjson

from stemgraph.app.application import create_app
from stemgraph.app.commands.console import say
from stemgraph.app.examples.asking import make_examples
from stemgraph.app.examples.example import ANSWERS
from stemgraph.app.settings import Settings
from stemgraph.graph import KnowledgeGraph


def main(arguments: list[str]) -> int:
    """Write the examples, or compare them; the exit code."""
    file = Path(__file__).with_name(ANSWERS)
    with KnowledgeGraph.bundled() as graph:
        app = create_app(Settings(sparql_workers=1, cache_bytes=0), knowledge_graph=graph)
        examples = make_examples(app, graph)
    failed = [
        f"{name}: {each.request} answers {each.status}"
        for name, each in examples.items()
        if each.status >= 400
    ]
    for each in failed:
        say(each)
    if failed:
        return 1
    records = {name: example.to_record() for name, example in examples.items()}
    text = orjson.dumps(records, option=orjson.OPT_INDENT_2 | orjson.OPT_APPEND_NEWLINE)
    if "--check" in arguments:
        same = file.is_file() and file.read_bytes() == text
        say(
            "the examples are as they were"
            if same
            else "the examples differ: run python -m stemgraph.app.examples"
        )
        return 0 if same else 1
    file.write_bytes(text)
    say(f"{file}: {len(examples)} examples")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))

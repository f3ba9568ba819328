"""Answers of the bundled graph, shown as examples in the OpenAPI document.

They are asked of the real service by ``python -m stemgraph.app.examples``, kept in ``answers.json``, and
held against what the service answers by a test.
"""

from stemgraph.app.examples.example import Example, example_of, with_example

__all__ = ["Example", "example_of", "with_example"]

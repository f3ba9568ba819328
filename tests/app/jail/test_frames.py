"""Frames between the web process and a worker hold whatever JSON can say."""

from __future__ import annotations

import pytest

from stemgraph.app.jail.frames import HEADER, frame, lengths, message_of


@pytest.mark.parametrize("value", ["é", "half: \ud800", 2**70, -(2**70), 1.5, None, True, [{}]])
def test_a_message_arrives_as_it_was_sent(value: object) -> None:
    sent = frame({"value": value}, b"beside")
    message, body = lengths(sent)
    assert message_of(sent[HEADER : HEADER + message]) == {"value": value}
    assert sent[HEADER + message :] == b"beside"
    assert body == len(b"beside")

"""Inputs that are almost right: documents of each format, and queries, changed by bytes and by grammar."""

from __future__ import annotations

import random
import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Final

_TOKEN: Final = re.compile(rb'<[^>\s]*>|"(?:[^"\\]|\\.)*"|[\w?$@:.-]+|\s+|[^\w\s]', re.S)
_EDGES: Final = (
    b"\x00", b"\xff", b"\xfe\xff", b"\xef\xbb\xbf", b"\xc0\xaf", b"\xed\xa0\x80", b"\xf4\x90\x80\x80", b"\r",
    b"\\", b"\\u", b"\\uD800", b"\\U00110000", b"'''", b'"""', b"%00", b"\xe2\x80\xae", b"-1", b"1e999999",
    b"99999999999999999999999", b"<", b">", b"{", b"}", b"(", b")", b"[", b"]",
)  # fmt: skip


@dataclass(frozen=True)
class Language:
    """What is mutated: documents of it, words of its grammar, and what it nests with."""

    name: str
    media_type: str
    seeds: tuple[bytes, ...]
    words: tuple[bytes, ...]
    nestings: tuple[tuple[bytes, bytes, bytes, bytes, bytes], ...]
    """Head, opening, middle, closing and tail of documents that nest."""

    def mutant(self, number: int) -> bytes:
        """The mutant of a number, the same each time."""
        chance = random.Random(f"{self.name} {number}")  # noqa: S311  # no secret
        data = chance.choice(self.seeds)
        for _ in range(chance.choice((1, 1, 1, 2, 3, 5, 9))):
            data = chance.choice(_WAYS)(data, self, chance)
        return data[:200_000]

    def nested(self, depth: int) -> list[bytes]:
        """Documents that nest so deep; half of them end before they close."""
        whole = [
            head + open_ * depth + mid + close * depth + tail
            for head, open_, mid, close, tail in self.nestings
        ]
        return whole + [head + opening * depth for head, opening, *_ in self.nestings]


def _bytes(data: bytes, _: Language, chance: random.Random) -> bytes:
    changed = bytearray(data)
    for _each in range(chance.randint(1, 4)):
        if changed:
            changed[chance.randrange(len(changed))] = chance.randrange(256)
    return bytes(changed)


def _cut(data: bytes, _: Language, chance: random.Random) -> bytes:
    begin, end = sorted((chance.randint(0, len(data)), chance.randint(0, len(data))))
    return data[:begin] + data[end:]


def _end(data: bytes, _: Language, chance: random.Random) -> bytes:
    return data[: chance.randint(0, len(data))]


def _again(data: bytes, _: Language, chance: random.Random) -> bytes:
    begin, end = sorted((chance.randint(0, len(data)), chance.randint(0, len(data))))
    return data[:end] + data[begin:end] * chance.choice((1, 1, 2, 20)) + data[end:]


def _splice(data: bytes, language: Language, chance: random.Random) -> bytes:
    other = chance.choice(language.seeds)
    return data[: chance.randint(0, len(data))] + other[chance.randint(0, len(other)) :]


def _insert(data: bytes, language: Language, chance: random.Random) -> bytes:
    at = chance.randint(0, len(data))
    word = chance.choice(language.words if chance.random() < 0.6 else _EDGES)
    return data[:at] + word * chance.choice((1, 1, 1, 2, 50)) + data[at:]


def _tokens(data: bytes, language: Language, chance: random.Random) -> bytes:
    tokens = _TOKEN.findall(data)
    if len(tokens) < 2:
        return data
    one, other = chance.randrange(len(tokens)), chance.randrange(len(tokens))
    way = chance.randrange(5)
    if way == 0:
        tokens[one], tokens[other] = tokens[other], tokens[one]
    elif way == 1:
        del tokens[one]
    elif way == 2:
        tokens[one] = chance.choice(language.words)
    elif way == 3:
        tokens.insert(one, tokens[other])
    else:
        first, last = sorted((one, other))
        tokens[first:last] = tokens[first:last] * chance.choice((2, 3, 10))
    return b"".join(tokens)


def _nest(data: bytes, language: Language, chance: random.Random) -> bytes:
    _, opening, middle, closing, _ = chance.choice(language.nestings)
    at, depth = chance.randint(0, len(data)), chance.choice((1, 3, 30, 300))
    return data[:at] + opening * depth + middle + closing * depth + data[at:]


_WAYS: Final[Sequence[Callable[[bytes, Language, random.Random], bytes]]] = (
    _bytes, _cut, _end, _again, _splice, _insert, _tokens, _tokens, _tokens, _nest,
)  # fmt: skip

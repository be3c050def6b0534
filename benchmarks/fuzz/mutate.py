"""Damage to bytes and to structure. Everything is drawn from one generator: the same seed gives the same damage."""

from __future__ import annotations

import re
import zlib
from collections.abc import Callable, Sequence
from random import Random

Mutator = Callable[[Random, bytes, Sequence[bytes]], bytes]

_NUMBER = re.compile(rb"-?\d+(?:\.\d+)?")
_NAME = re.compile(rb"/[A-Za-z][\w-]*")
_REFERENCE = re.compile(rb"\b\d+ 0 R\b")
_OBJECT = re.compile(rb"\d+ 0 obj\b.*?\bendobj\b", re.DOTALL)
_STREAM = re.compile(rb"<<((?:[^<>]|<<[^<>]*>>)*)>>\s*stream\r?\n(.*?)\r?\nendstream", re.DOTALL)
# Numbers at which programs go wrong.
_ODD = (
    b"0 -1 1 2 3 7 255 256 65535 65536 2147483647 2147483648 -2147483648 4294967295 99999999999 1e38 0.00001 -0.5 1000000".split()
)
_FILTERS = b"/FlateDecode /LZWDecode /ASCIIHexDecode /ASCII85Decode /RunLengthDecode /DCTDecode /JPXDecode /JBIG2Decode".split()
_WORDS = b"obj endobj stream endstream xref trailer startxref << >> [ ] ( ) BT ET q Q cm Do Tj TJ re m l S f W n".split()
_TEXT = [
    "\t",
    "\n",
    "|",
    "<td>",
    "</td>",
    "<table>",
    "</table>",
    '<td rowspan="99" colspan="99">',
    "\x00",
    "\u202e",
    "\ufeff",
    "《",
    "》",
]
_TEXT += ["1.", "■", "□", "序号", "<input checked>", "，", "\ud7ff", "\U00020000", "&#x0;", "|---|"]


def mutated(random: Random, data: bytes, others: Sequence[bytes], suffix: str) -> bytes:
    """The data with one to four kinds of damage."""
    kinds = PDF if suffix == ".pdf" else TEXT
    for _ in range(random.choice((1, 1, 1, 2, 2, 3, 4))):
        data = random.choice(kinds)(random, data, others)
    return data


def flip(random: Random, data: bytes, others: Sequence[bytes]) -> bytes:
    """Some bytes become others."""
    out = bytearray(data)
    for _ in range(random.choice((1, 2, 8, 64))):
        if out:
            out[random.randrange(len(out))] = random.randrange(256)
    return bytes(out)


def cut(random: Random, data: bytes, others: Sequence[bytes]) -> bytes:
    """A piece is missing, or the end."""
    start, end = _span(random, data)
    return data[:start] if random.random() < 0.3 else data[:start] + data[end:]


def double(random: Random, data: bytes, others: Sequence[bytes]) -> bytes:
    """A piece stands there twice, or many times."""
    start, end = _span(random, data)
    return data[:end] + data[start:end] * random.choice((1, 1, 3, 50)) + data[end:]


def splice(random: Random, data: bytes, others: Sequence[bytes]) -> bytes:
    """A piece of another file stands in it."""
    other = random.choice(others) if others else data
    (start, end), (a, b) = _span(random, data), _span(random, other)
    return data[:start] + other[a:b] + data[end:]


def number(random: Random, data: bytes, others: Sequence[bytes]) -> bytes:
    """Numbers become odd ones."""
    return _replaced(random, data, _NUMBER, lambda _: random.choice(_ODD))


def name(random: Random, data: bytes, others: Sequence[bytes]) -> bytes:
    """Names become others of the file, or filters."""
    known = sorted(set(_NAME.findall(data))) + _FILTERS
    return _replaced(random, data, _NAME, lambda _: random.choice(known))


def reference(random: Random, data: bytes, others: Sequence[bytes]) -> bytes:
    """References lead elsewhere: in a circle, or to nothing."""
    return _replaced(random, data, _REFERENCE, lambda _: b"%d 0 R" % random.randrange(14))


def word(random: Random, data: bytes, others: Sequence[bytes]) -> bytes:
    """A word of the language where none belongs."""
    at = random.randrange(len(data) + 1)
    return data[:at] + b" " + random.choice(_WORDS) * random.choice((1, 1, 2, 2000)) + b" " + data[at:]


def objects(random: Random, data: bytes, others: Sequence[bytes]) -> bytes:
    """An object is missing, stands twice, or has the content of another."""
    found = list(_OBJECT.finditer(data))
    if len(found) < 2:
        return data
    one, other = random.sample(found, 2)
    put = random.choice((b"", one[0] + b"\n" + one[0], one[0].split(b"obj", 1)[0] + b"obj" + other[0].split(b"obj", 1)[1]))
    return data[: one.start()] + put + data[one.end() :]


def content(random: Random, data: bytes, others: Sequence[bytes]) -> bytes:
    """A stream is unpacked, damaged, and packed again so that it is read: what is behind the filters is met, too."""
    found = list(_STREAM.finditer(data))
    if not found:
        return data
    stream = random.choice(found)
    inner = stream[2]
    packed = b"FlateDecode" in stream[1]
    if packed:
        try:
            inner = zlib.decompress(inner)
        except zlib.error:
            packed = False
    inner = random.choice((flip, cut, double, number, word, number))(random, inner, others)[: 1 << 20]
    body = zlib.compress(inner) if packed else inner
    head = re.sub(rb"/Length \d+(?: 0 R)?", b"/Length %d" % len(body), stream[1])
    return data[: stream.start()] + b"<<" + head + b">>\nstream\n" + body + b"\nendstream" + data[stream.end() :]


def letters(random: Random, data: bytes, others: Sequence[bytes]) -> bytes:
    """Marks and characters that mean something to a reader of dumps."""
    text = data.decode("utf-8", errors="replace")
    for _ in range(random.choice((1, 3, 10))):
        at = random.randrange(len(text) + 1)
        text = text[:at] + random.choice(_TEXT) * random.choice((1, 1, 1, 5, 500)) + text[at + random.choice((0, 0, 1, 4)) :]
    return text.encode("utf-8", errors="replace")


def lines(random: Random, data: bytes, others: Sequence[bytes]) -> bytes:
    """Lines in another order, missing, or repeated."""
    found = data.split(b"\n")
    at = random.randrange(len(found))
    kinds: tuple[Callable[[int], object], ...] = (
        found.pop,
        lambda i: found.insert(i, found[i]),
        lambda i: found.extend(found[i:] * 3),
        lambda i: found.reverse(),
    )
    random.choice(kinds)(at)
    return b"\n".join(found)


PDF: tuple[Mutator, ...] = (flip, cut, double, splice, number, number, name, reference, word, objects, content, content, content)
TEXT: tuple[Mutator, ...] = (flip, cut, double, splice, letters, letters, lines, lines, number)


def _span(random: Random, data: bytes) -> tuple[int, int]:
    start = random.randrange(len(data) + 1)
    return start, min(len(data), start + random.choice((1, 4, 30, 300, 3000)))


def _replaced(random: Random, data: bytes, pattern: re.Pattern[bytes], make: Callable[[bytes], bytes]) -> bytes:
    found = list(pattern.finditer(data))
    chosen = sorted(random.sample(found, min(len(found), random.choice((1, 1, 3, 10)))), key=lambda m: m.start())
    out, end = [], 0
    for match in chosen:
        out += [data[end : match.start()], make(match[0])]
        end = match.end()
    return b"".join([*out, data[end:]])

"""Print in four greys → a PNG file. Lines and letters need no more, and four such pixels are a byte.

Pillow writes such files too; but it is loaded for nothing else in a run, packs slower, and its WebP without loss, a seventh
smaller, takes six times as long to write: more than all that is read from the PDF. The format is that of the PNG
specification (W3C, third edition): greyscale of two bits, no filter, which suits print best.
"""

from __future__ import annotations

import struct
import zlib
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

SIGNATURE = b"\x89PNG\r\n\x1a\n"
# The nearest of the greys 0, 85, 170 and 255, as the number that stands for it.
_NEAREST = bytes(round(level / 85) for level in range(256))
_BITS, _A_BYTE = 2, 4
_SIDE_BY_SIDE = 1 << 30 | 1 << 20 | 1 << 10 | 1
# Of zlib's levels the one after which each costs more time than it saves bytes.
_LEVEL = 3
# Rows at a time: what is made of so few stays in the processor's cache, and asks the system for no memory.
_STRIP = 64


def four_greys(pixels: NDArray[np.uint8]) -> bytes:
    """The PNG file of these pixels (rows, columns; 0 black to 255 white). The same pixels give the same bytes."""
    rows, columns = pixels.shape
    head = struct.pack(">IIBBBBB", columns, rows, _BITS, 0, 0, 0, 0)
    pack = zlib.compressobj(_LEVEL)
    data = b"".join(pack.compress(_packed(pixels[at : at + _STRIP])) for at in range(0, rows, _STRIP)) + pack.flush()
    return SIGNATURE + b"".join(_chunk(kind, part) for kind, part in ((b"IHDR", head), (b"IDAT", data), (b"IEND", b"")))


def _packed(pixels: NDArray[np.uint8]) -> bytes:
    """These rows as the file has them: each after the number of its filter, 0 for none, and four pixels a byte."""
    rows, columns = pixels.shape
    packed = -(-columns // _A_BYTE)
    numbers = np.zeros((rows, packed * _A_BYTE), np.uint8)
    numbers[:, :columns] = np.frombuffer(pixels.tobytes().translate(_NEAREST), np.uint8).reshape(rows, columns)
    lines = np.zeros((rows, packed + 1), np.uint8)
    # Four numbers are a word of 32 bits; the product has them side by side in its highest byte, the first of them highest.
    lines[:, 1:] = (numbers.view("<u4") * np.uint32(_SIDE_BY_SIDE)) >> 24
    return lines.tobytes()


def _chunk(kind: bytes, data: bytes) -> bytes:
    return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))

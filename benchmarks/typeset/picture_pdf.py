"""A PDF whose pages are pictures and nothing else, as scanners and fax servers write them. Pure; same pixels, same bytes.

The objects are those of ISO 32000-1: an image XObject with DCTDecode (8.9.5, 7.4.8), CCITTFaxDecode (7.4.6) or FlateDecode.
"""

from __future__ import annotations

import io
import struct
import zlib
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

Pixels = np.ndarray[Any, np.dtype[np.uint8]]
# Decode [1 0]: CMYK JPEGs as Photoshop and Pillow write them hold inverted inks.
_SPACES = {"L": "/DeviceGray", "RGB": "/DeviceRGB", "CMYK": "/DeviceCMYK /Decode [1 0 1 0 1 0 1 0]"}


@dataclass(frozen=True)
class Image:
    """An encoded picture: its size in pixels, the entries of its dictionary beyond those, and its bytes."""

    width: int
    height: int
    entries: str
    data: bytes


@dataclass(frozen=True)
class Sheet:
    """A page: its picture, its size in points; ``under`` and ``content`` are painted before and after it (font /F)."""

    image: Image
    width: float
    height: float
    content: str = ""
    rotate: int = 0
    under: str = ""


def jpeg(pixels: Pixels, quality: int, mode: str = "") -> Image:
    """Grey (h, w) or RGB (h, w, 3) pixels as JPEG; ``mode`` CMYK converts them."""
    from PIL import Image as Pillow

    picture = Pillow.fromarray(pixels)
    if mode:
        picture = picture.convert(mode)
    out = io.BytesIO()
    picture.save(out, "JPEG", quality=quality)
    return Image(*picture.size, f"/Filter /DCTDecode /BitsPerComponent 8 /ColorSpace {_SPACES[picture.mode]}", out.getvalue())


def jpx(pixels: Pixels) -> Image:
    """Grey pixels in JPEG 2000, as libraries and archives store scans."""
    from PIL import Image as Pillow

    out = io.BytesIO()
    Pillow.fromarray(pixels).save(out, "JPEG2000", quality_mode="dB", quality_layers=[40])
    height, width = pixels.shape
    return Image(width, height, "/Filter /JPXDecode /ColorSpace /DeviceGray", out.getvalue())


def bilevel(pixels: Pixels) -> Image:
    """Grey pixels (0 ink, 255 paper) as one bit each, deflated."""
    height, width = pixels.shape
    packed = zlib.compress(np.packbits(pixels > 127, axis=1).tobytes(), 9)
    return Image(width, height, "/Filter /FlateDecode /BitsPerComponent 1 /ColorSpace /DeviceGray", packed)


def ccitt(pixels: Pixels) -> Image:
    """Grey pixels (0 ink, 255 paper) in CCITT Group 4, as fax servers store them."""
    height, width = pixels.shape
    parameters = f"/DecodeParms << /K -1 /Columns {width} /Rows {height} /BlackIs1 true >>"
    entries = f"/Filter /CCITTFaxDecode {parameters} /BitsPerComponent 1 /ColorSpace /DeviceGray /Decode [1 0]"
    return Image(width, height, entries, _group4(pixels))


def jbig2(pixels: Pixels) -> Image:
    """Grey pixels (0 ink, 255 paper) in JBIG2, as office scanners store black and white.

    One generic region in MMR, which is Group 4 (ITU-T T.88, 6.2.6 and 7.4.6), on one page (7.4.8).
    """
    height, width = pixels.shape
    size = struct.pack(">II", width, height)
    page = size + struct.pack(">IIBH", 0, 0, 0, 0)
    region = size + struct.pack(">IIBB", 0, 0, 0, 1) + _group4(pixels)
    data = b"".join(
        struct.pack(">IBBBI", k, kind, 0, 1, len(body)) + body for k, (kind, body) in enumerate(((48, page), (38, region)))
    )
    return Image(width, height, "/Filter /JBIG2Decode /BitsPerComponent 1 /ColorSpace /DeviceGray", data)


def _group4(pixels: Pixels) -> bytes:
    """ITU-T T.6 with ink as black, as libtiff encodes it."""
    from PIL import Image as Pillow

    out = io.BytesIO()
    Pillow.fromarray(pixels <= 127).save(out, "TIFF", compression="group4", strip_size=1 << 30)
    tags = Pillow.open(io.BytesIO(out.getvalue())).tag_v2
    start, count = tags[273][0], tags[279][0]
    return out.getvalue()[start : start + count]


def pdf(sheets: Sequence[Sheet]) -> bytes:
    """The file of all pages in order."""
    kids = " ".join(f"{3 + 3 * n} 0 R" for n in range(len(sheets)))
    objects = [b"<< /Type /Catalog /Pages 2 0 R >>", f"<< /Type /Pages /Kids [{kids}] /Count {len(sheets)} >>".encode()]
    for n, sheet in enumerate(sheets):
        objects += _page(sheet, 3 + 3 * n)
    return _file(objects)


def _page(sheet: Sheet, number: int) -> list[bytes]:
    image = sheet.image
    content = f"{sheet.under}\nq {sheet.width:.2f} 0 0 {sheet.height:.2f} 0 0 cm /Scan Do Q\n{sheet.content}".encode("latin-1")
    resources = f"/Resources << /XObject << /Scan {number + 1} 0 R >> /Font << /F << {_FONT} >> >> >>"
    box = f"/MediaBox [0 0 {sheet.width:.2f} {sheet.height:.2f}] /Rotate {sheet.rotate}"
    page = f"<< /Type /Page /Parent 2 0 R {box} {resources} /Contents {number + 2} 0 R >>"
    entries = f"/Type /XObject /Subtype /Image /Width {image.width} /Height {image.height} {image.entries}"
    return [page.encode(), _stream(entries, image.data), _stream("", content)]


_FONT = "/Type /Font /Subtype /Type1 /BaseFont /Helvetica"


def _stream(entries: str, data: bytes) -> bytes:
    return f"<< {entries} /Length {len(data)} >>\nstream\n".encode() + data + b"\nendstream"


def _file(objects: list[bytes]) -> bytes:
    out, offsets = bytearray(b"%PDF-1.7\n"), []
    for number, body in enumerate(objects, 1):
        offsets.append(len(out))
        out += f"{number} 0 obj\n".encode() + body + b"\nendobj\n"
    table = "".join(f"{offset:010} 00000 n \n" for offset in offsets)
    size = len(objects) + 1
    tail = f"xref\n0 {size}\n0000000000 65535 f \n{table}trailer\n<< /Size {size} /Root 1 0 R >>\nstartxref\n{len(out)}\n%%EOF\n"
    return bytes(out + tail.encode())

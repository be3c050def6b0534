"""Files that want to do harm, made here: bombs, circles, lies about sizes. None is larger than a few hundred kilobytes."""

from __future__ import annotations

import zlib
from collections.abc import Sequence

GIB = 1 << 30
PAGE = b"/MediaBox [0 0 500 300]"


def assembled(objects: Sequence[bytes]) -> bytes:
    """A PDF of these objects, numbered from 1; the first is its catalog."""
    out, places = bytearray(b"%PDF-1.7\n"), []
    for number, held in enumerate(objects, 1):
        places.append(len(out))
        out += b"%d 0 obj\n" % number + held + b"\nendobj\n"
    start, size = len(out), len(objects) + 1
    out += b"xref\n0 %d\n0000000000 65535 f \n" % size + b"".join(b"%010d 00000 n \n" % place for place in places)
    out += b"trailer\n<< /Size %d /Root 1 0 R >>\nstartxref\n%d\n%%%%EOF\n" % (size, start)
    return bytes(out)


def stream(data: bytes, entries: bytes = b"") -> bytes:
    """A stream object."""
    return b"<< /Length %d %s >>\nstream\n" % (len(data), entries) + data + b"\nendstream"


def one_page(content: bytes, page: bytes = PAGE, resources: bytes = b"", extra: Sequence[bytes] = ()) -> bytes:
    """A PDF of one page with this content stream (an object), and more objects from number 5 on."""
    head = [b"<< /Type /Catalog /Pages 2 0 R >>", b"<< /Type /Pages /Kids [3 0 R] /Count 1 >>"]
    sheet = b"<< /Type /Page /Parent 2 0 R %s /Contents 4 0 R /Resources << %s >> >>" % (page, resources)
    return assembled([*head, sheet, content, *extra])


def zeros(size: int, byte: bytes = b" ") -> bytes:
    """So many equal bytes as zlib packs them, without packing them all: one block, again and again."""
    block = byte * (1 << 24)
    packer = zlib.compressobj(9)
    first = packer.compress(block) + packer.flush(zlib.Z_FULL_FLUSH)
    more = packer.compress(block) + packer.flush(zlib.Z_FULL_FLUSH)
    check = 1
    for _ in range(size >> 24):
        check = zlib.adler32(block, check)
    return first + more * ((size >> 24) - 1) + packer.flush()[:-4] + check.to_bytes(4, "big")


def filters(*names: str) -> bytes:
    return b"/Filter [%s]" % " ".join(f"/{name}" for name in names).encode()


def flate_bomb() -> bytes:
    """2 KB of content that become 1 GB: packed, and packed again."""
    return one_page(stream(zlib.compress(zeros(GIB), 9), filters("FlateDecode", "FlateDecode")))


def chained_filters() -> bytes:
    """A stream that goes through 5,000 filters."""
    return one_page(stream(b"00>", filters(*["ASCIIHexDecode"] * 5_000)))


def many_lines() -> bytes:
    """Three million lines on a page."""
    return one_page(stream(zlib.compress(b"0 0 m 9 9 l S\n" * 3_000_000, 9), filters("FlateDecode")))


def forms(depth: int, each: int = 1) -> bytes:
    """Forms in forms; each draws the next so many times."""
    made = []
    for number in range(6, depth + 6):
        inner = number < depth + 5
        body = b"/X Do " * each if inner else b"0 0 m 100 0 l S"
        resources = b"/Resources << /XObject << /X %d 0 R >> >>" % number if inner else b""
        made.append(stream(body, b"/Type /XObject /Subtype /Form /BBox [0 0 500 300] " + resources))
    return one_page(stream(b"/X Do"), resources=b"/XObject << /X 5 0 R >>", extra=made)


def image(how: str) -> bytes:
    """An image that says it has ten thousand million pixels, in ten bytes."""
    entries = b"/Type /XObject /Subtype /Image /Width 100000 /Height 100000 /BitsPerComponent 8 /ColorSpace /DeviceGray "
    content = stream(b"q 100 0 0 100 0 0 cm /X Do Q")
    return one_page(content, resources=b"/XObject << /X 5 0 R >>", extra=[stream(b"0123456789", entries + filters(how))])


def objects(count: int, said: int) -> bytes:
    """A cross-reference of so many objects, which a few kilobytes hold; the file says that they are ``said``."""
    out, places = bytearray(b"%PDF-1.7\n"), []
    pages = [
        b"<< /Type /Catalog /Pages 2 0 R >>",
        b"<< /Type /Pages /Kids [3 0 R] /Count 1 >>",
        b"<< /Type /Page /Parent 2 0 R >>",
    ]
    for number, held in enumerate(pages, 1):
        places.append(len(out))
        out += b"%d 0 obj\n" % number + held + b"\nendobj\n"
    rows = bytes(6) + b"".join(b"\1" + place.to_bytes(4, "big") + b"\0" for place in places)
    packer = zlib.compressobj(9)
    data = packer.compress(rows) + b"".join(packer.compress(b"\1\0\0\0\x09\0" * 100_000) for _ in range(count // 100_000))
    entries = b"/Type /XRef /Size %d /W [1 4 1] /Index [0 %d] /Root 1 0 R /Filter /FlateDecode" % (said, count)
    start = len(out)
    return bytes(out) + b"4 0 obj\n" + stream(data + packer.flush(), entries) + b"\nendobj\nstartxref\n%d\n%%%%EOF" % start


def pages(kids: bytes, count: int) -> bytes:
    """A page tree that says that it has so many pages."""
    tree = b"<< /Type /Pages /Kids [%s] /Count %d >>" % (kids, count)
    return assembled([b"<< /Type /Catalog /Pages 2 0 R >>", tree, b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 9 9] >>"])


def cmap(body: bytes) -> bytes:
    """Text in a font whose map to characters is broken."""
    system = b"/CIDSystemInfo << /Registry (Adobe) /Ordering (Identity) /Supplement 0 >>"
    described = b"/FontDescriptor << /Type /FontDescriptor /FontName /X /Flags 4 >>"
    inner = b"<< /Type /Font /Subtype /CIDFontType2 /BaseFont /X %s %s >>" % (system, described)
    font = b"<< /Type /Font /Subtype /Type0 /BaseFont /X /Encoding /Identity-H /DescendantFonts [%s] /ToUnicode 5 0 R >>" % inner
    content = stream(b"0 0 m 400 0 l S BT /F 9 Tf 10 10 Td <00410042FFFF> Tj ET")
    return one_page(content, resources=b"/Font << /F %s >>" % font, extra=[stream(body)])


def xref_circle() -> bytes:
    """A cross-reference whose predecessor is itself."""
    whole = one_page(stream(b"0 0 m 9 9 l S"))
    return whole.replace(b"/Root", b"/Prev %d /Root" % whole.rindex(b"xref\n0"))

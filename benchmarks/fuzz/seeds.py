"""What is mutated: a small catalog as PDF and as dump, made here, and single pages and dumps of the samples where at hand."""

from __future__ import annotations

import io
import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from .. import setting

HEADINGS = ("序号", "一级事项", "二级事项", "公开内容", "公开依据", "公开时限", "公开主体", "公开渠道")
ROWS = (
    ("1", "社会保险", "参保登记", "事项名称", "《政府信息公开条例》", "20个工作日", "县局", "■政府网站"),
    ("2", "", "缴费基数", "事项简述", "《社会保险法》", "及时公开", "县局", "□公示栏"),
)
WIDTH, HEIGHT = 60, 40
# A page with its fonts; larger ones cost more than they find.
LARGEST = 70_000


@dataclass(frozen=True, slots=True)
class Seed:
    """A source that is read without complaint: its suffix and its bytes."""

    suffix: str
    data: bytes


def seeds() -> list[Seed]:
    """All seeds, in a fixed order."""
    made = [Seed(".pdf", pdf(packed)) for packed in (False, True)]
    made += [Seed(".txt", dump()), Seed(".md", markdown()), Seed(".html", html())]
    return [*made, *samples()]


def samples() -> Iterator[Seed]:
    """First pages and dumps of the samples; nothing where they are not at hand."""
    try:
        home = setting.shared("samples")
    except setting.Skipped:
        home = setting.ROOT / "raw"
    for path in sorted(home.glob("**/source.*")):
        if path.suffix == ".pdf":
            page = first_page(path)
            if len(page) <= LARGEST:
                yield Seed(".pdf", page)
        elif path.suffix == ".txt":
            yield Seed(".txt", path.read_bytes())


def first_page(path: Path) -> bytes:
    """The first page of a PDF as a file of its own."""
    import pypdfium2

    out = io.BytesIO()
    with pypdfium2.PdfDocument(path) as whole, pypdfium2.PdfDocument.new() as page:
        page.import_pages(whole, [0])
        page.save(out)
    return out.getvalue()


def pdf(packed: bool) -> bytes:
    """A catalog of one page, 2 KB: a font that embeds nothing, rules drawn as lines, a form and a tiny image."""
    content = _content()
    body = zlib.compress(content) if packed else content
    how = " /Filter /FlateDecode" if packed else ""
    form = b"0 0 m 480 0 l S"
    objects = [
        b"<< /Type /Catalog /Pages 2 0 R >>",
        b"<< /Type /Pages /Kids [3 0 R] /Count 1 >>",
        b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 560 300] /Contents 4 0 R /Resources << /Font << /F 5 0 R >> "
        b"/XObject << /X 8 0 R /I 9 0 R >> >> >>",
        f"<< /Length {len(body)}{how} >>\nstream\n".encode() + body + b"\nendstream",
        b"<< /Type /Font /Subtype /Type0 /BaseFont /STSong-Light /Encoding /UniGB-UCS2-H /DescendantFonts [6 0 R] >>",
        b"<< /Type /Font /Subtype /CIDFontType0 /BaseFont /STSong-Light /FontDescriptor 7 0 R /DW 1000 "
        b"/CIDSystemInfo << /Registry (Adobe) /Ordering (GB1) /Supplement 2 >> >>",
        b"<< /Type /FontDescriptor /FontName /STSong-Light /Flags 6 /FontBBox [-25 -254 1000 880] /Ascent 880 /Descent -120 "
        b"/ItalicAngle 0 /StemV 93 /CapHeight 880 >>",
        f"<< /Type /XObject /Subtype /Form /BBox [0 0 560 300] /Length {len(form)} >>\nstream\n".encode() + form + b"\nendstream",
        b"<< /Type /XObject /Subtype /Image /Width 1 /Height 1 /BitsPerComponent 8 /ColorSpace /DeviceGray /Length 1 >>\n"
        b"stream\n0\nendstream",
    ]
    return assembled(objects)


def assembled(objects: list[bytes], trailer: bytes = b"") -> bytes:
    """A PDF file of these objects, numbered from 1; the first is its catalog."""
    out = bytearray(b"%PDF-1.7\n")
    places = []
    for number, held in enumerate(objects, 1):
        places.append(len(out))
        out += f"{number} 0 obj\n".encode() + held + b"\nendobj\n"
    start = len(out)
    out += f"xref\n0 {len(objects) + 1}\n0000000000 65535 f \n".encode()
    out += b"".join(f"{place:010} 00000 n \n".encode() for place in places)
    out += f"trailer\n<< /Size {len(objects) + 1} /Root 1 0 R ".encode() + trailer + f">>\nstartxref\n{start}\n%%EOF\n".encode()
    return bytes(out)


def _content() -> bytes:
    rows, columns = (HEADINGS, *ROWS), len(HEADINGS)
    lines = ["q 1 0 0 1 0 20 cm /X Do Q", "q 2 0 0 2 5 5 cm /I Do Q", "0.5 w"]
    lines += [f"40 {260 - HEIGHT * r} m {40 + WIDTH * columns} {260 - HEIGHT * r} l S" for r in range(len(rows) + 1)]
    lines += [f"{40 + WIDTH * c} {260 - HEIGHT * len(rows)} m {40 + WIDTH * c} 260 l S" for c in range(columns + 1)]
    for r, row in enumerate(rows):
        for c, text in enumerate(row):
            code = text.encode("utf-16-be").hex()
            lines.append(f"BT /F 7 Tf {43 + WIDTH * c} {240 - HEIGHT * r} Td <{code}> Tj ET")
    return "\n".join(lines).encode()


def dump() -> bytes:
    """The same as cells between tabs."""
    return "\n".join("\t".join(row) for row in (HEADINGS, *ROWS)).encode()


def markdown() -> bytes:
    """The same as a pipe table."""
    lines = ["| " + " | ".join(row) + " |" for row in (HEADINGS, *ROWS)]
    return "\n".join([lines[0], "|---" * len(HEADINGS) + "|", *lines[1:]]).encode()


def html() -> bytes:
    """The same as an HTML table with a merged cell."""
    body = "".join("<tr>" + "".join(f"<td>{text}</td>" for text in row) + "</tr>" for row in (HEADINGS, *ROWS))
    return ("<table>" + body.replace("<td>社会", '<td rowspan="2">社会').replace("<td></td>", "") + "</table>").encode()

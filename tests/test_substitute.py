"""What a page says does not depend on the fonts of the machine: text in a font that nobody has is read, and drawn as frames."""

from __future__ import annotations

from io import BytesIO
from pathlib import Path

import pypdfium2
import pytest
from breaks import Paper, paint, ruled
from PIL import Image, ImageDraw, ImageFont

from pipeline import substitute
from pipeline.engines import lattice
from pipeline.extract import extract
from pipeline.model import Document

SIGNS = ("序", "1", "√", "事", "■", "。")


def unembedded(path: Path, face: str, signs: tuple[str, ...] = SIGNS) -> Path:
    """A ruled row; each sign is a text object of its own, in a font that the file lacks: its ToUnicode tells what is meant."""
    rules = "".join(f"{20 + 60 * n} 100 m {20 + 60 * n} 200 l S " for n in range(len(signs) + 1))
    rules += "".join(f"20 {y} m {20 + 60 * len(signs)} {y} l S " for y in (100, 150, 200))
    shown = "".join(f"BT /F 12 Tf 1 0 0 1 {30 + 60 * n} 170 Tm <{ord(sign):04X}> Tj ET " for n, sign in enumerate(signs))
    units = "".join(f"<{ord(sign):04X}> <{ord(sign):04X}> " for sign in signs)
    mapping = "/CIDInit /ProcSet findresource begin 12 dict begin begincmap /CMapName /X def 1 begincodespacerange <0000> <FFFF> "
    mapping += f"endcodespacerange {len(signs)} beginbfchar {units}endbfchar endcmap end end"
    descriptor = "/Type /FontDescriptor /Flags 4 /FontBBox [0 -141 1000 859] /ItalicAngle 0 /Ascent 859 /Descent -141 /StemV 80"
    objects = [
        "<< /Type /Catalog /Pages 2 0 R >>",
        "<< /Type /Pages /Kids [3 0 R] /Count 1 >>",
        "<< /Type /Page /Parent 2 0 R /MediaBox [0 0 420 300] /Contents 4 0 R /Resources << /Font << /F 5 0 R >> >> >>",
        f"<< /Length {len(rules + shown)} >>\nstream\n{rules + shown}\nendstream",
        f"<< /Type /Font /Subtype /Type0 /BaseFont /{face} /Encoding /Identity-H /DescendantFonts [6 0 R] /ToUnicode 8 0 R >>",
        f"<< /Type /Font /Subtype /CIDFontType2 /BaseFont /{face} /DW 1000 /FontDescriptor 7 0 R "
        "/CIDSystemInfo << /Registry (Adobe) /Ordering (Identity) /Supplement 0 >> >>",
        f"<< {descriptor} /FontName /{face} >>",
        f"<< /Length {len(mapping)} >>\nstream\n{mapping}\nendstream",
    ]
    out, offsets = "%PDF-1.7\n", []
    for number, body in enumerate(objects, 1):
        offsets.append(len(out))
        out += f"{number} 0 obj\n{body}\nendobj\n"
    table = "".join(f"{offset:010} 00000 n \n" for offset in offsets)
    size = len(objects) + 1
    out += f"xref\n0 {size}\n0000000000 65535 f \n{table}trailer\n<< /Size {size} /Root 1 0 R >>\nstartxref\n{len(out)}\n%%EOF\n"
    path.write_text(out, "ascii")
    return path


def first_row(document: Document) -> list[str]:
    return [cell.text for page in document.pages for table in page.tables for cell in table.cells if cell.row == 0]


@pytest.mark.parametrize("face", ["SimSun", "ABCDEF+FangSong_GB2312", "NobodyHasThis-GBK", "#cb#ce#cc#e5"])
def test_single_signs_in_a_font_that_nobody_has_are_read(tmp_path: Path, face: str) -> None:
    """pdfium leaves such text objects out of its text page: every tick of a catalog was lost, and the glyphs balanced."""
    document = lattice.read(unembedded(tmp_path / "a.pdf", face))
    assert first_row(document) == list(SIGNS)
    assert document.pages[0].account.printed == len(SIGNS)
    assert document.pages[0].account.balances


def test_a_font_of_chinese_characters_that_the_file_lacks_is_read(tmp_path: Path) -> None:
    """STSong-Light, which viewers are expected to bring (ISO 32000-1, 9.7.5.2), in one text object for each sign."""
    table = ruled("甲 | 乙\n√ | 1")
    document = lattice.read(paint(tmp_path / "a.pdf", lambda paper: paper.table(table)))
    assert [cell.text for cell in document.pages[0].tables[0].cells] == ["甲", "乙", "√", "1"]


def test_a_picture_shows_a_frame_where_type_stands(tmp_path: Path) -> None:
    """Blank paper would say that nothing is there."""
    path = unembedded(tmp_path / "a.pdf", "SimSun", ("甲",))
    with substitute.drawing(), pypdfium2.PdfDocument(path) as pdf:
        picture = pdf[0].render(scale=4, grayscale=True).to_numpy().squeeze()
    assert picture[4 * 115 : 4 * 135, 4 * 30 : 4 * 42].min() < 100
    assert picture[4 * 105 : 4 * 112, 4 * 30 : 4 * 42].min() == 255


def test_what_a_picture_cannot_show_is_doubted(tmp_path: Path) -> None:
    """Read from its picture, a page of frames would be a page of blanks, or of whatever a frame looks like."""
    pytest.importorskip("rapidocr")
    document = extract(unembedded(tmp_path / "a.pdf", "SimSun"), engine="ocr")
    cells = document.pages[0].tables[0].cells
    assert ["unreadable" in cell.doubt for cell in cells] == [cell.row == 0 for cell in cells]


def test_type_that_the_file_brings_is_not_doubted_in_its_picture(tmp_path: Path) -> None:
    pytest.importorskip("rapidocr")

    def drawn(paper: Paper) -> None:
        paper.table(ruled(" | \n | "))
        paper.canvas.setFont("Helvetica", 12)
        paper.canvas.drawString(45, 225, "Alpha")

    document = extract(paint(tmp_path / "a.pdf", drawn), engine="ocr")
    assert not [cell for page in document.pages for table in page.tables for cell in table.cells if "unreadable" in cell.doubt]


@pytest.mark.parametrize(
    ("charset", "face", "expected"),
    [
        (134, b"Anything", True),
        (0, b"Calibri", False),
        (0, b"ArialMT", False),
        (0, b"Wingdings", False),
        (0, b"Times New Roman", False),
        (0, b"STIXGeneral-Regular", False),
        (0, b"SourceSansPro-Bold", False),
        (0, b"ABCDEF+STZhongsong", True),
        (0, b"SimSun,Bold", True),
        (0, b"Microsoft YaHei", True),
        (0, b"KaiTi_GB2312", True),
        (0, b"FZXBSJW--GB1-0", True),
        (0, "仿宋".encode("gbk"), True),
    ],
)
def test_a_chinese_font_is_known_by_its_character_set_or_its_name(charset: int, face: bytes, expected: bool) -> None:
    assert substitute.is_chinese(charset, face) is expected


def test_characters_are_frames_within_their_place() -> None:
    """Another reader of fonts takes it too."""
    font = ImageFont.truetype(BytesIO(substitute.frames_font()), 1000)
    assert [ink_of(font, sign) for sign in "甲𠀀"] == [(60, -700, 940, 0)] * 2
    assert [ink_of(font, sign) for sign in "1.√"] == [(20, -600, 180, 0)] * 3


def ink_of(font: ImageFont.FreeTypeFont, sign: str) -> tuple[int, ...] | None:
    """The box of what is painted, from the point on the base line where a sign stands."""
    canvas = Image.new("L", (1200, 1200))
    ImageDraw.Draw(canvas).text((0, 1000), sign, 255, font, anchor="ls")
    found = canvas.getbbox()
    return found and (found[0], found[1] - 1000, found[2], found[3] - 1000)


def test_frames_do_not_lie_on_their_neighbours(tmp_path: Path) -> None:
    """A dot is not wide, and pdfium's box of a glyph is its place and its ink together: "1.受理" was doubted as overprinted."""
    document = lattice.read(paint(tmp_path / "a.pdf", lambda paper: paper.table(ruled("1.受理 | i.l,"))))
    assert [(cell.text, cell.doubt) for cell in document.pages[0].tables[0].cells] == [("1.受理", ""), ("i.l,", "")]


def test_what_is_read_does_not_depend_on_the_machines_fonts(tmp_path: Path) -> None:
    """A font of the machine may hold a part of the signs only; Debian's Droid Sans Fallback has no digits."""
    path = paint(tmp_path / "a.pdf", lambda paper: paper.table(ruled("1 | √\n■ | 甲")))
    first = lattice.read(path)
    with substitute.drawing(), pypdfium2.PdfDocument(path) as pdf:
        pdf[0].render()
    assert [cell.text for cell in first.pages[0].tables[0].cells] == ["1", "√", "■", "甲"]
    assert lattice.read(path) == first

"""Pictures of pages: what they show, how large they may be, and that they are the same each time."""

from __future__ import annotations

import io
from pathlib import Path

import numpy as np
import pytest
from pdfs import Sheet, Text, draw, grid
from PIL import Image

from pipeline import png
from pipeline.engines import get
from pipeline.pictures import LARGEST, PAGE_BYTES, Picture, pictures

TABLE = grid([["序号", "事项"], ["1", "参保"]])


@pytest.fixture
def source(tmp_path: Path) -> Path:
    return tmp_path / "source.pdf"


def opened(picture: Picture, kind: str = "PNG") -> Image.Image:
    image = Image.open(io.BytesIO(picture.data))
    assert image.format == kind
    assert picture.url.startswith(f"data:image/{kind.lower()};base64,")
    assert image.size == picture.pixels
    return image.convert("L")


def ink(image: Image.Image) -> tuple[int, int, int, int] | None:
    return image.point(lambda level: 255 if level < 128 else 0).getbbox()


def test_print_is_kept_in_four_greys(source: Path) -> None:
    found = pictures(draw(source, Sheet([TABLE]), Sheet()), [1, 2])
    image = opened(found[1])
    assert (found[1].width, found[1].height) == (400, 300)
    assert {level for _, level in image.getcolors() or []} <= {0, 85, 170, 255}
    left, top, right, bottom = ink(image) or (0, 0, 0, 0)
    scale = image.width / 400
    assert [round(edge / scale) for edge in (left, top, right, bottom)] == pytest.approx([40, 60, 180, 120], abs=1)
    assert ink(opened(found[2])) is None


@pytest.mark.parametrize("turned", [0, 90, 180, 270])
@pytest.mark.parametrize("rotate", [True, False], ids=["by the page's entry", "text set sideways"])
def test_a_page_stands_as_the_engine_reads_it(source: Path, turned: int, rotate: bool) -> None:
    draw(
        source, Sheet([grid([["序号", "事项名称"], ["1", "参保登记"]])], [Text("标准目录", 40, 40)], turned=turned, rotate=rotate)
    )
    page = get("lattice").read(source, pages=None, password=None, progress=None).pages[0]
    picture = pictures(source, [1], turned={1: page.turned})[1]
    assert (picture.width, picture.height) == (page.width, page.height) == (400, 300)
    assert not ink(opened(picture).crop((0, 250, 600, 450)))
    assert ink(opened(picture).crop((50, 40, 300, 70)))


@pytest.mark.parametrize("engine", ["pdfplumber", "camelot"])
def test_the_other_engines_say_how_they_turned_it(engine: str, source: Path) -> None:
    draw(source, Sheet([grid([["序号", "事项名称"], ["1", "参保登记"]] * 3)], [Text("标准目录", 40, 40)], turned=90))
    known = get("lattice").read(source, pages=None, password=None, progress=None).pages[0]
    page = get(engine).read(source, pages=None, password=None, progress=None).pages[0]
    assert page.turned == known.turned != 0


def test_a_photograph_is_kept_as_one(source: Path, tmp_path: Path) -> None:
    noise = Image.effect_noise((300, 200), 120).resize((900, 600))
    noise.save(source, "PDF", resolution=150)
    found = pictures(source, [1])[1]
    assert len(opened(found, "WEBP").getcolors(1 << 20) or []) > 16


@pytest.mark.parametrize("width", [1, 2, 3, 4, 5, 63])
def test_four_greys_are_the_nearest_of_each_pixel(width: int) -> None:
    pixels = np.resize(np.arange(256, dtype=np.uint8), (256 // width + 1, width))
    image = Image.open(io.BytesIO(png.four_greys(pixels)))
    image.load()
    shown = np.asarray(image.convert("L"))
    nearest = np.array([0, 85, 170, 255])[np.abs(pixels[..., None] - np.array([0, 85, 170, 255])).argmin(axis=-1)]
    assert shown.tolist() == nearest.tolist()


def test_they_fit_into_what_they_may_take(source: Path) -> None:
    draw(source, *[Sheet([TABLE])] * 3)
    whole = pictures(source, [1, 2, 3])
    size = sum(len(picture.data) for picture in whole.values())
    assert size < 3 * PAGE_BYTES
    less = pictures(source, [1, 2, 3], limit=size - 1)
    assert sum(len(picture.data) for picture in less.values()) < size
    assert less[1].pixels < whole[1].pixels
    assert less[1].width == whole[1].width


def test_a_huge_page_makes_no_huge_picture(source: Path) -> None:
    found = pictures(draw(source, Sheet([TABLE], size=(14400, 14400))), [1])
    assert max(found[1].pixels) <= LARGEST


def test_the_same_file_gives_the_same_bytes(source: Path) -> None:
    draw(source, Sheet([TABLE]))
    assert pictures(source, [1]) == pictures(source, [1])


def test_a_password_opens_what_it_opens(source: Path) -> None:
    draw(source, Sheet([TABLE]), password="secret")
    assert pictures(source, [1]) == {}
    assert list(pictures(source, [1], "secret")) == [1]


@pytest.mark.parametrize("name", ["missing.pdf", "source.txt"])
def test_what_is_no_pdf_has_no_pictures(name: str, tmp_path: Path) -> None:
    (tmp_path / "source.txt").write_text("1\t2")
    assert pictures(tmp_path / name, [1]) == {}

"""What a scanner, a photocopier, a fax and a seal do to a printed page: one function a kind, made of small effects.

Pixels go in as grey (h, w) or RGB (h, w, 3) uint8 at ``dpi`` and come out likewise; every draw comes from ``rng``, so the same
seed gives the same pixels. Lengths in the code are in millimetres or points of the paper, never in pixels, so that a kind
looks alike at every resolution. Pure but for the font that a seal is cut from.
"""

from __future__ import annotations

import math
import shutil
import subprocess
from collections.abc import Callable
from functools import cache
from typing import Any

import numpy as np

from .picture_pdf import Image, Pixels, bilevel, ccitt, jpeg

Rng = np.random.Generator
Floats = np.ndarray[Any, np.dtype[np.float32]]
Kind = Callable[[Rng, Pixels, int], Image]
# ITU-T T.4: 1728 pixels over 215 mm and, in fine mode, 7.7 lines a millimetre.
_FAX_ACROSS, _FAX_DOWN = 204, 196


def clean(rng: Rng, page: Pixels, dpi: int) -> Image:
    """A good office scanner: a little blur, JPEG, and not quite straight."""
    tilted = _tilt(rng, _blur(page, rng.uniform(0.2, 0.5), dpi), rng.uniform(-0.15, 0.15), 0.0)
    return jpeg(tilted, int(rng.integers(78, 93)))


def skew(rng: Rng, page: Pixels, dpi: int) -> Image:
    """Laid askew, or taken slightly from the side."""
    angle = float(rng.choice((-1, 1))) * rng.uniform(0.4, 3.0)
    tilted = _tilt(rng, _blur(page, rng.uniform(0.2, 0.5), dpi), angle, rng.choice((0.0, 0.004, 0.008)))
    return jpeg(tilted, int(rng.integers(75, 90)))


def noise(rng: Rng, page: Pixels, dpi: int) -> Image:
    """Grainy, speckled, unevenly lit, with a fold or two."""
    tilted = _tilt(rng, _blur(page, rng.uniform(0.3, 0.6), dpi), rng.uniform(-1.5, 1.5), rng.choice((0.0, 0.004)))
    lit = _light(rng, tilted.astype(np.float32))
    grainy = lit + rng.normal(0, rng.uniform(5, 13), tilted.shape).astype(np.float32)
    salted = _salt_and_pepper(rng, grainy, rng.uniform(0.0003, 0.002))
    return jpeg(_pixels(salted), int(rng.integers(65, 86)))


def seal(rng: Rng, page: Pixels, dpi: int) -> Image:
    """In colour, with one or two red seals stamped over cells."""
    colour = np.repeat(page[:, :, None], 3, axis=2)
    for _ in range(int(rng.choice((1, 1, 2)))):
        colour = _stamp(rng, colour, dpi)
    tilted = _tilt(rng, _blur(colour, rng.uniform(0.2, 0.5), dpi), rng.uniform(-1.0, 1.0), 0.0)
    return jpeg(tilted, int(rng.integers(75, 92)))


def photocopy(rng: Rng, page: Pixels, dpi: int) -> Image:
    """A copy of a copy: hard black and white or hard grey, worn and broken strokes, specks, dark edges, punched holes."""
    tilted = _tilt(rng, _blur(page, rng.uniform(0.5, 0.9), dpi), rng.uniform(-1.2, 1.2), rng.choice((0.0, 0.003)))
    field = tilted.astype(np.float32) + _cloud(rng, tilted.shape, dpi, 8.0) * rng.uniform(5, 14)
    field += _cloud(rng, tilted.shape, dpi, 0.25) * rng.uniform(8, 25)
    field = _streaks(rng, _worn(rng, field, dpi), dpi)
    field = _specks(rng, field, dpi, int(rng.integers(30, 200)))
    field = _dark_edges(rng, field, dpi)
    if rng.random() < 0.3:
        field = _holes(field, dpi)
    threshold = rng.uniform(145, 195)
    if rng.random() < 0.5:
        return (bilevel, ccitt)[int(rng.integers(2))](_pixels((field > threshold) * 255.0))
    return jpeg(_pixels(255 / (1 + np.exp((threshold - field) / rng.uniform(8, 16)))), int(rng.integers(60, 80)))


def fax(rng: Rng, page: Pixels, dpi: int) -> Image:
    """Received by fax in fine mode: 204 by 196 dpi, one bit, some lines lost or repeated."""
    import cv2

    tilted = _tilt(rng, page, rng.uniform(-0.8, 0.8), 0.0)
    size = (round(page.shape[1] * _FAX_ACROSS / dpi), round(page.shape[0] * _FAX_DOWN / dpi))
    small = cv2.resize(tilted, size, interpolation=cv2.INTER_AREA).astype(np.float32)
    small += _cloud(rng, small.shape, _FAX_DOWN, 0.3) * 10
    bits = _specks(rng, (small > rng.uniform(150, 200)) * np.float32(255), _FAX_DOWN, int(rng.integers(10, 60)))
    for row in rng.integers(1, size[1], int(rng.integers(0, 6))):
        bits[row] = bits[row - 1]
    return ccitt(_pixels(bits))


KINDS: dict[str, Kind] = {"clean": clean, "skew": skew, "noise": noise, "seal": seal, "photocopy": photocopy, "fax": fax}


def _pixels(field: Any) -> Pixels:
    return np.clip(np.rint(field), 0, 255).astype(np.uint8)


def _blur(page: Pixels, sigma: float, dpi: int) -> Pixels:
    """Gaussian blur; ``sigma`` in pixels of 200 dpi."""
    import cv2

    return np.asarray(cv2.GaussianBlur(page, (0, 0), sigma * dpi / 200), dtype=np.uint8)


def _tilt(rng: Rng, page: Pixels, degrees: float, corner: float) -> Pixels:
    """Turned by ``degrees`` about its middle, each corner moved by up to ``corner`` of the page's size; the rim is white."""
    import cv2

    height, width = page.shape[:2]
    turn = math.radians(degrees)
    corners = np.array([[0, 0], [width, 0], [width, height], [0, height]], np.float32)
    middle = np.array([width / 2, height / 2], np.float32)
    rotation = np.array([[math.cos(turn), math.sin(turn)], [-math.sin(turn), math.cos(turn)]], np.float32)
    # Shrunk as far as the turned page stands over the sheet: what is printed stays on it, as on a real scanner's larger glass.
    shrink = 1 / (1 + abs(math.sin(turn)) * 0.5)
    moved = (corners - middle) @ rotation * shrink + middle
    moved += rng.uniform(-corner, corner, (4, 2)) * max(width, height)
    matrix = cv2.getPerspectiveTransform(corners, moved.astype(np.float32))
    paper = (255,) * (1 if page.ndim == 2 else 3)
    tilted = cv2.warpPerspective(page, matrix, (width, height), flags=cv2.INTER_CUBIC, borderValue=paper)
    return np.asarray(tilted, dtype=np.uint8)


def _light(rng: Rng, field: Floats) -> Floats:
    """Unevenly lit: a slope, darker corners, and a fold or two."""
    height, width = field.shape
    y, x = np.mgrid[0 : 1 : height * 1j, 0 : 1 : width * 1j].astype(np.float32)
    slope = rng.uniform(-0.12, 0.12) * (x - 0.5) + rng.uniform(-0.12, 0.12) * (y - 0.5)
    corners = rng.uniform(0, 0.25) * ((x - 0.5) ** 2 + (y - 0.5) ** 2)
    light = rng.uniform(0.9, 1.0) + slope - corners
    for _ in range(int(rng.integers(0, 3))):
        where, along = rng.uniform(0.2, 0.8), (x, y)[int(rng.integers(2))]
        light -= rng.uniform(0.04, 0.15) * np.exp(-(((along - where) / 0.004) ** 2))
    return np.asarray(field * np.clip(light, 0, 1), dtype=np.float32)


def _salt_and_pepper(rng: Rng, field: Floats, share: float) -> Floats:
    draw = rng.random(field.shape)
    return np.where(draw < share / 2, 0, np.where(draw > 1 - share / 2, 255, field)).astype(np.float32)


def _cloud(rng: Rng, shape: tuple[int, ...], dpi: int, millimetres: float) -> Floats:
    """A field of mean 0 and deviation 1 that changes over about so many millimetres."""
    import cv2

    step = max(1.0, millimetres * dpi / 25.4)
    small = rng.normal(0, 1, (int(shape[0] / step) + 2, int(shape[1] / step) + 2)).astype(np.float32)
    cloud = cv2.resize(small, (shape[1], shape[0]), interpolation=cv2.INTER_CUBIC)
    return np.asarray(cloud / max(float(cloud.std()), 1e-6), dtype=np.float32)


def _worn(rng: Rng, field: Floats, dpi: int) -> Floats:
    """Toner flaked off in small spots, in patches of the page: gaps of a few tenths of a millimetre in rules and strokes."""
    flakes = _cloud(rng, field.shape, dpi, 0.35) > rng.uniform(2.3, 3.2)
    patches = _cloud(rng, field.shape, dpi, 30.0) > rng.uniform(-0.5, 0.8)
    return np.where(flakes & patches, 255, field).astype(np.float32)


def _streaks(rng: Rng, field: Floats, dpi: int) -> Floats:
    """A scratched drum: thin pale or dark lines down the page."""
    field = field.copy()
    for x in rng.integers(0, field.shape[1], int(rng.integers(0, 4))):
        field[:, x : x + max(1, round(0.12 * dpi / 25.4))] += rng.uniform(-90, 90)
    return field


def _specks(rng: Rng, field: Floats, dpi: int, count: int) -> Floats:
    """Black dots of 0.1 to 0.5 mm."""
    import cv2

    field = np.ascontiguousarray(field, dtype=np.float32)
    for x, y, size in zip(
        rng.integers(0, field.shape[1], count),
        rng.integers(0, field.shape[0], count),
        rng.uniform(0.1, 0.5, count) * dpi / 25.4 / 2,
        strict=True,
    ):
        cv2.circle(field, (int(x), int(y)), max(0, round(float(size))), 10.0, -1)
    return field


def _dark_edges(rng: Rng, field: Floats, dpi: int) -> Floats:
    """The lid was open: black bands of up to 3 mm at some edges, uneven in width."""
    field = field.copy()
    for side in range(4):
        if rng.random() < 0.35:
            turned = np.rot90(field, side)
            width = rng.uniform(0.5, 3.0) * dpi / 25.4
            wave = width * (1 + 0.3 * _cloud(rng, (1, turned.shape[1]), dpi, 20.0)[0])
            turned[np.arange(turned.shape[0])[:, None] < wave[None, :]] = 15
    return field


def _holes(field: Floats, dpi: int) -> Floats:
    """Two punched holes of 6 mm, 80 mm apart (ISO 838), copied as black discs at the left edge."""
    import cv2

    field = np.ascontiguousarray(field, dtype=np.float32)
    for side in (-40, 40):
        middle = (round(8 * dpi / 25.4), field.shape[0] // 2 + round(side * dpi / 25.4))
        cv2.circle(field, middle, round(3 * dpi / 25.4), 20.0, -1)
    return field


def _stamp(rng: Rng, page: Pixels, dpi: int) -> Pixels:
    """A round red seal of 38 to 45 mm somewhere over the page, its ink uneven, multiplied into what is printed."""
    side = round(rng.uniform(38, 45) * dpi / 25.4)
    ink = _seal_ink(side, float(rng.uniform(-20, 20)), str(rng.choice(_OFFICES)))
    ink = ink * np.clip(rng.uniform(0.65, 0.95) + 0.12 * _cloud(rng, ink.shape, dpi, 3.0), 0, 1)
    top = int(rng.integers(page.shape[0] // 6, page.shape[0] - side))
    left = int(rng.integers(page.shape[1] // 8, page.shape[1] - side))
    red = np.array([rng.uniform(200, 235), rng.uniform(20, 60), rng.uniform(20, 60)])
    out = page.astype(np.float32)
    out[top : top + side, left : left + side] *= 1 - ink[:, :, None] * (1 - red / 255)
    return _pixels(out)


_OFFICES = ("兴隆县人民政府办公室", "临江区社会保障局", "青山县应急管理局", "和平区人民政府", "北河县政务公开办公室")


def _seal_ink(side: int, turned: float, office: str) -> Floats:
    """The ink of a seal, 0 to 1, (side, side): a ring, a star, and an office's name along the arc."""
    from PIL import Image as Pillow
    from PIL import ImageDraw

    mask = Pillow.new("L", (side, side))
    draw = ImageDraw.Draw(mask)
    draw.ellipse((2, 2, side - 3, side - 3), outline=255, width=max(2, side // 32))
    middle = side / 2
    star = [
        (middle + radius * math.sin(math.pi * k / 5), middle - radius * math.cos(math.pi * k / 5))
        for k in range(10)
        for radius in [side * (0.14 if k % 2 == 0 else 0.056)]
    ]
    draw.polygon(star, fill=255)
    for k, char in enumerate(office):
        angle = (k - (len(office) - 1) / 2) * 230 / len(office)
        mask.paste(255, (0, 0), _on_arc(char, angle, side))
    return np.asarray(mask.rotate(turned, Pillow.Resampling.BICUBIC), dtype=np.float32) / 255


def _on_arc(char: str, angle: float, side: int) -> Any:
    """One character standing on the arc, ``angle`` degrees right of the top, as a mask of the whole seal."""
    from PIL import Image as Pillow
    from PIL import ImageDraw, ImageFont

    glyph = Pillow.new("L", (side, side))
    size = max(8, round(side * 0.115))
    font = ImageFont.truetype(_font(), size) if _font() else ImageFont.load_default(size)
    ImageDraw.Draw(glyph).text((side / 2, side * 0.13), char, fill=255, font=font, anchor="mm")
    return glyph.rotate(-angle, Pillow.Resampling.BICUBIC)


@cache
def _font() -> str:
    """The file of a bold Chinese serif face, as fontconfig names it; "" where there is no fontconfig."""
    command = ["fc-match", "--format", "%{file}", "Noto Serif CJK SC:bold"]
    if not shutil.which(command[0]):
        return ""
    return subprocess.run(command, capture_output=True, text=True, check=True).stdout

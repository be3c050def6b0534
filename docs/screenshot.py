"""Takes the picture of the review page that the READMEs show: ``.venv/bin/python docs/screenshot.py`` (needs chromium)."""

from __future__ import annotations

import io
import shutil
import tempfile
from pathlib import Path

from PIL import Image
from playwright.sync_api import sync_playwright

import pipeline

ROOT = Path(__file__).parent.parent
SOURCE = ROOT / "raw" / "social-insurance" / "2020" / "source.pdf"
TARGET = ROOT / "docs" / "review-page.png"
SIZE = {"width": 1360, "height": 800}
# The third thing to be checked: channels of several rows, over a page break.
STEPS = 3


def main() -> None:
    """Write the picture."""
    with tempfile.TemporaryDirectory() as home, sync_playwright() as started:
        report = Path(home) / "report.html"
        report.write_text(pipeline.run(SOURCE).report(), encoding="utf-8")
        browser = started.chromium.launch(executable_path=shutil.which("chromium"), args=["--no-sandbox"])
        page = browser.new_context(viewport=SIZE, locale="zh-CN").new_page()
        page.goto(report.as_uri())
        for _ in range(STEPS):
            page.keyboard.press("j")
        page.wait_for_timeout(300)
        taken = Image.open(io.BytesIO(page.screenshot()))
        browser.close()
    taken.convert("RGB").quantize(160, dither=Image.Dither.NONE).save(TARGET, optimize=True)


if __name__ == "__main__":
    main()

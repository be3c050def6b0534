"""From sources to PDFs: Chromium, LibreOffice and WeasyPrint as child processes or libraries."""

from __future__ import annotations

import subprocess
import tempfile
from contextlib import suppress
from pathlib import Path

_CHROMIUM = ["chromium", "--headless", "--no-sandbox", "--disable-gpu", "--disable-background-networking"]


def chromium(html: Path, pdf: Path) -> None:
    """Print an HTML file with Chromium. A print that fails, or that takes a minute (some page breaks of Chromium never end),
    leaves no PDF."""
    with tempfile.TemporaryDirectory() as profile:
        command = [
            *_CHROMIUM,
            "--no-pdf-header-footer",
            f"--user-data-dir={profile}",
            f"--print-to-pdf={pdf}",
            html.resolve().as_uri(),
        ]
        try:
            subprocess.run(command, capture_output=True, timeout=60, check=False)
        except subprocess.TimeoutExpired:
            pdf.unlink(missing_ok=True)


def weasyprint(html: Path, pdf: Path) -> None:
    """Print an HTML file with WeasyPrint."""
    from weasyprint import HTML

    HTML(filename=str(html)).write_pdf(str(pdf))


def libreoffice(sources: list[Path]) -> None:
    """Convert documents that lie in one folder, each to a PDF beside it, in one call (starting LibreOffice is what costs)."""
    if not sources:
        return
    with tempfile.TemporaryDirectory() as profile:
        command = [
            "soffice",
            f"-env:UserInstallation={Path(profile).as_uri()}",
            "--headless",
            "--convert-to",
            "pdf",
            "--outdir",
            str(sources[0].parent),
            *map(str, sources),
        ]
        # What it has not converted by then has no PDF, and is drawn again.
        with suppress(subprocess.TimeoutExpired):
            subprocess.run(command, capture_output=True, timeout=120 + 60 * len(sources), check=False)

"""What the engine did to a scan before it read it, for a person to look at."""

from __future__ import annotations

import re

from pipeline.model import Page


def quarters_of(page: Page) -> int:
    """Quarter turns clockwise by which a page was turned to be read, as its issue ``turned`` says; 0 where it lay upright."""
    told = [re.search(r"turned by (90|180|270) degrees", issue.message) for issue in page.issues if issue.code == "turned"]
    return next((int(match[1]) // 90 for match in told if match), 0)

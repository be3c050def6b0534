"""A comparison → the files that tell it, in a folder of their own."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from pathlib import Path

from pipeline import folder
from pipeline.export import changes_daff, changes_json, changes_md
from pipeline.export.text import encoded
from pipeline.model import Diff
from pipeline.pictures import Picture
from pipeline.profile import Profile
from pipeline.report import View, html

PAGE = "changes.html"
NAMES = (changes_json.NAME, changes_md.NAME, PAGE, changes_daff.NAME)
# What `--format` calls them.
FORMATS = ("json", "md", "html", "csv")


# By side (old, new) and number of the page.
Pictures = Mapping[str, Mapping[int, Picture]]


def text(form: str, diff: Diff, view: View, profile: Profile, pictures: Pictures | None = None) -> str:
    """The comparison in one of ``FORMATS``; ``pictures`` are those of the pages that the HTML page shows pieces of."""
    makers: dict[str, Callable[[], str]] = {
        "json": lambda: changes_json.text(diff, *view.sides, profile),
        "md": lambda: changes_md.text(view),
        "html": lambda: html(view, pictures),
        "csv": lambda: changes_daff.text(diff, *view.sides, profile),
    }
    return makers[form]()


def write(target: Path, diff: Diff, view: View, profile: Profile, pictures: Pictures | None = None) -> None:
    """Replace the folder ``target`` as a whole by one with all files; raises OutputError, and then it is as before."""
    with folder.replaced(target, NAMES, is_ours) as fresh:
        for name, form in zip(NAMES, FORMATS, strict=True):
            (fresh / name).write_bytes(encoded(text(form, diff, view, profile, pictures)))


def is_ours(target: Path) -> bool:
    """Whether a comparison was written there, so that another may replace it."""
    try:
        content = json.loads((target / changes_json.NAME).read_bytes())
    except (OSError, ValueError):
        return False
    return isinstance(content, dict) and content.get("format") == changes_json.FORMAT

"""The review page as one HTML file that needs nothing else: no network, no other file, and no script to be read or printed."""

from __future__ import annotations

import base64
import hashlib
import os
import sys
from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import replace
from functools import cache
from typing import Any, Protocol

from pipeline.page import wording
from pipeline.page.view import SHOWN, Cell, View

# Laid out once, not first as a plain table and then again.
_START = 'document.documentElement.classList.add("js");'
_TEMPLATES = os.path.join(os.path.dirname(__file__), "templates")


class Drawn(Protocol):
    """A picture of a page: a file, as a URL that holds it, and its size in pixels."""

    @property
    def url(self) -> str: ...

    @property
    def pixels(self) -> tuple[int, int]: ...


def html(
    view: View, pictures: Mapping[int, Drawn], review: Mapping[str, Any] | None = None, parts: Mapping[str, str] | None = None
) -> str:
    """The page. Everything that a source prints is escaped, and the page itself forbids any script and style but its own.

    ``pictures`` are those of its pages, by number; ``parts`` is what ``fragments`` gave for this view, where it is known. With
    ``review`` (what the server tells its page: a token, a revision) the page has a form for decisions, and talks to the server
    that it came from.
    """
    from markupsafe import Markup

    scripts = [_START, _asset("report.js")] + ([_asset("review.js")] if review is not None else [])
    style = _asset("report.css")
    found = fragments(view) if parts is None else parts
    page: str = (
        _environment()
        .get_template("report.html")
        .render(
            view=view,
            words=view.words,
            review_words=wording.section("review"),
            parts={name: Markup(text) for name, text in found.items()},
            shown=SHOWN,
            pictures={number: (picture.url, *picture.pixels) for number, picture in pictures.items()},
            review=review,
            style=style,
            scripts=scripts,
            policy=_policy(style, scripts, review is not None),
        )
    )
    return page


def fragments(view: View, keep: bool = False) -> dict[str, str]:
    """What a decision can change, as the inner HTML of the elements of these ids.

    ``keep`` remembers what was made of each cell: the next call, for a view that differs in few, is a good deal quicker.
    """
    part = _environment().get_template("parts.html").module
    found = {"counts": part.counts(view), "queue": part.queue(view), "codes": part.codes(view)}
    found["rows"] = part.rows(view, _telling_once(view, part, _kept if keep else {}))
    found |= {f"boxes-{sheet.number}": part.boxes(sheet) for sheet in view.sheets}
    return {name: str(text) for name, text in found.items()}


# What cells look like, for a server that makes the same page again and again.
_kept: dict[object, Any] = {}
_MOST_KEPT = 50_000


def _telling_once(view: View, part: Any, kept: dict[object, Any]) -> Callable[[Cell], Any]:
    """The markup of a cell after its id; a merged cell stands in many rows and is told once."""
    known: dict[int, Any] = {}
    columns = {column: part.column(column) for column in view.columns}
    plain = {tick: part.tick(tick, view.words) for tick in ("yes", "no", "unknown")} | {"": part.blank(view.words)}

    def told(cell: Cell) -> Any:
        if cell.share not in known:
            known[cell.share] = again(cell) if kept is _kept else anew(cell)
        return known[cell.share]

    def anew(cell: Cell) -> Any:
        lists = (cell.marks, (cell.origin, *cell.rules), cell.boxes, map(str, cell.pages))
        said = plain[cell.tick] if cell.tick or not (cell.entries or cell.text) else None
        return part.cell(cell, columns[cell.column], said, *map(" ".join, lists))

    def again(cell: Cell) -> Any:
        key = replace(cell, id="", share=0)
        if len(kept) > _MOST_KEPT:
            kept.clear()
        if key not in kept:
            kept[key] = anew(cell)
        return kept[key]

    return told


def _policy(style: str, scripts: list[str], talks: bool) -> str:
    allowed = " ".join(f"'sha256-{_digest(script)}'" for script in scripts)
    policy = f"default-src 'none'; img-src data:; style-src 'sha256-{_digest(style)}'; script-src {allowed}; "
    return policy + "base-uri 'none'; form-action 'none'" + ("; connect-src 'self'" if talks else "")


def _digest(text: str) -> str:
    return base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()


@cache
def _environment() -> Any:
    # Here, since jinja2 is needed by those alone who write a page.
    from jinja2 import Environment, FileSystemLoader, StrictUndefined

    return Environment(
        loader=FileSystemLoader(_TEMPLATES),
        bytecode_cache=_bytecode(),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )


def _bytecode() -> Any:
    """Compiled templates in a ``__pycache__`` beside them, as Python keeps its modules: compiling takes longer than rendering."""
    from jinja2 import FileSystemBytecodeCache

    class Beside(FileSystemBytecodeCache):
        def dump_bytecode(self, bucket: Any) -> None:
            # A package that this user may not write to is compiled each time.
            with suppress(OSError):
                os.makedirs(self.directory, exist_ok=True)
                super().dump_bytecode(bucket)

    return Beside(os.path.join(_TEMPLATES, "__pycache__"), f"%s.jinja-{sys.implementation.cache_tag}")


def _asset(name: str) -> str:
    """A file of our own that goes into the page as it is."""
    source: str = _environment().loader.get_source(_environment(), name)[0]
    return source.strip("\n")

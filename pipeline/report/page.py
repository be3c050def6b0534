"""A report as one HTML file that needs nothing else: no network, no other file, and no script to be readable or printed."""

from __future__ import annotations

import base64
import hashlib
from collections.abc import Mapping
from typing import Any, Protocol

from pipeline.report.view import View, shown


class Drawn(Protocol):
    """A picture of a page: a file, as a URL that holds it, and the size of the page in points."""

    @property
    def url(self) -> str: ...

    @property
    def width(self) -> float: ...

    @property
    def height(self) -> float: ...


def html(view: View, pictures: Mapping[str, Mapping[int, Drawn]] | None = None) -> str:
    """The page. Everything that comes from a catalog is escaped, and the page itself forbids any script but its own.

    ``pictures`` are those of the pages that it shows pieces of, by side (``old``, ``new``) and number.
    """
    environment = _environment()
    script = _asset(environment, "changes.js")
    digest = base64.b64encode(hashlib.sha256(script.encode()).digest()).decode()
    page: str = environment.get_template("changes.html").render(
        view=view,
        words=view.words,
        shown=shown,
        style=_asset(environment, "changes.css"),
        script=script,
        digest=digest,
        pictures={side: {n: (one, one.url) for n, one in drawn.items()} for side, drawn in (pictures or {}).items() if drawn},
    )
    return page


def _environment() -> Any:
    # Here, since jinja2 is needed by those alone who write a page.
    from jinja2 import Environment, PackageLoader, StrictUndefined

    loader = PackageLoader("pipeline.report")
    return Environment(loader=loader, autoescape=True, undefined=StrictUndefined, trim_blocks=True, lstrip_blocks=True)


def _asset(environment: Any, name: str) -> str:
    """A file of our own that goes into the page as it is."""
    source: str = environment.loader.get_source(environment, name)[0]
    return source.strip("\n")

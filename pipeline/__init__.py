"""Standard catalogs of disclosure (基层政务公开标准目录) as data: a PDF or a text dump in, clean rows out.

>>> import pipeline
>>> catalog = pipeline.run("raw/social-insurance/2020/source.pdf")
>>> catalog.items            # a pandas DataFrame
>>> catalog.write("out")     # items.json, items.csv, provenance.csv, issues.csv, tables.json, datapackage.json, report.html
>>> pipeline.read("out")         # the same catalog again, from what was written
>>> pipeline.debug_page("raw/social-insurance/2020/source.pdf", 1)   # a picture of what was seen on a page
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

__version__ = "0.1.0"
__all__ = ["Catalog", "__version__", "debug_page", "read", "run"]

if TYPE_CHECKING:
    from pipeline.catalog import Catalog, run
    from pipeline.debug import debug_page
    from pipeline.reread import read


def __getattr__(name: str) -> Any:
    """What is in ``__all__`` when it is asked for, so that importing one room does not import all of them."""
    if name not in __all__:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    from pipeline import catalog, debug, reread

    return getattr({"debug_page": debug, "read": reread}.get(name, catalog), name)

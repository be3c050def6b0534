"""``Grid`` → rows of typed values: serial numbers, texts, lists, limits, channels and ticks.

One file a kind of value, and one for each of the questions that a list raises: where brackets hold text together
(``brackets``), where printed numbering cuts (``numbering``), whether a line end is a wrap (``widths``, ``line_ends``) and
where one cited document ends (``documents``).
"""

from pipeline.cast.records import cast

__all__ = ["cast"]

"""A catalog as a page on which a person checks it: its pages with the boxes of their cells, its rows, what to look at."""

from __future__ import annotations

from pipeline.page.render import fragments, html
from pipeline.page.telling import view
from pipeline.page.view import Box, Cell, Column, Line, Row, Sheet, Task, View, Words

__all__ = ["Box", "Cell", "Column", "Line", "Row", "Sheet", "Task", "View", "Words", "fragments", "html", "view"]

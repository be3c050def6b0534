"""JSON Lines (jsonlines.org): the objects of ``items.json``, one a line, for systems that read line by line."""

from __future__ import annotations

import json

from pipeline.export.feed import Feed


def data(feed: Feed) -> bytes:
    """The file: UTF-8, unescaped, fields in the order of ``items.json``."""
    return "".join(json.dumps(row, ensure_ascii=False) + "\n" for row in feed.rows).encode()

"""``catalog review``: the report page of one output folder, served on this machine, on which a person decides about values.

``desk.py`` keeps the catalog in memory and writes each decision to disk at once; ``wanted.py`` says how a value that a person
gives is written so that it is read as meant, ``change.py`` what ``lookups.csv`` then holds, ``suggest.py`` what the value may
be. ``app.py`` is the HTTP around it, ``guard.py`` keeps other pages out.
"""

from __future__ import annotations

from pipeline.review.desk import Desk
from pipeline.review.state import Changed, Decision, Outcome, Refused, Unknown

__all__ = ["Changed", "Decision", "Desk", "Outcome", "Refused", "Unknown"]

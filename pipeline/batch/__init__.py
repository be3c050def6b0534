"""Many documents: each a job of its own, in processes of this machine or of a cluster; one that fails stops no other.

``run`` is the whole of it: patterns in, a folder for each document out, and over all of them ``documents.csv`` and
``failures.csv``. What a document's folder holds does not depend on who made it, when, beside which others, or how often the
run was broken off.
"""

from __future__ import annotations

from pipeline.batch.find import find
from pipeline.batch.ledger import DOCUMENTS, FAILURES, Ledger
from pipeline.batch.model import Job, Outcome, Settings
from pipeline.batch.pool import outcomes
from pipeline.batch.settle import settled

__all__ = ["DOCUMENTS", "FAILURES", "Job", "Ledger", "Outcome", "Settings", "find", "outcomes", "settled"]

"""All catalogs and all their versions in one SQLite database, which is brought in step with ``normalized/``.

    normalized/<catalog>/<version>/ ─ update ─▶ catalogs.db

``tables`` says what the database holds, ``load`` turns one version into lines of it, ``validity`` says from which version to
which an item stands unchanged, ``search`` finds Chinese text, ``update`` does what is new or changed, in one transaction.
"""

from __future__ import annotations

from pipeline.db.update import NAME, Told, update

__all__ = ["NAME", "Told", "update"]

"""Settings as a user gives them → settings that mean the same in every process, checked before the first document."""

from __future__ import annotations

import os
from dataclasses import replace

from pipeline import engines, profile
from pipeline.batch.model import Settings
from pipeline.errors import CatalogError


def settled(settings: Settings) -> Settings:
    """The settings with a profile's folder as an absolute path; raises CatalogError for what would fail every document."""
    if settings.engine:
        engines.get(settings.engine)
    if settings.seconds <= 0 or settings.memory <= 0:
        raise CatalogError("a limit of 0 lets no document be read; give seconds and MiB")
    if settings.profile is None:
        return settings
    profile.load(settings.profile)
    known = settings.profile in profile.available()
    return settings if known else replace(settings, profile=os.path.abspath(settings.profile))

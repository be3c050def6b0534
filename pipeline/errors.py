"""Every error that the package raises on purpose. A message names the file, the page, what was expected and what to do."""

from __future__ import annotations


class CatalogError(Exception):
    """Base of all: the work could not be done. The command prints the message in one line and ends with exit code 2."""


class SourceError(CatalogError):
    """The source cannot be read: it is missing, no PDF, encrypted, damaged, or of a kind that no engine reads."""


class PasswordError(SourceError):
    """The source is encrypted and the password is missing or wrong."""


class NoTableError(SourceError):
    """The source holds no table at all, or none of the family that the profile describes."""


class LimitError(SourceError):
    """The source takes more time, memory, pages, objects, pixels or levels than it is allowed; the message says how to allow it.

    ``limit`` is the limit's name, ``most`` what it allows.
    """

    def __init__(self, message: str, limit: str = "", most: float = 0.0) -> None:
        super().__init__(message)
        self.limit = limit
        self.most = most


class CrashError(SourceError):
    """The source ended the process that read it; ``code`` is its exit code, or the number of a signal, negative."""

    def __init__(self, message: str, code: int = 0) -> None:
        super().__init__(message)
        self.code = code


class FaultError(Exception):
    """What a child of this program raised though nobody foresaw it: a fault of the program. ``trace`` says where."""

    def __init__(self, message: str, trace: str = "") -> None:
        super().__init__(message)
        self.trace = trace


class ProfileError(CatalogError):
    """The profile is missing, incomplete or contradicts itself."""


class LookupsError(CatalogError):
    """A lookups.csv has a column, field or status that is not allowed."""


class RawError(CatalogError):
    """A tables.json does not have the structure that this version writes."""


class MissingExtraError(CatalogError):
    """A part that is an extra is not installed; the message names the command that installs it."""


class OutputError(CatalogError):
    """The output folder cannot be written or replaced."""

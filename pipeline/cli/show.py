"""``catalog engines`` and ``catalog profiles``: what there is to choose from."""

from __future__ import annotations

import typer


def engines() -> None:
    """List the engines: ways of reading a source."""
    from pipeline import engines as registry

    for name in registry.names():
        engine = registry.get(name)
        typer.echo(f"{name:<12}{', '.join(engine.suffixes):<24}{engine.describe}")


def profiles() -> None:
    """List the profiles: families of documents that are known."""
    from pipeline import profile

    for name in profile.available():
        found = profile.load(name)
        typer.echo(f"{name:<24}version {found.version:<8}{found.title}")

"""The desk behind a real server: uvicorn, at one address of this machine."""

from __future__ import annotations

import socket
from collections.abc import Callable

from pipeline.errors import CatalogError, MissingExtraError
from pipeline.review.desk import Desk

HOST, PORT = "127.0.0.1", 8002


def serve(desk: Desk, host: str = HOST, port: int = PORT, ready: Callable[[str], None] = print) -> None:
    """Serve until the process is interrupted; ``ready`` is told the address to open, with the key of this start.

    ``port`` 0 takes any free one. Raises CatalogError where the address is taken, MissingExtraError where Starlette or uvicorn
    is not installed.
    """
    try:
        import uvicorn

        from pipeline.review.app import application
        from pipeline.review.guard import Gate
    except ImportError as error:
        hint = f"reviewing needs {error.name}, which is an extra: pip install 'disclosure-catalog[review]'"
        raise MissingExtraError(hint) from error
    with _listening(host, port) as listener:
        port = listener.getsockname()[1]
        gate = Gate(host, port)
        config = uvicorn.Config(
            application(desk, gate), log_level="warning", access_log=False, lifespan="off", server_header=False, ws="none"
        )
        ready(f"http://{_shown(host)}:{port}/?token={gate.token}")
        uvicorn.Server(config).run([listener])


def _listening(host: str, port: int) -> socket.socket:
    try:
        family = socket.AF_INET6 if ":" in host else socket.AF_INET
        return socket.create_server((host, port), family=family)
    except (OSError, OverflowError) as error:
        told = f"{host}:{port}: cannot listen there: {getattr(error, 'strerror', None) or error}"
        raise CatalogError(f"{told}; name another --port, or 0 for any free one") from error


def _shown(host: str) -> str:
    """An address by which this machine is reached, where we listen at ``host``."""
    known = {"0.0.0.0": "127.0.0.1", "::": "[::1]"}.get(host, host)
    return f"[{known}]" if ":" in known and not known.startswith("[") else known

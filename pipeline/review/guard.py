"""Who may talk to the server: the page that it served, and nobody else's page.

A page of another site can send requests to a server on this machine, though it cannot read the answers, and by a name that
its owner points at 127.0.0.1 (DNS rebinding) it can read them too. So a request must name this machine as its host, one that
comes from a page must come from ours, and all must bring the key of this start, which no other page can know: the page itself
by a cookie or in its address, everything else by a header. Cookies go to all ports of a host, so no cookie alone changes
anything.
"""

from __future__ import annotations

import hmac
import ipaddress
import secrets
import socket
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from http.cookies import CookieError, SimpleCookie
from urllib.parse import parse_qs

from starlette.types import ASGIApp, Message, Receive, Scope, Send

TOKEN_HEADER = "x-catalog-token"
API = "/api/"
LARGEST = 65_536

# The page brings a policy of its own; this is for everything else. Nobody may frame it, so nobody can have it clicked unseen.
HEADERS = {
    "cache-control": "no-store",
    "content-security-policy": "default-src 'none'; frame-ancestors 'none'",
    "cross-origin-opener-policy": "same-origin",
    "cross-origin-resource-policy": "same-origin",
    "referrer-policy": "no-referrer",
    "x-content-type-options": "nosniff",
    "x-frame-options": "DENY",
}


@dataclass(frozen=True, slots=True)
class Gate:
    """What a request must bring: the ``token`` of this start, and a host name by which ``address``, where we listen, is known."""

    address: str
    port: int
    token: str = field(default_factory=lambda: secrets.token_urlsafe(32))

    @property
    def cookie(self) -> str:
        """The name of our cookie; each server on this machine has its own."""
        return f"catalog-review-{self.port}"

    def refusal(self, scope: Scope) -> tuple[int, str, str] | None:
        """Why a request is refused, as status, code and message; None where it is not."""
        headers = _headers(scope)
        host = headers.get("host", "")
        if not self._knows(host):
            return 421, "host", "this server is not known by that name; open the address that the command printed"
        if headers.get("origin", f"http://{host}") != f"http://{host}":
            return 403, "origin", "requests of other pages are not answered"
        if not self._has_key(scope, headers):
            return 403, "token", "the key is missing or wrong; open the address that the command printed, or reload the page"
        if scope["method"] != "POST":
            return None
        if headers.get("content-type", "").partition(";")[0].strip() != "application/json":
            return 415, "type", "expected application/json"
        if not headers.get("content-length", "").isdecimal() or int(headers["content-length"]) > LARGEST:
            return 413, "size", f"expected at most {LARGEST} bytes, and their number in Content-Length"
        return None

    def is_ours(self, given: str) -> bool:
        """Whether this is the key; it takes as long to say no as to say yes."""
        return hmac.compare_digest(given.encode(), self.token.encode())

    def _has_key(self, scope: Scope, headers: Mapping[str, str]) -> bool:
        if scope["path"].startswith(API):
            return self.is_ours(headers.get(TOKEN_HEADER, ""))
        asked = parse_qs(scope.get("query_string", b"").decode("latin-1")).get("token", [""])[0]
        return self.is_ours(asked) or self.is_ours(_cookies(headers).get(self.cookie, ""))

    def _knows(self, host: str) -> bool:
        """Whether a Host header names this machine. The port is left open: a tunnel may have another one at its end."""
        name = host.rpartition(":")[0] if host.rpartition(":")[2].isdecimal() else host
        name = name.removeprefix("[").removesuffix("]").lower()
        if name == "localhost" or name == self.address.lower():
            return True
        try:
            # A number cannot be pointed elsewhere; but where we listen for this machine alone, no other machine's number is ours.
            found = ipaddress.ip_address(name)
        except ValueError:
            return not _is_loopback(self.address) and name == socket.gethostname().lower()
        return found.is_loopback or not _is_loopback(self.address)


def guarded(app: ASGIApp, gate: Gate, refuse: Callable[[int, str, str, bool], ASGIApp]) -> ASGIApp:
    """``app`` behind the gate; ``refuse`` makes the answer to what does not get in (status, code, message, is it the API)."""

    async def behind(scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await app(scope, receive, send)
            return

        async def with_headers(message: Message) -> None:
            if message["type"] == "http.response.start":
                given = {name.lower() for name, _ in message["headers"]}
                more = [(name.encode(), value.encode()) for name, value in HEADERS.items() if name.encode() not in given]
                message = {**message, "headers": [*message["headers"], *more]}
            await send(message)

        refused = gate.refusal(scope)
        answer = refuse(*refused, scope["path"].startswith(API)) if refused else app
        await answer(scope, receive, with_headers)

    return behind


def _is_loopback(address: str) -> bool:
    try:
        return address == "localhost" or ipaddress.ip_address(address).is_loopback
    except ValueError:
        return False


def _headers(scope: Scope) -> dict[str, str]:
    return {name.decode("latin-1").lower(): value.decode("latin-1") for name, value in scope["headers"]}


def _cookies(headers: Mapping[str, str]) -> dict[str, str]:
    try:
        return {name: morsel.value for name, morsel in SimpleCookie(headers.get("cookie", "")).items()}
    except CookieError:
        return {}

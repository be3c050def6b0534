"""The desk over HTTP (Starlette): the page, its parts, suggestions, decisions and their undoing, as JSON."""

from __future__ import annotations

import re
from html import escape, unescape
from typing import Any

from starlette.applications import Starlette
from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import HTMLResponse, JSONResponse, Response
from starlette.routing import Route
from starlette.types import ASGIApp

from pipeline.errors import CatalogError
from pipeline.review.asked import Undo, decision_of, undo_of, value_of
from pipeline.review.desk import Desk
from pipeline.review.guard import HEADERS, Gate, guarded
from pipeline.review.state import Changed, Outcome, State, Unknown

_POLICY = re.compile(r'<meta http-equiv="Content-Security-Policy" content="([^"]*)"')


def application(desk: Desk, gate: Gate) -> ASGIApp:
    """The ASGI application of a desk, behind its gate."""
    served = _Served(desk, gate)
    routes = [
        Route("/", served.page),
        Route("/api/state", served.state),
        Route("/api/suggestions", served.suggestions),
        Route("/api/decisions", served.decide, methods=["POST"]),
        Route("/api/undo", served.undo, methods=["POST"]),
    ]
    return guarded(Starlette(routes=routes, exception_handlers={CatalogError: _refused}), gate, _turned_away)


class _Served:
    """What answers requests. The work is done on threads: the desk lets one decide at a time."""

    def __init__(self, desk: Desk, gate: Gate) -> None:
        self._desk, self._gate = desk, gate

    async def page(self, request: Request) -> Response:
        html = await run_in_threadpool(self._desk.html, self._gate.token)
        found = _POLICY.search(html)
        policy = f"{unescape(found[1])}; frame-ancestors 'none'" if found else HEADERS["content-security-policy"]
        response = HTMLResponse(html, headers={"content-security-policy": policy})
        response.set_cookie(self._gate.cookie, self._gate.token, httponly=True, samesite="strict", path="/")
        return response

    async def state(self, request: Request) -> Response:
        state = await run_in_threadpool(lambda: self._desk.state)
        if request.query_params.get("since") == state.revision:
            return JSONResponse({"revision": state.revision})
        return JSONResponse({"revision": state.revision, "counts": state.counts, "fragments": state.fragments})

    async def suggestions(self, request: Request) -> Response:
        row, field = value_of(request.query_params)
        offers, alike = await run_in_threadpool(self._desk.suggestions, row, field)
        told = [{"value": one.value, "source": one.source, "detail": one.detail} for one in offers]
        return JSONResponse({"suggestions": told, "alike": alike})

    async def decide(self, request: Request) -> Response:
        decision, revision = decision_of(await request.body())
        try:
            outcome = await run_in_threadpool(self._desk.decide, decision)
        except Changed as error:
            return _changed(error, self._desk.state, revision)
        return JSONResponse(_told(outcome, revision))

    async def undo(self, request: Request) -> Response:
        asked = undo_of(await request.body())
        try:
            outcome = await run_in_threadpool(self._taken_back, asked)
        except Changed as error:
            return _changed(error, self._desk.state, asked.revision)
        except Unknown as error:
            return _error(404, "unknown", str(error))
        return JSONResponse(_told(outcome, asked.revision))

    def _taken_back(self, asked: Undo) -> Outcome:
        """A decision of a server that has ended since is taken back by its value."""
        if asked.value is None or self._desk.remembers(asked.number):
            return self._desk.undo(asked.number)
        return self._desk.withdraw(*asked.value)


def _told(outcome: Outcome, revision: str) -> dict[str, Any]:
    """What a page needs to show an outcome: the parts that differ from what it shows."""
    known = outcome.before.fragments if revision == outcome.before.revision else {}
    return {
        "revision": outcome.after.revision,
        "undo": outcome.undo,
        "changed": [{"row": row, "field": field} for row, field in outcome.changed],
        "counts": outcome.after.counts,
        "fragments": {name: html for name, html in outcome.after.fragments.items() if known.get(name) != html},
    }


def _changed(error: Changed, state: State, revision: str) -> Response:
    current = {"value": error.cell.text, "doubt": error.cell.doubt}
    fragments = {} if revision == state.revision else state.fragments
    told = {"error": "changed", "message": str(error), "revision": state.revision, "current": current}
    return JSONResponse(told | {"counts": state.counts, "fragments": fragments}, 409)


async def _refused(request: Request, error: Exception) -> Response:
    return _error(422, "refused", " ".join(str(error).split()))


def _error(status: int, code: str, message: str) -> Response:
    return JSONResponse({"error": code, "message": message}, status)


def _turned_away(status: int, code: str, message: str, is_api: bool) -> ASGIApp:
    """The answer to a request that does not get in: JSON for a script, a sentence for a reader."""
    if is_api:
        return _error(status, code, message)
    text = f"<!doctype html><meta charset=utf-8><title>catalog review</title><p>{escape(message.capitalize())}."
    return HTMLResponse(text, status)

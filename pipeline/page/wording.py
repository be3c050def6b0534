"""The words of the review page, in both languages: what codes, fields and reasons are called."""

from __future__ import annotations

import tomllib
from functools import cache
from importlib.resources import files
from typing import Any

from pipeline.check.wording import REASONS
from pipeline.page.view import Words
from pipeline.profile import Profile


@cache
def _texts() -> dict[str, Any]:
    text: dict[str, Any] = tomllib.loads((files("pipeline.page") / "words.toml").read_text(encoding="utf-8"))
    return text


@cache
def _reasons() -> dict[str, str]:
    text = (files("pipeline") / "report" / "words.toml").read_text(encoding="utf-8")
    found: dict[str, str] = tomllib.loads(text)["zh"]["reasons"]
    return found


@cache
def section(name: str) -> dict[str, Words]:
    """A section of ``words.toml``, code → words."""
    return {code: Words(*both) for code, both in _texts()[name].items()}


def reason(code: str) -> Words:
    """Why a value is doubted; a code without a wording is given as it is."""
    plain = code.replace("_", " ")
    return Words(_reasons().get(code, plain), REASONS.get(code, plain))


def of_code(code: str) -> Words:
    """What kind of issue it is."""
    return section("issues").get(code) or reason(code)


def limit(code: str, number: object = "") -> Words:
    """A unit with its number, or a kind of limit."""
    found = section("limits").get(code) or Words(code, code)
    return Words(found.zh.format(n=number), found.en.format(n=number))


def title(field: str, profile: Profile) -> Words:
    """A field's name: as the catalog prints it, and in English after its name in ``items.json``."""
    known = profile.field(field)
    if known is None:
        name = field.removeprefix("extra_")
        return Words(name, name)
    return Words(known.title, field.replace("_", " ").capitalize())


@cache
def _ranks() -> dict[str, int]:
    return {code: rank for rank, code in enumerate(_texts()["worst_first"])}


def rank(code: str) -> int:
    """How late a reader should look at this, 0 = first. Several codes joined by ``+`` are as bad as the worst of them."""
    ranks = _ranks()
    return min((ranks.get(one, len(ranks)) for one in code.split("+")), default=len(ranks))

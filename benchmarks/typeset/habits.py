"""What publishers do besides: lines around the table, page numbers in many forms, typed line breaks, underlines. Pure.

Variations as those of ``variety``: each takes (rng, case) and gives the case otherwise, or as it is where it does not apply.
"""

from __future__ import annotations

import random
from dataclasses import replace

from .catalog import RUNNING, Catalog, Span
from .make import Case
from .styles import style_names
from .words import Limit

_ABOVE = ("附件1", "附件：", "附件2：")
_BELOW = ("编制单位：青石县政务公开办公室", "（2023年修订版）", "填报日期：2023年5月8日", "单位：青石县人民政府")
_CLOSING = (
    "注：1.本目录自发布之日起施行；2.法律、法规、规章另有规定的，从其规定。",
    "填表人：王某某    联系电话：0991-2345678",
    "备注：公开渠道和载体在标注范围内至少选择其一公开。",
)
_NUMBERS = ("第 {} 页", "第 {} 页 共 {all} 页", "{} / {all}", "- {} -", "{}", "—{}—")
# Borders of spreadsheets and of documents beside those that all writers have.
_SIDES = ("hair", "dashDot", "mediumDashed", "thick", "double", "thin", "medium", "dotted", "mediumDashDotDot")
_RULES = (
    *("triple", "dotDash", "dotDotDash", "dashSmallGap", "thick", "inset", "outset", "thinThickSmallGap", "thickThinSmallGap"),
    *("thinThickThinSmallGap", "thickThinMediumGap", "thinThickLargeGap", "wave", "doubleWave", "dashDotStroked", "threeDEmboss"),
)
# What a clerk does not set apart: the headings of these columns name columns of the publisher's own.
_OWN = ("备注", "责任科室", "监督电话", "咨询电话", "承办科室")


def lines_around(rng: random.Random, case: Case) -> Case:
    """The mark of an attachment above the caption, who made the table below it, and a note behind the table."""
    return replace(
        case,
        layout=replace(
            case.layout,
            above=rng.choice(("", *_ABOVE)),
            below=rng.choice(("", *_BELOW)),
            closing=rng.choice(("", *_CLOSING)),
        ),
    )


def page_numbers(rng: random.Random, case: Case) -> Case:
    """Page numbers in other forms than dashes."""
    return replace(case, layout=replace(case.layout, footer=True, numbers=rng.choice(_NUMBERS)))


def typed_breaks(rng: random.Random, case: Case) -> Case:
    """Line breaks that a clerk typed inside limits and bodies, to make them fit their column."""
    return replace(case, catalogs=[_broken(rng, catalog) for catalog in case.catalogs])


def _broken(rng: random.Random, catalog: Catalog) -> Catalog:
    spans = {**catalog.spans}
    for name in RUNNING:
        spans[name] = tuple(_with_break(rng, span) if rng.random() < 0.5 else span for span in spans[name])
    return replace(catalog, spans=spans)


def _with_break(rng: random.Random, span: Span) -> Span:
    if isinstance(span.value, Limit):
        return replace(span, value=replace(span.value, text=_typed(rng, span.value.text)))
    return replace(span, value=_typed(rng, str(span.value)))


def _typed(rng: random.Random, text: str) -> str:
    """The text with one line break, between Chinese characters."""
    places = [k for k in range(2, len(text) - 1) if not (text[k - 1] + text[k]).isascii() and text[k] not in "，、）)》"]
    if not places:
        return text
    k = rng.choice(places)
    return f"{text[:k]}\n{text[k:]}"


def underlined(rng: random.Random, case: Case) -> Case:
    """The text of one column underlined: a line under each printed line, that is no rule of the table."""
    names = [c for c in ("second_level_item", "legal_bases", "disclosing_body", "channels") if c in case.layout.cols]
    return replace(case, layout=replace(case.layout, underline=rng.choice(names)))


def leading(rng: random.Random, case: Case) -> Case:
    """Lines close together or far apart, and rows with a least height."""
    return replace(case, layout=replace(case.layout, leading=rng.choice((1.05, 1.5, 2.0)), roomy=rng.choice((0, 0, 30, 45))))


def negatives(rng: random.Random, case: Case) -> Case:
    """Ticks that are not given are printed as a sign."""
    return replace(case, layout=replace(case.layout, untick=rng.choice(("/", "×", "—", "否", "□"))))


def spaced_headings(rng: random.Random, case: Case) -> Case:
    """Headings whose characters are set apart by spaces."""

    def spaced(text: str) -> str:
        return " ".join(text) if len(text) <= 4 and text not in _OWN else text

    first, second = case.layout.header
    header = [[[spaced(text), *rest] for text, *rest in first], [spaced(text) for text in second]]
    return replace(case, layout=replace(case.layout, header=header))


def title_row(rng: random.Random, case: Case) -> Case:
    """The caption as a row of the table, over its whole width."""
    return replace(case, layout=replace(case.layout, title_row=case.layout.renderer in ("chromium", "weasyprint")))


def stylesheet(rng: random.Random, case: Case) -> Case:
    """One to three rules of another stylesheet (browsers)."""
    if case.layout.renderer not in ("chromium", "weasyprint"):
        return case
    names = rng.sample(style_names(case.layout.renderer), rng.choice((1, 2, 2, 3)))
    return replace(case, layout=replace(case.layout, styles=names))


def spreadsheet(rng: random.Random, case: Case) -> Case:
    """A sheet that is not fitted to its page, or ruled otherwise (Calc)."""
    if case.layout.renderer != "calc":
        return case
    choice = rng.choice(("scale", "scale", "gridlines", "sides"))
    scale = rng.choice((60, 70, 80)) if choice == "scale" else 0
    sides = [rng.choice(_SIDES), rng.choice(_SIDES)] if choice == "sides" else []
    return replace(case, layout=replace(case.layout, scale=scale, gridlines=choice == "gridlines", sides=sides))


def word_settings(rng: random.Random, case: Case) -> Case:
    """Paragraphs with room around them, cells with none or much, other borders (Writer)."""
    if case.layout.renderer != "writer":
        return case
    rules, around, margin = rng.choice(("", *_RULES)), rng.choice((0.0, 2.0, 4.0, 6.0)), rng.choice((-1.0, 0.0, 7.0))
    return replace(case, layout=replace(case.layout, rules=rules, around=around, margin=margin))

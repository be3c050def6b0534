"""Catalogs beyond what the samples show: every third case is drawn as the samples are, the others are varied. Pure.

A variation takes (rng, case) and gives the case otherwise, or as it is where it does not apply.
"""

from __future__ import annotations

import random
from collections.abc import Callable
from dataclasses import replace
from itertools import chain

from . import habits, make
from .catalog import RUNNING, TICKS, Catalog, Channels, Span, build
from .layout import RENDERERS, column_widths, draw, heading
from .make import Case
from .words import Limit, words

Variation = Callable[[random.Random, Case], Case]
_GROUPS = (TICKS[:2], TICKS[2:4], TICKS[4:])
_MIDDLE = ("content_elements", "legal_bases", "time_limit", "disclosing_body", "channels")
_EMPTY = {"content_elements": (), "legal_bases": (), "time_limit": Limit("", None, None), "disclosing_body": ""}


def draw_case(number: int, seed: int, attempt: int = 0) -> Case:
    """The case of a number and a seed; each attempt is another draw."""
    if number // len(RENDERERS) % 3 == 0:
        return make.draw_case(number, seed, attempt)
    rng = random.Random(f"{seed}/varied/{number}/{attempt}")
    case = _base(rng, number)
    for variation in VARIATIONS:
        if rng.random() < _SHARE.get(variation, 0.15):
            varied = variation(rng, case)
            case = replace(varied, variations=(*case.variations, variation.__name__)) if varied != case else case
    return case


def _base(rng: random.Random, number: int) -> Case:
    layout = draw(rng, RENDERERS[number % len(RENDERERS)])
    layout = replace(layout, tables=rng.choice((1, 1, 1, 1, 2, 3)))
    rows = rng.randint(14, 22) if layout.repeat_cells else max(8, rng.randint(18, 66) // layout.tables)
    plan = make.plan_for(rng, layout, rows)
    catalogs: list[Catalog] = []
    for domain in rng.sample(sorted(words().domains), layout.tables):
        start = catalogs[-1].rows[-1].seq + 1 if catalogs and rng.random() < 0.5 else 1
        catalogs.append(build(rng, words(), domain, replace(plan, first_seq=start)))
    if layout.renderer in ("chromium", "weasyprint") and rng.random() < 0.3:
        layout = replace(layout, watermark=rng.choice(words().watermarks))
    return Case(number, catalogs, layout)


def _columns(rng: random.Random, case: Case, cols: list[str]) -> Case:
    """The case with other columns, headed and sized anew."""
    layout = replace(case.layout, cols=cols, header=heading(rng, cols, case.layout.flat), widths=column_widths(rng, cols))
    return replace(case, layout=layout)


def order(rng: random.Random, case: Case) -> Case:
    """The columns behind the items in any order; those of a group stay together."""
    cols = case.layout.cols
    head = [c for c in cols if c not in (*_MIDDLE, *TICKS, "note", "contact")]
    blocks = [[c] for c in (*_MIDDLE, "note", "contact") if c in cols]
    blocks += [[c for c in group if c in cols] for group in _GROUPS]
    rng.shuffle(blocks)
    return _columns(rng, case, [*head, *chain.from_iterable(blocks)])


def missing(rng: random.Random, case: Case) -> Case:
    """One or two columns less."""
    gone = rng.sample([c for c in (*_MIDDLE, *TICKS[:4]) if c in case.layout.cols], rng.randint(1, 2))
    return _columns(rng, case, [c for c in case.layout.cols if c not in gone])


def extra(rng: random.Random, case: Case) -> Case:
    """One more column of the publisher's own, filled in every row, in most or in few."""
    share = rng.choice((1.0, 0.7, 0.2))
    room = "".join(rng.choice("0123456789") for _ in range(4))
    values = rng.choice(((f"0991-{room}123", f"0991-{room}456"), ("办公室", "政策法规科", "行政审批科"), ("综合股", "业务股")))
    catalogs = [_with_contacts(rng, catalog, values, share) for catalog in case.catalogs]
    cols = list(case.layout.cols)
    cols.insert(rng.choice((len(cols), cols.index(next(c for c in _MIDDLE if c in cols)))), "contact")
    return _columns(rng, replace(case, catalogs=catalogs), cols)


def _with_contacts(rng: random.Random, catalog: Catalog, values: tuple[str, ...], share: float) -> Catalog:
    rows = (replace(row, contact=rng.choice(values) if rng.random() < share else "") for row in catalog.rows)
    return replace(catalog, rows=tuple(rows))


def long_cells(rng: random.Random, case: Case) -> Case:
    """Some cells hold so much that they run over two page ends and more."""
    return replace(case, catalogs=[_lengthened(rng, catalog) for catalog in case.catalogs])


def _lengthened(rng: random.Random, catalog: Catalog) -> Catalog:
    spans = dict(catalog.spans)
    for name in ("content_elements", "legal_bases"):
        every = list(dict.fromkeys(chain.from_iterable(span.value for span in spans[name])))
        chosen = set(rng.sample(range(len(spans[name])), min(2, len(spans[name]))))
        spans[name] = tuple(_longer(rng, span, every) if i in chosen else span for i, span in enumerate(spans[name]))
    return replace(catalog, spans=spans)


def _longer(rng: random.Random, span: Span, every: list[str]) -> Span:
    more = rng.sample(every, min(len(every), rng.randint(15, 60)))
    return replace(span, value=tuple(dict.fromkeys((*span.value, *more)))[: rng.choice((20, 50))])


def empty_cells(rng: random.Random, case: Case) -> Case:
    """Cells in which the author wrote nothing: a blank says nothing, it inherits nothing."""
    return replace(case, catalogs=[_emptied(rng, catalog) for catalog in case.catalogs])


def _emptied(rng: random.Random, catalog: Catalog) -> Catalog:
    name = rng.choice((*_EMPTY, "channels"))
    blank = _EMPTY.get(name, Channels((), ()))
    spans = tuple(replace(span, value=blank) if rng.random() < 0.15 else span for span in catalog.spans[name])
    return replace(catalog, spans={**catalog.spans, name: spans})


def inner_numbers(rng: random.Random, case: Case) -> Case:
    """Entries of a numbered list that number their own parts in another way."""
    if case.layout.elemstyle != "numbered" or case.layout.numbering not in ("{}.", "{}、"):
        return case
    return replace(case, catalogs=[_numbered_inside(rng, catalog) for catalog in case.catalogs])


def _numbered_inside(rng: random.Random, catalog: Catalog) -> Catalog:
    spans = tuple(_with_parts(rng, span) if rng.random() < 0.5 else span for span in catalog.spans["content_elements"])
    return replace(catalog, spans={**catalog.spans, "content_elements": spans})


def _with_parts(rng: random.Random, span: Span) -> Span:
    entries = list(span.value)
    k = rng.randrange(len(entries))
    parts = rng.sample(("申请条件", "办理依据", "受理机构", "决定机关", "咨询方式"), rng.randint(2, 4))
    entries[k] = f"{entries[k]}：" + "；".join(f"（{n}）{part}" for n, part in enumerate(parts, 1))
    return replace(span, value=tuple(entries))


def short_runs(rng: random.Random, case: Case) -> Case:
    """Limits and bodies that change nearly every row, so that neighbours at a page's end differ."""
    return replace(case, catalogs=[_chopped(rng, catalog) for catalog in case.catalogs])


def _chopped(rng: random.Random, catalog: Catalog) -> Catalog:
    spans = dict(catalog.spans)
    for name in RUNNING:
        values = list(dict.fromkeys(span.value for span in spans[name]))
        start, pieces = 0, []
        while start < len(catalog.rows):
            count = min(rng.randint(1, 3), len(catalog.rows) - start)
            others = [v for v in values if not pieces or v != pieces[-1].value] or values
            pieces.append(Span(start, count, rng.choice(others)))
            start += count
        spans[name] = tuple(pieces)
    return replace(catalog, spans=spans)


def ticks_merged(rng: random.Random, case: Case) -> Case:
    """Tick cells merged down the rows that share their content."""
    return replace(case, layout=replace(case.layout, merge_ticks=not case.layout.repeat_cells))


def running_head(rng: random.Random, case: Case) -> Case:
    """A line above every page, and a number below it."""
    text = rng.choice(("内部资料 注意保存", "XX县人民政府办公室", "基层政务公开标准化规范化"))
    return replace(case, layout=replace(case.layout, running_head=text, footer=True))


def striped(rng: random.Random, case: Case) -> Case:
    """Rows in turn on another ground, rules in another colour."""
    return replace(case, layout=replace(case.layout, zebra=True, colour=rng.choice(("000000", "4F81BD", "999999", "C00000"))))


def tiny(rng: random.Random, case: Case) -> Case:
    """Very small or large type, and any paper."""
    size = rng.choice((4.5, 5, 5.5, 6, 11, 12))
    paper = rng.choice(("A4 landscape", "A4 portrait", "A3 landscape", "A3 portrait") if size < 7 else ("A3 landscape",))
    return replace(case, layout=replace(case.layout, size=size, paper=paper, padding=rng.choice((0, 1, 4))))


def lowered(rng: random.Random, case: Case) -> Case:
    """Text at the foot of its cells, or spread over the width."""
    return replace(case, layout=replace(case.layout, valign=rng.choice(("bottom", "middle", "top")), justify=rng.random() < 0.5))


def radicals(rng: random.Random, case: Case) -> Case:
    """Some characters from the radicals block, or values that begin with wide spaces."""
    both = rng.choice((("radicals",), ("indent",), ("radicals", "indent")))
    return replace(case, layout=replace(case.layout, **dict.fromkeys(both, True)))


def bold_twice(rng: random.Random, case: Case) -> Case:
    """Text that is made bold by painting it twice, or characters set apart."""
    if case.layout.renderer != "chromium":
        return replace(case, layout=replace(case.layout, spacing=rng.choice((0.3, 0.6, 1.0))))
    return replace(case, layout=replace(case.layout, fake_bold=True, spacing=rng.choice((0.0, 0.0, 0.5))))


def upright(rng: random.Random, case: Case) -> Case:
    """First-level items that run downward, as in narrow columns."""
    return replace(case, layout=replace(case.layout, upright=case.layout.renderer == "chromium"))


def turned(rng: random.Random, case: Case) -> Case:
    """Pages whose content lies on its side under a /Rotate, or whose CropBox begins somewhere on a larger sheet."""
    turn = rng.choice((0, 90, 180, 270))
    offset = [rng.choice((0.0, 17.0, 43.5)), rng.choice((0.0, 31.25))] if rng.random() < 0.6 or not turn else [0.0, 0.0]
    return replace(case, layout=replace(case.layout, turn=turn, offset=offset))


VARIATIONS: tuple[Variation, ...] = (
    missing,
    extra,
    order,
    long_cells,
    short_runs,
    inner_numbers,
    empty_cells,
    ticks_merged,
    running_head,
    striped,
    tiny,
    lowered,
    radicals,
    bold_twice,
    upright,
    turned,
    habits.lines_around,
    habits.page_numbers,
    habits.typed_breaks,
    habits.underlined,
    habits.leading,
    habits.negatives,
    habits.spaced_headings,
    habits.title_row,
    habits.stylesheet,
    habits.spreadsheet,
    habits.word_settings,
)
_SHARE = {
    missing: 0.12,
    order: 0.2,
    long_cells: 0.25,
    short_runs: 0.25,
    inner_numbers: 0.3,
    empty_cells: 0.1,
    tiny: 0.25,
    upright: 0.25,
    habits.stylesheet: 0.35,
    habits.spreadsheet: 0.3,
    habits.word_settings: 0.3,
}

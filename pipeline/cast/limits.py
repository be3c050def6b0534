"""A time limit as printed → how long, in which unit, of which kind, and what starts it."""

from __future__ import annotations

import re
from typing import NamedTuple

from pipeline.cast.brackets import depths
from pipeline.cast.limit_words import DIGITS, LimitWords
from pipeline.cast.numerals import HAN, narrow, number
from pipeline.text import join_lines

# A day of the calendar is no length of time: 2020年, 1月31日, 3月底, 每月10日.
_N = f"[0-9{HAN}]"
_DATE = re.compile(
    rf"{_N}{{4}}年(?:{_N}{{1,2}}月)?(?:{_N}{{1,3}}[日号])?|{_N}{{1,3}}月(?:份|[底初末]|[上中下]旬|{_N}{{1,3}}[日号]|(?=[以之]?前))"
    rf"|(?<=月){_N}{{1,3}}[日号]"
)
_FREQUENCY = re.compile(
    rf"(?:{DIGITS}个?|半)(?:年|季度|月|周|星期|日|天)(?:内|至少|不少于|更新|公开|公布|发布|公示)*[0-9一两二三]+次|每{DIGITS}个?(?:年|季度|月|周|日|天|工作日)"
)
_START = re.compile(r"之日起|之时起|之日|以后|之后|(?<![最前背售然今])后(?![续期勤])|(?<![发一引])起(?![草诉])")
_LEAD = re.compile(r"^(?:应当|应|须|自从|自|从|在|于|当)+")
# How far after 之日起 the limit may stand (…之日起，最迟不超过20日).
_BRIDGE = 8
# 年, 月, 日 … are a unit only where the word ends: 五年规划 is a plan, 百日攻坚 a campaign.
_BARE = frozenset("年月周日天")
_WORD_ENDS = re.compile(r"[以之]?[内前后]|[,;。()（）]|$|公[开布示告]|更新|予以|完成|发布|办结|反馈")
_ADVANCE = re.compile(r"提前|(?<![目当])前$")


class Limit(NamedTuple):
    """``value`` in ``unit`` (None: no number, or not told), ``kind`` as ARCHITECTURE tells, ``trigger`` the event, ``doubt``."""

    value: int | None
    unit: str | None
    kind: str
    trigger: str | None = None
    doubt: str = ""


class _Found(NamedTuple):
    """One limit in a text: where it stands, in which clause, and what it says."""

    start: int
    clause: int
    limit: Limit


def read_limit(text: str, words: LimitWords) -> Limit:
    """What a printed limit says (ARCHITECTURE, The fields, "Limits"). A text without any known limit is of kind ``other``."""
    printed = join_lines(text)
    plain = narrow(printed)
    clauses = _clauses(plain)
    amounts = _amounts(plain, clauses, words)
    first = min((found.start for found in amounts), default=len(plain))
    named = _words(plain, clauses, words, {found.clause for found in amounts}, first)
    limits = sorted([*amounts, *named], key=lambda found: found.start)
    if not limits:
        return Limit(None, None, "before" if _ADVANCE.search(plain) else "other")
    trigger, _ = _trigger(printed, plain, limits[0].start)
    return _combine([found.limit for found in limits], trigger)


def _combine(limits: list[Limit], trigger: str | None) -> Limit:
    """Two limits in one cell are a compound with the value of the first number; the same word twice is not."""
    counted = next((limit for limit in limits if limit.unit), limits[0])
    single = len(limits) == 1 or (not counted.unit and len({limit.kind for limit in limits}) == 1)
    return Limit(counted.value, counted.unit, counted.kind if single else "compound", trigger, counted.doubt)


def _clauses(plain: str) -> list[int]:
    """The number of the clause that each character belongs to; brackets are clauses of their own."""
    number_of, result = 0, []
    for char in plain:
        number_of += char in ",;。()"
        result.append(number_of)
    return result


def _amounts(plain: str, clauses: list[int], words: LimitWords) -> list[_Found]:
    text = _FREQUENCY.sub(_blank, _DATE.sub(_blank, plain))
    found = []
    for match in words.amounts.finditer(text):
        start, end = match.span()
        before = plain[plain.rfind(",", 0, start) + 1 : start]
        if before.endswith("每") or not _is_amount(match, plain[end:], before):
            continue
        value, unit, doubt = _quantity(match, words)
        kind = _kind_of_amount(before, plain[end:], words)
        found.append(_Found(start, clauses[start], Limit(value, unit, kind, doubt=doubt)))
    return found


def _blank(match: re.Match[str]) -> str:
    return "\0" * len(match[0])


def _is_amount(match: re.Match[str], after: str, before: str) -> bool:
    unit = match["unit"] or match["mask_unit"] or match["fixed"]
    bare = unit in _BARE or match["fixed"] is not None
    return not bare or bool(_WORD_ENDS.match(after)) or before.endswith("提前")


def _quantity(match: re.Match[str], words: LimitWords) -> tuple[int | None, str, str]:
    """(value, unit, doubt) of one amount; weeks count as days."""
    if match["fixed"]:
        return *words.fixed[match["fixed"]], ""
    unit = words.units[match["unit"] or match["mask_unit"]]
    days = words.days_of.get(unit)
    value = number(match["to"] or match["n"]) if match["n"] else None
    doubt = "range" if match["to"] else "" if value else "masked"
    return (value * (days or 1) if value else None), "calendar_day" if days else unit, doubt


def _kind_of_amount(before: str, after: str, words: LimitWords) -> str:
    named = [word for word in words.words.findall(before) if words.kinds[word] == "periodic" and word not in words.weak]
    if named or _FREQUENCY.search(before):
        return "periodic"
    if _ADVANCE.search(before) or re.match(r"[以之]?前", after):
        return "before"
    displayed = words.durations.search(before) and not re.match(r"以?内", after)
    return "other" if displayed or after.startswith("后") else "within"


def _words(plain: str, clauses: list[int], words: LimitWords, counted: set[int], first: int) -> list[_Found]:
    """One limit for each clause without an amount that holds a word of a kind; periodic words outrank ``before``."""
    text = _FREQUENCY.sub(_blank, plain)
    matches = [(m.start(), words.kinds[m[0]], m[0]) for m in words.words.finditer(text)]
    matches += [(m.start(), "periodic", m[0]) for m in _FREQUENCY.finditer(plain)]
    by_clause: dict[int, list[tuple[int, str]]] = {}
    for start, kind, word in sorted(matches):
        if clauses[start] not in counted and not (word in words.weak and _is_in_event(plain, start, matches, first)):
            by_clause.setdefault(clauses[start], []).append((start, kind))
    return [_Found(found[0][0], clause, Limit(None, None, _kind_of(found))) for clause, found in by_clause.items()]


def _kind_of(found: list[tuple[int, str]]) -> str:
    kinds = [kind for _, kind in found]
    return "periodic" if kinds[0] == "before" and "periodic" in kinds else kinds[0]


def _is_in_event(plain: str, start: int, matches: list[tuple[int, str, str]], first: int) -> bool:
    """Whether a word stands in the event that starts a later limit (年度计划制定后及时公开)."""
    for later in sorted({first, *(position for position, _, _ in matches if position > start)}):
        _, (begins, ends) = _trigger(plain, plain, later)
        if later > start and begins <= start < ends:
            return True
    return False


def _trigger(printed: str, plain: str, at: int) -> tuple[str | None, tuple[int, int]]:
    """The event before 之日起, 后 … that starts the limit at ``at``, and where it stands; (None, (0, 0)) where there is none."""
    level = depths(plain)
    borders = [position for position, char in enumerate(plain[:at]) if char in ",;。" and not level[position]]
    for begin, end in zip([-1, *borders][::-1][:2], [at, *borders[::-1]], strict=False):
        starts = [m for m in _START.finditer(plain, begin + 1, end) if at - m.end() <= _BRIDGE]
        if starts:
            event = printed[begin + 1 : starts[-1].start()]
            return _LEAD.sub("", event) or None, (begin + 1, starts[-1].start())
    return None, (0, 0)

"""The docs of the fields, in English and in Chinese, from the profile."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from pipeline.export.feed import kinds
from pipeline.profile import Field, Profile, load
from pipeline.schemas.items import KINDS, UNITS


@dataclass(frozen=True, slots=True)
class _Words:
    """What one language calls things."""

    heading: str
    intro: str
    columns: tuple[str, ...]
    types: Mapping[str, str]
    row: str
    title: str
    derived: Mapping[str, tuple[str, ...]]
    optional: str
    inherits: Mapping[str, str]
    extra: str
    of: str


_EN = _Words(
    heading="The fields of {title}",
    intro="Generated from the profile `{name}` (version {version}) by `python -m pipeline.schemas`; do not edit. "
    "`items.json` and `items.csv` have these fields; the schema of `items.json` is "
    "[items.schema.json](../pipeline/schemas/items.schema.json).",
    columns=("field", "printed as", "type", "what it holds", "a blank without a merged cell (sources without geometry)"),
    types={"integer": "integer", "boolean": "true, false or null", "list": "list of texts", "string": "text"},
    row="Row of the output, counted from 1; the key in every other file",
    title="Caption of the table that the row stands in; a source may hold several",
    derived={
        "limit": (
            "Number in the limit",
            f"Unit: {', '.join(f'`{u}`' for u in UNITS)}",
            f"Kind: {', '.join(f'`{k}`' for k in KINDS)}",
            "Event from which the limit runs",
        ),
        "channels": ("All channels that the cell names, chosen or not",),
        "tick": ("Name of the group, where the cell has one",),
    },
    optional="only where the table has the column",
    inherits={"never": "stays blank", "parent": "takes the value above, anew with each {parent}", "run": "takes the value above"},
    extra="A column that the profile does not know is kept as `extra_<heading>`, as a text. null: the table has no such column, "
    "or the source does not tell; an empty list: the cell is blank.",
    of="from",
)
_ZH = _Words(
    heading="{title}：字段说明",
    intro="由 `python -m pipeline.schemas` 根据配置 `{name}`（第 {version} 版）生成，请勿手工修改。"
    "`items.json` 和 `items.csv` 有以下字段；`items.json` 的 JSON Schema 见 "
    "[items.schema.json](../pipeline/schemas/items.schema.json)。",
    columns=("字段", "原表栏目", "类型", "内容", "空白且无合并单元格时（来源没有版面坐标）"),
    types={"integer": "整数", "boolean": "true、false 或 null", "list": "文本列表", "string": "文本"},
    row="输出的行号，从 1 起；其他文件以此为键",
    title="该行所在表格的标题；一个来源可以有多张表",
    derived={
        "limit": (
            "时限中的数值",
            f"时限的单位：{'、'.join(f'`{u}`' for u in UNITS)}",
            f"时限的类型：{'、'.join(f'`{k}`' for k in KINDS)}",
            "起算的事由",
        ),
        "channels": ("单元格列出的全部渠道，不论是否选中",),
        "tick": ("单元格写明的群体名称",),
    },
    optional="仅当表中有此栏",
    inherits={"never": "保持空白", "parent": "取上一行的值，{parent}变化时重新开始", "run": "取上一行的值"},
    extra="配置中没有的栏目保留为 `extra_<栏目名>`，类型为文本。null 表示表中没有此栏或来源没有说明；空列表表示单元格空白。",
    of="来自",
)


def docs(profile: Profile | None = None) -> dict[str, str]:
    """File name → Markdown, one a language."""
    family = profile or load()
    return {"fields.md": _page(family, _EN, False), "fields.zh-CN.md": _page(family, _ZH, True)}


def _page(profile: Profile, words: _Words, chinese: bool) -> str:
    known = {"title": profile.title, "name": profile.name, "version": profile.version}
    rows = [("`row`", "", words.types["integer"], words.row, ""), ("`table_title`", "", words.types["string"], words.title, "")]
    rows += [row for field in profile.fields for row in _rows(field, profile, words, chinese)]
    table = [f"| {' | '.join(words.columns)} |", "|---" * len(words.columns) + "|", *(f"| {' | '.join(row)} |" for row in rows)]
    return "\n".join((f"# {words.heading.format(**known)}", "", words.intro.format(**known), "", *table, "", words.extra)) + "\n"


def _rows(field: Field, profile: Profile, words: _Words, chinese: bool) -> Iterator[tuple[str, str, str, str, str]]:
    types, parent = kinds(profile), profile.field(profile.parent)
    told = field.title if chinese else field.title_en or field.title
    what = told + (f"（{words.optional}）" if chinese else f" ({words.optional})") * field.optional
    inherits = words.inherits[field.inherit].format(parent=parent.title if parent else profile.parent)
    yield f"`{field.name}`", field.title, words.types[types[field.name]], what, inherits
    for name, text in zip(field.derived, words.derived.get(field.kind, ()), strict=False):
        yield f"`{name}`", f"{words.of} `{field.name}`", words.types[types[name]], text, ""

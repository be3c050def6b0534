"""How issues are worded: the names of fields, printed values in quotes, and the reasons for a doubt in plain words."""

from __future__ import annotations

from typing import Any

from pipeline.model import Issue, Record, Severity, Value
from pipeline.profile import Profile
from pipeline.text import join_lines

_LONGEST = 120

REASONS = {
    "lost_words": "words seem to be lost; what the document prints elsewhere was taken",
    "repeats": "the cell repeats another column, so the value of the row above was taken",
    "shorter": "every other row prints one and the same longer list",
    "space": "white space splits it, and it is not certain what belongs together",
    "verify": "other engines read the cell otherwise",
    "align": "the cell may belong to another column",
    "ambiguous": "two readings are equally likely",
    "bleed": "text of the neighbouring cell seems to be mixed in",
    "completed": "the text was cut short and was completed from the only known value that fits",
    "copied": "the cell repeats another column, so the value of the row above was taken",
    "cut": "the page cuts the cell off, so it is not known what stands there",
    "cut_short": "the text seems to be cut short",
    "encoding": "some bytes of the file could not be read as text",
    "grid": "a rule of the table beside it is not clear, or not right, so the text may belong elsewhere",
    "wide": "the cell stands over several columns, so a rule or a text may be missing",
    "heading": "the heading of the column was not recognised; what it is called was told from its place",
    "line_ends": "it is not certain which line ends separate two entries and which only wrap one",
    "list_head": "there is text before the first list number; it is kept as an entry of its own",
    "mark": "a box is of a kind that is not known, or some entries have no box",
    "masked": "the number is not printed, only a placeholder",
    "missing": "nothing is printed here, and nothing above can be inherited",
    "no_column": "this page does not print the column",
    "numbering": "numbers are missing from the list",
    "ocr": "the picture of the page does not show it clearly enough",
    "overprinted": "other text is printed over it",
    "page_break": "it is not certain whether the cell goes on over the page break",
    "range": "a range is printed; the longer limit is given",
    "seal": "a seal stands on it, so a sign may be lost or be a piece of the seal",
    "serial": "it is not a number",
    "split_row": "the row seems to be cut in two",
    "tick": "it is neither a tick nor a blank",
    "ticks": "which column the tick belongs to was told from the other rows",
    "unchecked": "some of the boxes are not checked, but in a text dump that says nothing: all are counted as chosen",
    "unreadable": "some characters have no known meaning in the file",
    "unticked": "no box is filled in; all are counted as chosen",
}


def reasons_in_words(doubt: str) -> str:
    """The reason codes of a doubt, joined by ``+``, as words; a code without a wording is given as it is."""
    return "; ".join(REASONS.get(code, code.replace("_", " ").replace(":", ": ")) for code in doubt.split("+") if code)


def title_of(field: str, profile: Profile) -> str:
    """The name of a field as the catalog prints it."""
    known = profile.field(field) or next((f for f in profile.fields if field in f.derived), None)
    if known is None:
        return field.removeprefix("extra_")
    return known.title if known.name == field else f"{known.title} ({field})"


def quoted(value: Any) -> str:
    """A value in quotation marks, in one line, shortened where it is long."""
    text = join_lines("；".join(value) if isinstance(value, list) else str(value))
    return f"“{text if len(text) <= _LONGEST else text[: _LONGEST - 1] + '…'}”"


def is_settled(record: Record, *fields: str) -> bool:
    """Whether a person has decided one of these values (ARCHITECTURE rule 9): nobody need be asked about it again."""
    return any(field in record.values and "lookup" in record.values[field].rule.split("+") for field in fields)


def issue(code: str, severity: Severity, message: str, record: Record, field: str = "") -> Issue:
    """An issue about a value of a row, or about the row itself, at the place that prints it."""
    value: Value | None = record.values.get(field) or next(iter(record.values.values()), None)
    return Issue(code, severity, message, record.row, record.seq, field, value.places[0] if value and value.places else None)

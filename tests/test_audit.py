"""``catalog verify``: a folder holds what a run wrote, and whatever was changed in it is found."""

from __future__ import annotations

import csv
import hashlib
import io
import json
import os
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from pdfs import Sheet, Span, Table, draw

import pipeline
from pipeline.audit import audit
from pipeline.cli import main
from pipeline.errors import OutputError, SourceError

ROOT = Path(__file__).parent.parent
HEADINGS = ["序号", "一级事项", "二级事项", "公开内容", "公开依据", "公开时限", "公开主体", "公开渠道"]
ROWS = [
    ["1", "登记", "参保", "要素", "《政府信息\n公开条例》", "20日", "县局", "网站"],
    ["2", "登记", "停保", "要素", "《政府信息\n公开条例》", "*个工作日", "县局", "网站"],
]
Change = Callable[[Path], object]


def catalog_pdf(path: Path) -> Path:
    """A catalog of two rows; the limit of the second is masked, which is a doubt."""
    xs = [20 + 45 * n for n in range(len(HEADINGS) + 1)]
    spans = [Span(r, c, text) for r, row in enumerate([HEADINGS, *ROWS]) for c, text in enumerate(row)]
    return draw(path, Sheet([Table(xs, [40, 70, 100, 130], spans)]))


@pytest.fixture
def out(tmp_path: Path) -> Path:
    pipeline.run(catalog_pdf(tmp_path / "source.pdf")).write(tmp_path / "out")
    return tmp_path / "out"


def verified(*arguments: object) -> int:
    with pytest.raises(SystemExit) as ended:
        main(["verify", *map(str, arguments)])
    return int(ended.value.code or 0)


def reseal(folder: Path) -> None:
    """The package tells the files as they are now: what a careful forger, or a program with a fault, would leave."""
    package = json.loads((folder / "datapackage.json").read_bytes())
    for resource in package["resources"]:
        data = (folder / resource["path"]).read_bytes()
        resource |= {"bytes": len(data), "hash": "sha256:" + hashlib.sha256(data).hexdigest()}
    package["run"]["tables"] = hashlib.sha256((folder / "tables.json").read_bytes()).hexdigest()
    (folder / "datapackage.json").write_text(json.dumps(package, ensure_ascii=False), encoding="utf-8")


def lines(folder: Path, name: str, change: Callable[[list[dict[str, str]]], object]) -> None:
    """Change the lines of a CSV file."""
    text = (folder / name).read_text(encoding="utf-8")
    reader = csv.DictReader(io.StringIO(text, newline=""))
    held = list(reader)
    change(held)
    with (folder / name).open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, reader.fieldnames or (), lineterminator="\n")
        writer.writeheader()
        writer.writerows(held)


def tables(folder: Path, change: Callable[[Any], object]) -> None:
    """Change what tables.json holds."""
    data = json.loads((folder / "tables.json").read_bytes())
    change(data)
    (folder / "tables.json").write_text(json.dumps(data, ensure_ascii=False), encoding="utf-8")


def of(held: list[dict[str, str]], field: str, row: str = "1") -> dict[str, str]:
    return next(line for line in held if line["field"] == field and line["row"] == row)


def test_what_a_run_writes_holds(out: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert audit(out) == []
    assert audit(out, out.with_name("source.pdf")) == []
    assert verified(out) == 0
    assert capsys.readouterr() == ("", f"{out}: all holds (8 checks)\n")


@pytest.mark.parametrize("source", ["2020/source.pdf", "2023/source.pdf", "text/source.txt"])
def test_the_catalogs_here_hold(tmp_path: Path, source: str) -> None:
    path = ROOT / "raw" / "social-insurance" / source
    pipeline.run(path).write(tmp_path / "out")
    assert audit(tmp_path / "out", path) == []


@pytest.mark.parametrize("name", ["items.json", "items.csv", "provenance.csv", "issues.csv", "tables.json"])
@pytest.mark.parametrize("kind", ["missing", "a byte more", "another character", "empty"])
def test_every_change_of_a_file_is_found(out: Path, name: str, kind: str) -> None:
    data = (out / name).read_bytes()
    changed = {"a byte more": data + b" ", "another character": data.replace("局".encode(), "委".encode(), 1), "empty": b""}
    if kind == "missing":
        (out / name).unlink()
    else:
        (out / name).write_bytes(changed[kind] if changed[kind] != data else data[::-1])
    assert any(name in line for line in audit(out))
    assert verified(out) == 1


@pytest.mark.parametrize(
    ("change", "told"),
    [
        pytest.param(lambda f: lines(f, "items.csv", lambda h: h[0].update(seq="7")), "items.csv: does not say", id="csv"),
        pytest.param(lambda f: lines(f, "items.csv", lambda h: h[0].update(seq="x")), "seq is no integer", id="type"),
        pytest.param(lambda f: lines(f, "items.csv", lambda h: h.pop()), "items.csv: does not say", id="a row less"),
        pytest.param(
            lambda f: lines(f, "provenance.csv", lambda h: of(h, "disclosing_body").update(value="市局")),
            "row 1, disclosing_body: items.json has another value",
            id="another value",
        ),
        pytest.param(
            lambda f: lines(f, "provenance.csv", lambda h: h.remove(of(h, "disclosing_body"))),
            "row 1, disclosing_body: provenance.csv does not say where it comes from",
            id="no history",
        ),
        pytest.param(
            lambda f: lines(f, "provenance.csv", lambda h: of(h, "disclosing_body").update(field="level_moon")),
            "row 1, level_moon: items.json has no such value",
            id="no such field",
        ),
        pytest.param(
            lambda f: lines(f, "provenance.csv", lambda h: of(h, "disclosing_body").update(x0="1")),
            "row 1, disclosing_body: tables.json has no cell at its place",
            id="another place",
        ),
        pytest.param(
            lambda f: lines(f, "provenance.csv", lambda h: of(h, "disclosing_body").update(seq="9")),
            "names another serial number",
            id="another serial",
        ),
        pytest.param(
            lambda f: lines(f, "provenance.csv", lambda h: of(h, "disclosing_body").update(origin="guessed")),
            "origin is no string that its schema allows",
            id="no such origin",
        ),
        pytest.param(
            lambda f: lines(f, "provenance.csv", lambda h: of(h, "disclosing_body").update(doubt="near")),
            "row 1, disclosing_body: is in doubt, and issues.csv does not say so",
            id="a doubt that nobody tells",
        ),
        pytest.param(
            lambda f: lines(f, "issues.csv", lambda h: h.clear()),
            "row 2, time_limit_value: is in doubt, and issues.csv does not say so",
            id="an issue less",
        ),
        pytest.param(
            lambda f: lines(f, "issues.csv", lambda h: h[0].update(row="9")), "names row 9", id="an issue of another row"
        ),
        pytest.param(
            lambda f: lines(f, "issues.csv", lambda h: h[0].update(code="doubt", field="seq", row="1")),
            "row 1, seq: is told to be in doubt",
            id="a doubt of a sure value",
        ),
        pytest.param(
            lambda f: tables(f, lambda d: d["pages"][0]["account"].update(printed=999)),
            "999 glyphs printed",
            id="an account that does not balance",
        ),
        pytest.param(
            lambda f: tables(f, lambda d: d["pages"][0]["tables"][0]["cells"].pop()),
            "do not cover it exactly once",
            id="cells that do not tile",
        ),
        pytest.param(
            lambda f: tables(f, lambda d: d.update(sha256="0" * 64)), "read from another source", id="of another source"
        ),
        pytest.param(lambda f: tables(f, lambda d: d.update(format="x")), "cannot be looked at", id="of another program"),
    ],
)
def test_what_does_not_hold_is_found_though_the_digests_are_right(out: Path, change: Change, told: str) -> None:
    change(out)
    reseal(out)
    assert any(told in line for line in audit(out)), audit(out)
    assert verified(out) == 1


def test_rows_are_numbered(out: Path) -> None:
    items = json.loads((out / "items.json").read_bytes())
    (out / "items.json").write_text(json.dumps(items[::-1], ensure_ascii=False))
    reseal(out)
    assert "items.json: rows are not numbered 1, 2, 3 …" in audit(out)


@pytest.mark.parametrize("part", ["source", "profile", "engine"])
def test_a_package_that_contradicts_itself_is_found(out: Path, part: str) -> None:
    package = json.loads((out / "datapackage.json").read_bytes())
    package["run"]["inputs"][part] = "another"
    (out / "datapackage.json").write_text(json.dumps(package))
    assert f"datapackage.json: names two different {part}s" in audit(out)


def test_another_source_is_found(out: Path) -> None:
    source = out.with_name("source.pdf")
    source.write_bytes(source.read_bytes() + b"%")
    assert audit(out, source) == ["source.pdf: is not the file that the rows were made from (its sha256 differs)"]
    assert verified(out, "--source", source) == 1


def test_in_the_tree_tables_and_source_are_found_unasked(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    home = tmp_path / "raw" / "a" / "2020"
    home.mkdir(parents=True)
    pipeline.run(catalog_pdf(home / "source.pdf")).store()
    made = tmp_path / "normalized" / "a" / "2020"
    assert audit(made) == []
    monkeypatch.chdir(tmp_path)
    assert verified("normalized/a/2020") == 0
    (home / "source.pdf").write_bytes(b"another")
    assert audit(made) == ["source.pdf: is not the file that the rows were made from (its sha256 differs)"]
    (home / "tables.json").write_bytes(b"{}")
    assert "tables.json: is not what the rows were made from (its sha256 differs)" in audit(made)
    os.unlink(home / "tables.json")
    assert "tables.json: is missing" in audit(made)


def test_a_folder_of_someone_else_cannot_be_verified(tmp_path: Path, out: Path) -> None:
    with pytest.raises(OutputError, match="no output of a run"):
        audit(tmp_path)
    with pytest.raises(SourceError, match="no such file"):
        audit(out, tmp_path / "missing.pdf")
    assert verified(tmp_path) == 2

"""All catalogs in one database: what is in it, how it is kept in step, and that Chinese is found in it."""

from __future__ import annotations

import os
import signal
import sqlite3
import subprocess
import sys
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from typing import Any

import databases
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pipeline.cli import main
from pipeline.db import load, search, tables, update, validity
from pipeline.errors import OutputError

ROOT = Path(__file__).parent.parent


@pytest.fixture
def root(tmp_path: Path) -> Path:
    return databases.tree(tmp_path / "normalized")


@pytest.fixture
def path(root: Path) -> Path:
    update(root, root / "catalogs.db")
    return root / "catalogs.db"


def ask(path: Path, query: str, *values: Any) -> list[tuple[Any, ...]]:
    with closing(sqlite3.connect(f"file:{path}?mode=ro", uri=True)) as connection:
        return connection.execute(query, values).fetchall()


def found(path: Path, words: str) -> list[str]:
    query = f"SELECT second_level_item FROM items WHERE id IN (SELECT rowid FROM {tables.SEARCH} WHERE {tables.SEARCH} MATCH ?)"
    return sorted({item for (item,) in ask(path, query, search.matching(words))})


# keeping in step


def test_nothing_new_changes_nothing(root: Path, path: Path) -> None:
    before = path.read_bytes()
    told = update(root, path)
    assert (told.added, told.replaced, told.removed) == ((), (), ())
    assert told.kept == ("edu/2021", "si/2020", "si/2023", "si/draft")
    assert path.read_bytes() == before


def test_a_version_that_changed_is_replaced_and_one_that_went_is_removed(root: Path, path: Path) -> None:
    databases.add(root, "si/2020", databases.records(["工伤认定"]))
    databases.shutil.rmtree(root / "edu")
    told = update(root, path)
    assert (told.replaced, told.removed) == (("si/2020",), ("edu/2021",))
    assert ask(path, "SELECT name FROM catalogs") == [("si",)]
    assert ask(path, "SELECT name FROM laws ORDER BY id") == [("《工伤保险条例》",), ("《社会保险法》",)]
    assert (found(path, "入学"), found(path, "退休"), found(path, "工伤认定")) == ([], [], ["工伤认定"])


def contents(path: Path) -> dict[str, list[tuple[Any, ...]]]:
    """Everything that can be asked for, whatever the order in which it came in."""
    named = "SELECT c.name, v.name, i.* FROM items i JOIN versions v ON v.id = i.version JOIN catalogs c ON c.id = i.catalog"
    names = [column[1] for column in ask(path, "PRAGMA table_info(items)")]
    ids = {"id", "version", "catalog"}
    items = [[v for n, v in zip(["c", "v", *names], row, strict=True) if n not in ids] for row in ask(path, named)]
    laws = "SELECT i.content, i.row, l.name, n.cited FROM item_laws n JOIN items i ON i.id = n.item JOIN laws l ON l.id = n.law"
    history = "SELECT i.content, i.row, p.field, s.printed, s.doubt, s.places FROM provenance p JOIN items i ON i.id = p.item "
    history += "JOIN sources s ON s.id = p.source"
    known = {"items": [tuple(map(str, item)) for item in items], "laws": ask(path, laws), "history": ask(path, history)}
    known["issues"] = ask(path, "SELECT code, severity, message, field, page FROM issues")
    return {name: sorted(lines, key=repr) for name, lines in known.items()}


def test_bringing_in_step_gives_what_building_anew_gives(root: Path, path: Path, tmp_path: Path) -> None:
    databases.add(root, "si/2020", databases.records(["工伤认定", "新事项"]))
    databases.add(root, "si/2021", databases.records(["工伤认定"]))
    databases.shutil.rmtree(root / "si" / "draft")
    update(root, path)
    update(root, tmp_path / "new.db")
    assert contents(path) == contents(tmp_path / "new.db")
    assert ask(path, "PRAGMA integrity_check") == [("ok",)]
    assert ask(path, "PRAGMA foreign_key_check") == []


def test_the_index_is_whole_after_versions_went(root: Path, path: Path) -> None:
    for name in ("si/2020", "si/2023"):
        databases.add(root, name, databases.records(["新名称"]))
    update(root, path)
    databases.shutil.rmtree(root / "si" / "draft")
    update(root, path)
    with closing(sqlite3.connect(path)) as connection:
        connection.execute(f"INSERT INTO {tables.SEARCH} ({tables.SEARCH}) VALUES ('integrity-check')")
        connection.execute("CREATE VIRTUAL TABLE temp.words USING fts5vocab('main', 'items_search', 'row')")
        words = {word for (word,) in connection.execute("SELECT term FROM temp.words")}
    assert "新名" in words
    assert not {"工伤认", "失业", "退休", "预防"} & words


def test_a_damaged_folder_keeps_what_it_had_and_does_not_stop_the_others(root: Path, path: Path) -> None:
    databases.add(root, "si/2020", databases.records(["另一事项"]))
    (root / "si" / "2020" / "items.json").write_text("[]")
    databases.add(root, "edu/2021", databases.records(["升学"]))
    told = update(root, path)
    assert (told.replaced, len(told.failed)) == (("edu/2021",), 1)
    assert "items.json" in told.failed[0]
    assert (found(path, "另一事项"), found(path, "退休"), found(path, "升学")) == ([], ["退休申请"], ["升学"])


def test_a_failure_leaves_the_old_database(root: Path, path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    before = path.read_bytes()
    databases.add(root, "si/2020", databases.records(["另一事项"]))

    def fail(*_: Any) -> None:
        raise RuntimeError("in the middle")

    monkeypatch.setattr(validity, "settle", fail)
    with pytest.raises(RuntimeError):
        update(root, path)
    assert path.read_bytes() == before


KILLED = """
import os, signal, sys
from pathlib import Path
from pipeline.db import update, validity
validity.settle = lambda *_: os.kill(os.getpid(), signal.SIGKILL)
update(Path(sys.argv[1]), Path(sys.argv[1]) / "catalogs.db")
"""


@pytest.mark.skipif(sys.platform == "win32", reason="there is no SIGKILL")
def test_a_killed_run_leaves_the_old_database(root: Path, path: Path) -> None:
    before = contents(path)
    for number in range(40):
        databases.add(root, f"more/{2000 + number}", databases.records([f"事项{number}-{n}" for n in range(20)]))
    databases.add(root, "si/2020", databases.records(["另一事项"]))
    environment = os.environ | {"PYTHONPATH": str(ROOT)}
    ended = subprocess.run([sys.executable, "-c", KILLED, str(root)], env=environment, check=False)
    assert ended.returncode == -signal.SIGKILL
    with closing(sqlite3.connect(path)) as connection:
        assert connection.execute("PRAGMA integrity_check").fetchone() == ("ok",)
    assert contents(path) == before
    assert len(update(root, path).added) == 40


def test_a_database_of_something_else_is_left_alone(root: Path, tmp_path: Path) -> None:
    other = tmp_path / "other.db"
    with closing(sqlite3.connect(other)) as connection:
        connection.execute("CREATE TABLE mine (x)")
    before = other.read_bytes()
    with pytest.raises(OutputError, match="something else"):
        update(root, other)
    assert other.read_bytes() == before


def test_a_file_that_is_no_database_is_left_alone(root: Path, tmp_path: Path) -> None:
    other = tmp_path / "notes.txt"
    other.write_text("no database, but long enough to be looked at " * 50)
    with pytest.raises(OutputError, match=r"notes\.txt"):
        update(root, other)
    assert other.read_text().startswith("no database")


def test_another_layout_is_made_anew(root: Path, path: Path) -> None:
    with closing(sqlite3.connect(path)) as connection:
        connection.execute("CREATE TABLE of_old (x)")
        connection.execute("PRAGMA user_version = 999")
    assert len(update(root, path).added) == 4
    assert ask(path, "SELECT name FROM sqlite_master WHERE name = 'of_old'") == []


def test_a_folder_without_catalogs_is_told(tmp_path: Path) -> None:
    with pytest.raises(OutputError, match="catalog run"):
        update(tmp_path, tmp_path / "catalogs.db")
    assert not (tmp_path / "catalogs.db").exists()


def test_the_command(root: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    monkeypatch.chdir(root.parent)
    with pytest.raises(SystemExit) as ended:
        main(["db"])
    assert ended.value.code == 0
    assert "4 added" in capsys.readouterr().err
    assert (root / "catalogs.db").is_file()


# what is in it


def test_all_versions_are_there_in_order(path: Path) -> None:
    versions = ask(
        path,
        "SELECT v.name, position, latest, rows, doubts FROM versions v JOIN catalogs c ON c.id = catalog "
        "WHERE c.name = 'si' ORDER BY v.name",
    )
    assert versions == [("2020", 1, 0, 3, 0), ("2023", 2, 1, 3, 2), ("draft", None, 0, 1, 0)]


def test_items_say_from_when_to_when_they_stand(path: Path) -> None:
    query = "SELECT v.name, second_level_item, valid_from, valid_to, current FROM items JOIN versions v ON v.id = version "
    query += "JOIN catalogs c ON c.id = items.catalog WHERE c.name = 'si' ORDER BY v.name, row"
    assert ask(path, query) == [
        ("2020", "工伤认定", "2020", None, 0),
        ("2020", "失业登记", "2020", "2023", 0),
        ("2020", "退休申请", "2020", "2023", 0),
        ("2023", "工伤认定", "2020", None, 1),
        ("2023", "失业登记", "2023", None, 1),
        ("2023", "养老待遇", "2023", None, 1),
        ("draft", "工伤预防", None, None, 0),
    ]


@pytest.mark.parametrize(
    ("contents", "expected"),
    [
        pytest.param([], [], id="no version"),
        pytest.param(["a", "a"], [{"a": (0, None)}, {"a": (0, None)}], id="the same"),
        pytest.param(["a", "b"], [{"a": (0, 1)}, {"b": (1, None)}], id="another"),
        pytest.param(
            ["ab", "b", "ab"], [{"a": (0, 1), "b": (0, None)}, {"b": (0, None)}, {"a": (2, None), "b": (0, None)}], id="back"
        ),
    ],
)
def test_spans(contents: list[str], expected: list[dict[str, tuple[int, int | None]]]) -> None:
    assert validity.spans([frozenset(content) for content in contents]) == expected


def test_versions_are_ordered_by_their_numbers() -> None:
    assert sorted(["draft", "2020-10", "2020-9", "2019"], key=validity.by_number) == ["2019", "2020-9", "2020-10", "draft"]


def test_laws_and_channels_are_linked(path: Path) -> None:
    cited = "SELECT DISTINCT l.name, n.cited FROM item_laws n JOIN laws l ON l.id = n.law ORDER BY 1"
    assert ask(path, cited) == [
        ("《义务教育法》", "《义务教育法》"),
        ("《工伤保险条例》", "《工伤保险条例》第十条"),
        ("《社会保险法》", "《社会保险法》"),
    ]
    offered = "SELECT DISTINCT c.name, chosen FROM item_channels n JOIN channels c ON c.id = n.channel ORDER BY 1"
    assert ask(path, offered) == [("公示栏", 0), ("政府网站", 1)]


@pytest.mark.parametrize(
    ("entry", "name"),
    [
        pytest.param("《社会保险法》", "《社会保险法》", id="a title"),
        pytest.param("《条例》（国务院令第711号）第三条", "《条例》", id="what trails it"),
        pytest.param("《关于印发《办法》的通知》", "《关于印发《办法》的通知》", id="a title in a title"),
        pytest.param("省政府令第5号", "省政府令第5号", id="no title"),
        pytest.param("《未完", "《未完", id="unclosed"),
    ],
)
def test_the_name_of_a_law(entry: str, name: str) -> None:
    assert load.law_name(entry) == name


def test_every_value_can_be_traced(path: Path) -> None:
    query = "SELECT count(*), count(DISTINCT source) FROM provenance"
    assert ask(path, query)[0][0] == 9 * 10
    printed = "SELECT s.printed, s.page, s.places FROM provenance p JOIN sources s ON s.id = p.source "
    printed += "JOIN items ON items.id = item WHERE second_level_item = '转学' AND field = 'legal_bases'"
    assert ask(path, printed) == [("《义务教育法》", 1, "[[1, 5.0, 2.0, 6.0, 3.0]]")]


def test_doubts_and_issues_are_there(path: Path) -> None:
    doubts = "SELECT second_level_item, field, value, reason, page FROM doubts JOIN items ON items.id = item ORDER BY field"
    assert ask(path, doubts) == [
        ("养老待遇", "time_limit", "20个工作日", "masked", 1),
        ("养老待遇", "time_limit_value", "20", "masked", 1),
    ]
    assert ask(path, "SELECT count(*) FROM issues WHERE severity = 'error'") == [(4,)]


def test_extra_columns_find_their_place(root: Path, path: Path) -> None:
    databases.add(root, "edu/2022", databases.records(["入学"], **{'extra_备"注': "说明"}))
    update(root, path)
    assert ask(path, 'SELECT "extra_备""注" FROM items WHERE "extra_备""注" IS NOT NULL') == [("说明",)]


# search

TEXTS = ("职工工伤保险待遇申领（一次性伤残补助金）", "20个工作日内公开", "政府网站；Web 公示栏", "二〇二三年度")


@pytest.fixture(scope="module")
def index() -> Iterator[sqlite3.Connection]:
    with closing(sqlite3.connect(":memory:")) as connection:
        connection.execute("CREATE VIRTUAL TABLE t USING fts5(text, content='', tokenize='unicode61 remove_diacritics 0')")
        connection.executemany("INSERT INTO t (rowid, text) VALUES (?, ?)", ((n, search.indexed(t)) for n, t in enumerate(TEXTS)))
        yield connection


def hits(index: sqlite3.Connection, words: str) -> set[int]:
    return {n for (n,) in index.execute("SELECT rowid FROM t WHERE t MATCH ?", [search.matching(words)])}


@pytest.mark.parametrize(
    ("words", "where"),
    [
        pytest.param("工伤", {0}, id="two characters"),
        pytest.param("工", {0, 1}, id="one"),
        pytest.param("职工工伤", {0}, id="four"),
        pytest.param("职工工伤保险待遇申领", {0}, id="a whole run"),
        pytest.param("领", {0}, id="the last of a run"),
        pytest.param("金", {0}, id="the last before a bracket"),
        pytest.param("伤工", set(), id="not in this order"),
        pytest.param("工保", set(), id="not side by side"),
        pytest.param("领一", set(), id="not over a bracket"),
        pytest.param("申领（一次性", {0}, id="with the bracket"),
        pytest.param("申领(一次性", {0}, id="with a narrow bracket"),
        pytest.param("20个", {1}, id="digits and Chinese"),
        pytest.param("２０个工作", {1}, id="wide digits"),
        pytest.param("web", {2}, id="Latin"),
        pytest.param("二〇二三", {3}, id="a Chinese zero"),
        pytest.param("公示栏 web", {2}, id="two words"),
        pytest.param("工伤 公示", set(), id="not both"),
        pytest.param("", set(), id="nothing"),
        pytest.param('" OR * NEAR( -', set(), id="signs of FTS5"),
        pytest.param('工伤" OR "公示', set(), id="no way out of the quotes"),
    ],
)
def test_search(words: str, where: set[int], index: sqlite3.Connection) -> None:
    assert hits(index, words) == where


HAN = st.text(st.sampled_from("工伤保险职待遇"), min_size=1, max_size=12)


@settings(deadline=None)
@given(HAN, HAN)
def test_a_run_of_chinese_is_found_just_where_it_is_a_substring(text: str, words: str) -> None:
    with closing(sqlite3.connect(":memory:")) as connection:
        connection.execute("CREATE VIRTUAL TABLE t USING fts5(text, tokenize='unicode61 remove_diacritics 0')")
        connection.execute("INSERT INTO t VALUES (?)", [search.indexed(text)])
        matched = connection.execute("SELECT count(*) FROM t WHERE t MATCH ?", [search.matching(words)]).fetchone()
    assert matched == (int(words in text),)


@settings(deadline=None)
@given(st.text())
def test_no_query_is_an_error(words: str) -> None:
    with closing(sqlite3.connect(":memory:")) as connection:
        connection.execute("CREATE VIRTUAL TABLE t USING fts5(text)")
        connection.execute("SELECT * FROM t WHERE t MATCH ?", [search.matching(words)]).fetchall()

"""``lookups.csv`` → human overrides."""

from __future__ import annotations

from pathlib import Path

import pytest

from pipeline import lookups_csv, profile
from pipeline.errors import LookupsError
from pipeline.model import Lookup

HEADER = "field,printed,value,item,version,status,reason\n"


def write(folder: Path, text: str) -> Path:
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "lookups.csv").write_bytes(text.encode())
    return folder / "lookups.csv"


def test_a_line_is_an_override(tmp_path: Path) -> None:
    path = write(tmp_path, HEADER + "time_limit,20个工作 日,20个工作日,登记,2020,confirmed,seen on paper\n")
    expected = Lookup("time_limit", "20个工作 日", "20个工作日", "登记", "2020", "confirmed", "seen on paper", "lookups.csv")
    assert lookups_csv.read(path, profile.load()) == (expected,)


@pytest.mark.parametrize(
    "text",
    [
        pytest.param("field,printed,value\nseq,1,2\n", id="only what must be there"),
        pytest.param("\ufefffield,printed,value\r\nseq,1,2\r\n", id="as a spreadsheet writes it"),
        pytest.param("value,field,printed\n2,seq,1\n", id="in another order"),
        pytest.param("field,printed,value\n seq , 1 , 2 \n", id="with spaces"),
    ],
)
def test_other_forms_of_the_same(tmp_path: Path, text: str) -> None:
    found = lookups_csv.read(write(tmp_path, text), profile.load())
    assert [(entry.field, entry.printed, entry.value) for entry in found] == [("seq", "1", "2")]


@pytest.mark.parametrize(
    ("text", "told"),
    [
        pytest.param("", "missing column field, printed, value", id="empty"),
        pytest.param("field,value\n", "missing column printed; allowed are field, printed", id="a column too few"),
        pytest.param("field,printed,value,why\n", "unknown column why; allowed are", id="a column too many"),
        pytest.param("field,printed,value\nseg,1,2\n", "line 2: no such field: 'seg'; allowed are seq, ", id="no field"),
        pytest.param(HEADER + "seq,1,2,,,sure,\n", "line 2: no such status: 'sure'; allowed are confirmed", id="no status"),
        pytest.param("field,printed,value\nseq,,2\n", "line 2: without an item", id="every blank"),
        pytest.param("field,printed,value\nseq,1\n", "line 2: not as many values", id="a value too few"),
        pytest.param("field,printed,value\nseq,1,2,3\n", "line 2: not as many values", id="a value too many"),
        pytest.param("field,printed,value\nseq,1,2\nseq,1,3\n", "line 3: gives another value than line 2", id="both ways"),
    ],
)
def test_what_is_not_allowed_is_said(tmp_path: Path, text: str, told: str) -> None:
    with pytest.raises(LookupsError, match=r"lookups\.csv") as error:
        lookups_csv.read(write(tmp_path, text), profile.load())
    assert told in str(error.value)


def test_another_encoding_is_an_error(tmp_path: Path) -> None:
    (tmp_path / "lookups.csv").write_bytes("field,printed,value\nseq,登记,2\n".encode("gb18030"))
    with pytest.raises(LookupsError, match="UTF-8"):
        lookups_csv.read(tmp_path / "lookups.csv", profile.load())


def test_the_nearest_wins(tmp_path: Path) -> None:
    write(tmp_path / "near", "field,printed,value\nseq,1 0,near\n")
    write(tmp_path / "far", "field,printed,value\nseq,10,far\nseq,11,only far\n")
    found = lookups_csv.nearest([(name, tmp_path / name) for name in ("near", "none", "far")], profile.load(), "")
    assert [(entry.value, entry.origin) for entry in found] == [("near", "lookups.csv near"), ("only far", "lookups.csv far")]


@pytest.mark.parametrize(
    ("version", "values"),
    [
        pytest.param("2023", ["new", "any"], id="one that has its own"),
        pytest.param("2021", ["any", "for the others"], id="one that has none"),
        pytest.param("", ["any", "for the others"], id="unknown"),
    ],
)
def test_an_override_may_be_for_one_version(tmp_path: Path, version: str, values: list[str]) -> None:
    write(tmp_path, HEADER + "seq,1,any,,,,\nseq,2,for the others,,,,\nseq,2,old,,2020,,\nseq,2,new,,2023,,\n")
    found = lookups_csv.nearest([("", tmp_path)], profile.load(), version)
    assert [entry.value for entry in found] == values


def test_the_digest_follows_the_content() -> None:
    one, other = Lookup("seq", "1", "2"), Lookup("seq", "1", "3")
    assert lookups_csv.digest(()) == ""
    assert lookups_csv.digest([one]) == lookups_csv.digest((one,))
    assert lookups_csv.digest([one]) != lookups_csv.digest([other])

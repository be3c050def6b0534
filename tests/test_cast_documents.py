"""Where one cited document ends and the next begins, when nothing is printed between them."""

from __future__ import annotations

import pytest

from pipeline.cast.documents import split_adjacent
from pipeline.cast.marks import read_marks
from pipeline.profile import load

LAW, OTHER, NOTICE = "《甲法》（国务院令第679号）", "《乙条例》第十八条", "国务院办公厅关于规范公开平台有关事项的通知"


@pytest.mark.parametrize(
    ("text", "pieces"),
    [
        pytest.param(LAW, [LAW], id="one document is left alone"),
        pytest.param(LAW + OTHER, [LAW, OTHER], id="title behind title"),
        pytest.param("《乙条例》第十八\n条《甲法》", ["《乙条例》第十八\n条", "《甲法》"], id="an article cut by a line end"),
        pytest.param(LAW + NOTICE, [LAW, NOTICE], id="a notice without 《》 behind a number"),
        pytest.param(LAW + "第二十三条规定", [LAW + "第二十三条规定"], id="an article behind a number"),
        pytest.param(f"{LAW}\n{NOTICE}\n{OTHER}", [LAW, NOTICE, OTHER], id="a notice without 《》 on a line of its own"),
        pytest.param(f"{OTHER}\n{NOTICE}\n{LAW}", [OTHER, NOTICE, LAW], id="a notice on a line of its own behind an article"),
        pytest.param(f"{OTHER}\n{NOTICE}", [OTHER, NOTICE], id="a notice behind the article of the last title"),
        pytest.param(f"{OTHER}\n的{NOTICE}\n{LAW}", [f"{OTHER}\n的{NOTICE}", LAW], id="what goes on after an article"),
        pytest.param(f"{OTHER}\n{NOTICE}{LAW}", [f"{OTHER}\n{NOTICE}", LAW], id="no line of its own"),
        pytest.param(f"{LAW}\n关于印发\n{OTHER}", [LAW, f"关于印发\n{OTHER}"], id="what leads to a title, on a line of its own"),
        pytest.param("《甲法》" + NOTICE, ["《甲法》" + NOTICE], id="without a number nobody can tell"),
    ],
)
def test_documents_that_stand_side_by_side(text: str, pieces: list[str]) -> None:
    assert split_adjacent(text, read_marks(load())) == pieces

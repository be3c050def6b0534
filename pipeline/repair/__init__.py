"""Repair: damaged text, each printed cell once, each change with its evidence, its rule and its score.

The rules, in this order; a clean value passes all of them as the same object:

``markup``      tags, entities, LaTeX of a converter (a check box is ■ whatever its state)
``space``       white space and line breaks inside Chinese text
``characters``  radicals and widths
``bleed``       a left neighbour's tail at the head of a cell
``alike``, ``lost_words``, ``similar``  a value close to one term of the lexicon or of the same document
``cut``, ``overleaf``  a value cut short
``repeats``     a cell that repeats its neighbour's column: blanked, so that it inherits

``recognised``, ``sequence``  what was recognised from a picture: a term in the place of characters that are unsure, brackets
                as document numbers have them, ； for a colon between two known entries, a box for what a worn one was read as,
                serial numbers by their sequence, one for each row that a lost rule joined (``grid``); what stays unsure is
                doubted (``ocr``), and what neither a term nor another cell confirms must be surer than the rest

Where the source has boxes its cells are whole and its white space is the column's: there only what is certain is done
(``characters``, ``recognised``, and ``cut`` where a bracket stays open).
"""

from __future__ import annotations

from pipeline.model import Grid
from pipeline.profile import Profile
from pipeline.repair.scans.gaps import with_lost_rows
from pipeline.repair.scans.serials import one_serial_a_row
from pipeline.repair.work import Work


def repair(grid: Grid, profile: Profile) -> Grid:
    """The grid with its damaged values repaired; values that are not certain carry a doubt, ``printed`` is kept.

    A value that a person has set is left alone. A tick that its row does not show any more (doubt ``cut``) becomes absent.
    Raises ProfileError where the profile lacks a setting.
    """
    return Work(with_lost_rows(one_serial_a_row(grid, profile), profile), profile).repaired()

"""Lines that run over the bottom of their cell into the one below: painted straight after each other, they stay together."""

from __future__ import annotations

import numpy as np

from pipeline.engines.lattice.glyphs import Glyphs
from pipeline.engines.lattice.pdfium import Floats, Ints
from pipeline.engines.lattice.ranks import distinct, median

# Lines of one text are painted straight after each other; at most this many glyphs of another column slip in between.
_APART = 8
# As a share of the font size: the next line of a text lies no farther below.
FARTHEST = 3.2
# Steps that differ by no more are those of one pitch.
_UNEVEN = 0.1


def keep_flows_whole(glyphs: Glyphs, cell: Ints, edges: Floats) -> Ints:
    """Lines that run over the bottom of their cell into the one below stay with the cell that they began in.

    Chromium gives the rest of a cut row too little height: its lines are painted over the next row, straight after each other
    and at their pitch. A line must touch the rule between, or the lower cell begin again with a text of its own, and the step to
    the next line be the pitch of the text; a clipped glyph names its cell by its clip.
    """
    flowing = np.flatnonzero((cell >= 0) & (glyphs.turn == 0) & np.isinf(glyphs.clip[:, 1]))
    if len(flowing) < 2 or not _may_flow(glyphs, cell, edges, flowing):
        return cell
    # The columns are numbered by the cells, which are few, and short numbers are sorted in no time.
    _, numbers = np.unique(np.round(edges[:, 0]), return_inverse=True)
    column = numbers.astype(np.uint16 if len(edges) < 1 << 16 else np.int64)[cell[flowing]]
    order = flowing[np.argsort(column, kind="stable")]
    base, em, owner = glyphs.base[order, 1], glyphs.em[order], cell[order]
    step = np.diff(base)
    near = (np.abs(np.diff(em)) < 0.05 * em[1:]) & (step > 0.8 * em[1:]) & (step < FARTHEST * em[1:]) & (np.diff(order) <= _APART)
    inner, crossing = near & (owner[1:] == owner[:-1]), near & (owner[1:] != owner[:-1])
    _take_back_heads(glyphs, cell, edges, order, step[inner])
    _take_back_first_lines(glyphs, cell, edges, order)
    for i in np.flatnonzero(crossing).tolist():
        home, other = int(cell[order[i]]), int(cell[order[i + 1]])
        if home == other or not _stands_above(edges, home, other):
            continue
        if not _touches(base, em, i, float(edges[home, 3])) and not _begins_again(order, owner, base, i, float(step[i])):
            continue
        own, down = step[inner & (owner[1:] == home)], float(step[i])
        pitches = own if len(own) else step[inner & (np.abs(em[1:] - em[i]) < 0.05 * em[i])]
        # Where characters come from several fonts, the lines of one text lie a little more or less apart.
        alike = np.abs(own - down).min() if len(own) else abs(median(pitches) - down) if len(pitches) else np.inf
        if alike < 0.06 * em[i]:
            _take_flow(glyphs, cell, order[i:], home, other, (float(own.min()), float(own.max())) if len(own) else (down, down))
    return cell


def _may_flow(glyphs: Glyphs, cell: Ints, edges: Floats, flowing: Ints) -> bool:
    """A cheap look whether any line may have left its cell: a rule is touched, two cells follow each other in painting order
    and column, be it with a short text of another column between, or a cell is too low for a line."""
    owner = cell[flowing]
    base, em, box = glyphs.base[flowing, 1], glyphs.em[flowing], edges[owner]
    if (base > box[:, 3] - 0.05 * em).any() or (base - 0.83 * em < box[:, 1]).any():
        return True
    if (edges[:, 3] - edges[:, 1]).min() < 1.3 * em.max():
        return True
    last = np.append(np.flatnonzero(np.diff(owner)), len(owner) - 1)
    left, text = box[last, 0], owner[last]
    if (np.abs(np.diff(left)) < 1).any():
        return True
    short = (np.abs(left[2:] - left[:-2]) < 1) & (text[2:] != text[:-2]) & (np.diff(flowing[last])[:-1] <= _APART)
    return bool(short.any())


def _take_back_heads(glyphs: Glyphs, cell: Ints, edges: Floats, order: Ints, pitches: Floats) -> None:
    """Text painted below an empty cell that is too low for a line may have begun in that one (in place).

    It did where it crosses the rule between, or where the lower cell's own text is painted later, over it.
    """
    if not len(pitches):
        return
    pitch = median(pitches)
    # Chromium sets lines on whole dots of a screen, so that those of one text lie a dot more or less apart.
    usual = pitches[np.abs(pitches - pitch) < _UNEVEN * glyphs.em[order].max()]
    low = np.flatnonzero(edges[:, 3] - edges[:, 1] < 1.3 * glyphs.em[order].max())
    for home in low[~np.isin(low, cell)].tolist():
        under = np.flatnonzero(np.abs(edges[:, [0, 2, 1]] - edges[home, [0, 2, 3]]).max(axis=1) < 1)
        other = int(under[0]) if len(under) else -1
        flow = order[cell[order] == other]
        if len(flow) and (_crosses(glyphs, int(flow[0]), float(edges[home, 3])) or _painted_over(glyphs, flow, pitch)):
            cell[flow[0]] = home
            _take_flow(glyphs, cell, flow, home, other, (float(usual.min()), float(usual.max())))


def _take_back_first_lines(glyphs: Glyphs, cell: Ints, edges: Floats, order: Ints) -> None:
    """Lines painted across the rule above their cell, apart from its other lines, are those of the empty cell above (in place).

    Writer gives the rest of a cut cell the height of its row and prints it lower.
    """
    base, em = glyphs.base[order, 1], glyphs.em[order]
    for other in distinct(cell[order[base - 0.73 * em < edges[cell[order], 1]]]).tolist():
        above = np.flatnonzero(np.abs(edges[:, [0, 2, 3]] - edges[other, [0, 2, 1]]).max(axis=1) < 1)
        flow = order[cell[order] == other]
        gaps = np.flatnonzero(np.diff(flow) > _APART)
        if len(above) == 1 and len(gaps) and not (cell == above[0]).any() and _crosses(glyphs, int(flow[0]), edges[other, 1]):
            cell[flow[: gaps[0] + 1]] = above[0]


def _crosses(glyphs: Glyphs, i: int, rule: float) -> bool:
    return bool(glyphs.base[i, 1] - 0.83 * glyphs.em[i] < rule)


def _painted_over(glyphs: Glyphs, flow: Ints, pitch: float) -> bool:
    """Whether the lines painted first run out and later ones begin above their end."""
    base = glyphs.base[flow, 1]
    breaks = np.flatnonzero((np.diff(base) < -0.1 * pitch) | (np.diff(flow) > _APART))
    return bool(len(breaks) and base[breaks[0] + 1 :].min() < base[breaks[0]] + 0.8 * pitch)


def _stands_above(edges: Floats, home: int, other: int) -> bool:
    """Whether one cell stands directly above another of the same columns."""
    same = abs(edges[home, 0] - edges[other, 0]) < 1 and abs(edges[home, 2] - edges[other, 2]) < 1
    return bool(same and abs(edges[home, 3] - edges[other, 1]) < 1)


def _touches(base: Floats, em: Floats, i: int, rule: float) -> bool:
    """Whether the line that glyph ``i`` ends, or the one after it, is cut by a rule. Chinese ink reaches from .88 em above the
    base line to .12 em below it; the fonts' own boxes are taller than that."""
    return bool(base[i] > rule - 0.05 * em[i] or base[i + 1] - 0.83 * em[i + 1] < rule)


def _begins_again(order: Ints, owner: Ints, base: Floats, i: int, pitch: float) -> bool:
    """Whether the lines painted after glyph ``i`` run out, and the lower cell's own text is painted later: Writer paints the next
    row's serial number before the last line of a cut cell, and the rest of that row after it."""
    other, j = owner[i + 1], i + 1
    while j + 1 < len(order) and owner[j + 1] == other and order[j + 1] - order[j] <= _APART:
        down = base[j + 1] - base[j]
        if abs(down) > 0.1 * pitch and abs(down - pitch) > 0.1 * pitch:
            return bool(down < 0)
        j += 1
    return bool((owner[j + 1 :] == other).any())


def _take_flow(glyphs: Glyphs, cell: Ints, flow: Ints, home: int, other: int, pitch: tuple[float, float]) -> None:
    """Give the lines that follow the first glyph of ``flow`` to its cell as long as they keep the pitch, the least to the most
    (in place)."""
    level, last = float(glyphs.base[flow[0], 1]), int(flow[0])
    for j in flow[1:].tolist():
        down = float(glyphs.base[j, 1]) - level
        if cell[j] != other or j - last > _APART:
            return
        if abs(down) > 0.1 * glyphs.em[j]:
            if not pitch[0] - 0.06 * glyphs.em[j] <= down <= pitch[1] + 0.06 * glyphs.em[j]:
                return
            level = float(glyphs.base[j, 1])
        cell[j], last = home, j

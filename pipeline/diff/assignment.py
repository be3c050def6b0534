"""The best way to give each row at most one other, over all rows at once."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from pipeline.diff.evidence import Floats, Indices


def assign(i: Indices, j: Indices, worth: Floats) -> NDArray[np.intp]:
    """Which of the pairs (i[k], j[k]) to take, so that each row is in at most one and the sum of their worth is greatest.

    Every worth must be positive. Gives the positions k, ascending. Solved part by part, where a part is what hangs together.
    """
    if not len(i):
        return np.empty(0, np.intp)
    chosen = [part if len(part) == 1 else part[_solve(i[part], j[part], worth[part])] for part in _parts(i, j)]
    return np.sort(np.concatenate(chosen))


def _parts(i: Indices, j: Indices) -> list[NDArray[np.intp]]:
    """The positions of the pairs that hang together, part by part."""
    from scipy import sparse

    rows, columns = np.unique(i, return_inverse=True)[1], np.unique(j, return_inverse=True)[1]
    size = rows.max() + columns.max() + 2
    graph = sparse.coo_array((np.ones(len(i), bool), (rows, columns + rows.max() + 1)), shape=(size, size))
    labels = sparse.csgraph.connected_components(graph, directed=False)[1][rows]
    order = np.argsort(labels, kind="stable")
    return np.split(order, np.flatnonzero(np.diff(labels[order])) + 1)


def _solve(i: Indices, j: Indices, worth: Floats) -> NDArray[np.intp]:
    """The same for one part, by the sparse form of Jonker and Volgenant's algorithm (LAPJVsp, as scipy has it).

    It matches every row, so each may also take a column of its own, which is worth nothing. scipy's solver for full matrices
    is no faster on full parts, and takes longer to load.
    """
    from scipy import sparse

    rows, columns = np.unique(i, return_inverse=True)[1], np.unique(j, return_inverse=True)[1]
    height, width = int(rows.max()) + 1, int(columns.max()) + 1
    own = np.arange(height)
    # No weight may be zero; a full matching takes one a row, so the same for all of them changes nothing.
    weights = worth.max() + 1 - np.concatenate([worth, np.zeros(height)])
    places = np.concatenate([rows, own]), np.concatenate([columns, width + own])
    graph = sparse.csr_array(sparse.coo_array((weights, places), shape=(height, width + height)))
    matched = np.full(height, -1)
    found = sparse.csgraph.min_weight_full_bipartite_matching(graph)
    matched[found[0]] = found[1]
    return np.flatnonzero(matched[rows] == columns)

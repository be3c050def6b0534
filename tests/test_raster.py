"""What is told of many dots by a number."""

from __future__ import annotations

import numpy as np
import pytest

from pipeline.engines.ocr.raster import median, percentile


@pytest.mark.parametrize("count", [1, 2, 3, 4, 5, 8, 101, 1000])
@pytest.mark.parametrize("kind", ["float32", "float64", "int64", "uint8"])
def test_the_median_is_that_of_numpy(count: int, kind: str) -> None:
    values = (np.random.default_rng(count).random(count) * 200).astype(kind)
    # float32 numbers are halved in float64, which holds their sum.
    assert median(values) == float(np.median(values.astype(np.float64)))
    assert median(values.reshape(1, -1)) == median(values.tolist())


@pytest.mark.parametrize("count", [1, 2, 3, 100])
@pytest.mark.parametrize("share", [0, 3, 50, 97, 100])
def test_the_percentile_is_that_of_numpy(count: int, share: float) -> None:
    dots = np.random.default_rng(count).integers(0, 256, count).astype(np.uint8)
    assert percentile(dots, share) == pytest.approx(float(np.percentile(dots, share)))

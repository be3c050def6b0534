"""Lines of dots into characters, each with its score: the recognition model that comes inside the rapidocr wheel.

PP-OCRv6 (Apache-2.0) is a CTC model: it reads a line 48 dots high and gives for every 8 columns the probability of each
character and of none. Only the model is used, not rapidocr's own pipeline, which keeps one score for a whole line.

Its time is that of its columns, 95 µs each on a core of an AMD EPYC, in calls of any shape: three quarters are convolutions,
which run at what the core can do (90 GFLOP/s). So only columns that are not read save time. Measured on the lines of sample
scans, and not worth it: OpenVINO 2026.4 takes 3 to 17 % longer (same characters, scores within 0.0004); the last layer in
numpy, a block of steps at a time, takes longer than here; GELU by its approximation moves scores by up to 0.14; crops with wider
margins, which make type smaller, misread twice as many lines or more; to read again only the unsure stretch of a line saves a
third of the second readings, but it is the second reading of the whole line that tells a bracket which was misread for sure.
"""

from __future__ import annotations

import os
import unicodedata
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from functools import lru_cache
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import cv2
import numpy as np
import numpy.typing as npt

from pipeline.engines.ocr.raster import Gray, Ints
from pipeline.errors import SourceError

HEIGHT = 48
# Columns of one call of the model: more of them do not fit into a core's cache and take longer, each.
_BATCH = 800
_SHORTEST, _LONGEST = 48, 3200
# So many calls at once at most: each has its own memory.
_AT_ONCE = 4
_STEP = 8


@dataclass(frozen=True, slots=True)
class Reading:
    """What a line says: ``text``, for each character its score (0..1) and where it stands (0..1 along the line's width)."""

    text: str
    scores: tuple[float, ...]
    places: tuple[float, ...]

    @property
    def weakest(self) -> float:
        return min(self.scores, default=1.0)


@dataclass(frozen=True, slots=True)
class Model:
    """The model with the characters of its outputs; output 0 is none.

    ``version`` is that of the wheel it comes in, ``twin`` is for each output that of the same sign in its other width (（ and (),
    0 where there is none.
    """

    session: Any
    version: str
    characters: tuple[str, ...]
    twin: Ints


@lru_cache(maxsize=1)
def load_model() -> Model:
    """The recognition model of the installed wheel; needs no network. Raises SourceError where the wheel has none."""
    # Here, as both are loaded while a page is drawn.
    from importlib.metadata import version

    import onnxruntime

    spec = find_spec("rapidocr")
    home = Path(spec.origin).parent / "models" if spec and spec.origin else Path()
    found = sorted(home.glob("*rec*.onnx"))
    if not found:
        raise SourceError(f"rapidocr holds no recognition model in {home}; pip install --force-reinstall rapidocr")
    options = onnxruntime.SessionOptions()
    options.log_severity_level = 4
    # Two calls with a thread each take a quarter less time than one with two, and what they find is the same on any machine.
    options.intra_op_num_threads = 1
    session = onnxruntime.InferenceSession(str(found[-1]), options, providers=["CPUExecutionProvider"])
    characters = session.get_modelmeta().custom_metadata_map["character"].splitlines()
    return Model(session, version("rapidocr"), ("", *characters, " "), _twins(("", *characters, " ")))


def _twins(characters: Sequence[str]) -> Ints:
    first: dict[str, int] = {}
    twin = np.zeros(len(characters), np.int64)
    for k, char in enumerate(characters):
        other = first.setdefault(unicodedata.normalize("NFKC", char), k)
        if other != k and char.strip():
            twin[k], twin[other] = other, k
    return twin


def recognise(lines: Iterable[Gray], squeeze: float = 1.0) -> list[Reading]:
    """What each line says; ``squeeze`` narrows them, which is faster and reads as well down to some width of a character.

    A line is read beside lines of its own width only: what it says does not depend on what else a page prints. The lines are
    taken one by one, and read by other threads as soon as they fill a call: whoever cuts them out goes on meanwhile.
    """
    said: dict[int, Reading] = {}
    with ThreadPoolExecutor(min(_AT_ONCE, cores())) as pool:
        batches = _batches(_prepare(line, squeeze) for line in lines)
        calls = [(batch, pool.submit(_read, [line for _, line in batch], load_model())) for batch in batches]
        for batch, call in calls:
            said |= dict(zip((k for k, _ in batch), call.result(), strict=True))
    return [said[k] for k in range(len(said))]


def cores() -> int:
    """How many cores this process may use."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


def drawn_width(line: Gray, squeeze: float) -> int:
    """The columns of a line as the model is given it. One that is shorter than the model is given anyway is not squeezed: that
    costs nothing, and of 620 lone characters 14 were read unsurely instead of 125."""
    height, width = line.shape
    natural = width * HEIGHT / height
    return int(min(max(round(natural * squeeze), min(round(natural), _SHORTEST), 8), _LONGEST))


def _prepare(line: Gray, squeeze: float) -> Gray:
    """A line as high as the model takes it."""
    way = cv2.INTER_AREA if line.shape[0] > HEIGHT else cv2.INTER_CUBIC
    return np.asarray(cv2.resize(line, (drawn_width(line, squeeze), HEIGHT), interpolation=way), np.uint8)


def _batches(lines: Iterable[Gray]) -> Iterator[list[tuple[int, Gray]]]:
    """The lines of each call with their numbers: full calls at once, then the rest, the widest first: the last ones are short."""
    waiting: defaultdict[int, list[tuple[int, Gray]]] = defaultdict(list)
    for k, line in enumerate(lines):
        width = _padded(line.shape[1])
        waiting[width].append((k, line))
        if len(waiting[width]) >= _BATCH // width:
            yield waiting.pop(width)
    yield from (waiting[width] for width in sorted(waiting, reverse=True))


def _padded(width: int) -> int:
    return max(-(-width // _STEP) * _STEP, _SHORTEST)


def _read(lines: list[Gray], model: Model) -> list[Reading]:
    """The readings of lines of one padded width."""
    width = _padded(lines[0].shape[1])
    batch = np.zeros((len(lines), 3, HEIGHT, width), np.float32)
    for k, line in enumerate(lines):
        batch[k, :, :, : line.shape[1]] = line.astype(np.float32) / 127.5 - 1.0
    (output,) = model.session.run(None, {model.session.get_inputs()[0].name: batch})
    return [_decode(output[k], model, line.shape[1] / width) for k, line in enumerate(lines)]


def _decode(output: npt.NDArray[np.float32], model: Model, used: float) -> Reading:
    """Greedy CTC decoding; a character's score is the highest that it and its twin have in its run of steps."""
    best = output.argmax(axis=1)
    steps, twin = np.arange(len(best)), model.twin[best]
    score = output[steps, best] + np.where(twin > 0, output[steps, twin], 0)
    starts = np.flatnonzero(np.concatenate([[True], best[1:] != best[:-1]]))
    ends = np.concatenate([starts[1:], [len(best)]])
    text: list[str] = []
    scores: list[float] = []
    places: list[float] = []
    for start, end in zip(starts.tolist(), ends.tolist(), strict=True):
        if best[start] == 0:
            continue
        peak = start + int(score[start:end].argmax())
        text.append(model.characters[best[start]])
        scores.append(min(float(score[peak]), 1.0))
        places.append(min((peak + 0.5) / len(best) / used, 1.0))
    return Reading("".join(text), tuple(scores), tuple(places))

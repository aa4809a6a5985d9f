"""A split on disk: one file of samples, one of truths (JSON lines)."""

import json
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from benchmarks.amd.corpus.channel import OnTheLine, to_pcm
from benchmarks.amd.corpus.timeline import Kind, Truth


@dataclass(frozen=True, slots=True)
class Split:
    """`samples`: all calls after each other; each truth says where its own lie."""

    name: str
    truths: list[Truth]
    samples: NDArray[np.int16]

    def pcm(self, truth: Truth) -> bytes:
        """One call's audio: 8 kHz mono s16le."""
        return self.samples[truth.first : truth.first + truth.n_samples].tobytes()


def write(folder: Path, name: str, calls: Iterable[OnTheLine]) -> None:
    """Write the calls as they come: all of a split at once would fill the memory.

    The truths appear at the end, so that half a split is none."""
    folder.mkdir(parents=True, exist_ok=True)
    lines: list[str] = []
    first = 0
    with (folder / f"{name}.s16").open("wb") as audio:
        for call in calls:
            call.truth.first, call.truth.n_samples = first, len(call.samples)
            audio.write(to_pcm(call.samples))
            first += len(call.samples)
            lines.append(json.dumps(call.truth.as_dict()))
    (folder / f"{name}.jsonl").write_text("\n".join(lines) + "\n", encoding="utf-8")


def read(folder: Path, name: str) -> Split:
    """A split that was written. Raises FileNotFoundError."""
    text = (folder / f"{name}.jsonl").read_text(encoding="utf-8")
    truths = [Truth(**json.loads(line)) for line in text.splitlines()]
    for truth in truths:
        truth.kind = Kind(truth.kind)
    return Split(name, truths, np.fromfile(folder / f"{name}.s16", dtype="<i2"))


def has(folder: Path, name: str) -> bool:
    return (folder / f"{name}.jsonl").is_file() and (folder / f"{name}.s16").is_file()

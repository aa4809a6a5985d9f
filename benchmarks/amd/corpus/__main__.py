"""Make the corpus: python -m benchmarks.amd.corpus --out FOLDER [--size quick|small|full].

Splits: train, val (for all tuning), test (voices, texts and names of its own, scored once a
release), recorded (people's voices), early (sound before the answer).
"""

import argparse
import time
from pathlib import Path
from random import Random

from benchmarks.amd.corpus import files
from benchmarks.amd.corpus.calls import draw_call
from benchmarks.amd.corpus.channel import OnTheLine, into_the_room, over_the_line
from benchmarks.amd.corpus.prompts import NoPrompts, Prompts, draw_recorded
from benchmarks.amd.corpus.timeline import Timeline
from benchmarks.amd.corpus.voices import Samples, Speakers, draw_voice

SIZES: dict[str, dict[str, int]] = {
    "quick": {"val": 60, "early": 12},
    "small": {"train": 1500, "val": 500, "test": 800, "recorded": 400, "early": 80},
    "full": {"train": 3000, "val": 800, "test": 1600, "recorded": 800, "early": 200},
}
SEED = 2026


def make(folder: Path, split: str, n: int, seed: int, digits: Path | None) -> None:
    """Make one split of `n` calls. Raises NoPrompts where the recorded set cannot be made."""
    speakers = Speakers()
    prompts = Prompts(digits) if split == "recorded" else None
    neighbours = _neighbours(split, seed, speakers)
    calls = []
    for number in range(n):
        line = _line(number, split, seed, speakers, prompts)
        call = OnTheLine(line.truth, line.sound(), Random(f"{seed}:{split}:{number}:line"))
        into_the_room(call, neighbours)
        calls.append(call)
    over_the_line(calls)
    files.write(folder, split, calls)


def _line(
    number: int, split: str, seed: int, speakers: Speakers, prompts: Prompts | None
) -> Timeline:
    if prompts is not None:
        return draw_recorded(number, seed, prompts)
    return draw_call(number, split, seed, speakers)


def _neighbours(split: str, seed: int, speakers: Speakers) -> list[Samples]:
    """What is said behind the speakers, by voices of the split's half."""
    random = Random(f"{seed}:{split}:neighbours")
    is_test = split not in ("train", "val")
    said = "The weather will be fine today, said the man on the radio, and more news follow at ten."
    return [speakers.say(draw_voice("en", is_test, random), said) for _ in range(12)]


def main() -> None:
    options = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    options.add_argument("--out", type=Path, required=True)
    options.add_argument("--size", choices=SIZES, default="small")
    options.add_argument("--splits", default="", help="only these, with commas between")
    options.add_argument("--seed", type=int, default=SEED)
    options.add_argument("--digits", type=Path, help="folder of free-spoken-digit-dataset")
    asked = options.parse_args()
    for split, n in SIZES[asked.size].items():
        if asked.splits and split not in asked.splits.split(","):
            continue
        start = time.process_time()
        try:
            make(asked.out, split, n, asked.seed, asked.digits)
        except NoPrompts as missing:
            print(f"corpus: {missing}")
            continue
        print(f"corpus: {split}, {n} calls, {time.process_time() - start:.0f} s of CPU")


if __name__ == "__main__":
    main()

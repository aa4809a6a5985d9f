"""Make the corpus: python -m benchmarks.amd.corpus --out FOLDER [--size quick|small|full].

Splits: train, val and recorded_val (for all tuning), test and recorded (scored once a release),
early (sound before the answer). Each part, train, val and test, has voices, texts, names and
recorded people of its own.
"""

import argparse
import time
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import chain
from pathlib import Path
from random import Random

from benchmarks.amd.corpus import files
from benchmarks.amd.corpus.calls import LANGUAGES, draw_call
from benchmarks.amd.corpus.channel import OnTheLine, into_the_room, over_the_line
from benchmarks.amd.corpus.crowd import Crowd
from benchmarks.amd.corpus.prompts import Prompts, draw_recorded, recorded_part
from benchmarks.amd.corpus.readers import NoPrompts, Shelves
from benchmarks.amd.corpus.texts import Corner, Part, sentences
from benchmarks.amd.corpus.timeline import Timeline
from benchmarks.amd.corpus.voices import Samples, Speakers, draw_voice

SIZES: dict[str, dict[str, int]] = {
    "quick": {"val": 60, "early": 12},
    "small": {
        "train": 1200,
        "val": 1000,
        "recorded_val": 400,
        "test": 600,
        "recorded": 300,
        "early": 80,
    },
    "full": {
        "train": 48000,
        "val": 4500,
        "recorded_val": 1000,
        "test": 2000,
        "recorded": 1000,
        "early": 200,
    },
}
SEED = 2026
TEST_DRAW = 19
"""Added to the seed of what is only scored: one more whenever that is drawn anew."""
N_NEIGHBOURS = 24
AT_ONCE = 300
"""Calls that are held in memory together."""
RECORDED = frozenset({"recorded", "recorded_val"})
RECORDED_IN_TRAINING = 0.25
"""The share of recorded people's calls among those trained on."""


@dataclass(frozen=True, slots=True)
class Recordings:
    """Recorded people, where there are any: the folders of the digits and Kazoo's, a crowd."""

    digits: Path | None = None
    kazoo: Path | None = None
    crowd: Crowd | None = None


def make(folder: Path, split: str, n: int, seed: int, recordings: Recordings) -> None:
    """Make one split of `n` calls. Raises NoPrompts where a recorded set cannot be made."""
    prompts = _prompts(split, recordings)
    neighbours = _neighbours(split, seed, Speakers())
    numbers = [range(first, min(first + AT_ONCE, n)) for first in range(0, n, AT_ONCE)]
    blocks = (_block(some, split, seed, prompts, neighbours) for some in numbers)
    files.write(folder, split, chain.from_iterable(blocks))


def _block(
    numbers: range, split: str, seed: int, prompts: Prompts | None, neighbours: Sequence[Samples]
) -> list[OnTheLine]:
    """Calls that are made together. Their speakers forget what they said after them."""
    speakers, calls = Speakers(), []
    for number in numbers:
        line = _line(number, split, seed, speakers, prompts)
        call = OnTheLine(line.truth, line.sound(), Random(f"{seed}:{split}:{number}:line"))
        into_the_room(call, neighbours)
        calls.append(call)
    over_the_line(calls)
    return calls


def _prompts(split: str, recordings: Recordings) -> Prompts | None:
    """The recorded people of a split that has any; training does without if it must."""
    if split != "train" and split not in RECORDED:
        return None
    try:
        shelves = Shelves(recordings.kazoo)
        return Prompts(recorded_part(split), recordings.digits, shelves, recordings.crowd)
    except NoPrompts as missing:
        if split in RECORDED:
            raise
        print(f"corpus: {split}: {missing}")
        return None


def _line(
    number: int, split: str, seed: int, speakers: Speakers, prompts: Prompts | None
) -> Timeline:
    if prompts is not None:
        share = 1.0 if split in RECORDED else RECORDED_IN_TRAINING
        if Random(f"{seed}:{split}:{number}:recorded").random() < share:
            return draw_recorded(number, split, seed, prompts)
    return draw_call(number, split, seed, speakers)


def _neighbours(split: str, seed: int, speakers: Speakers) -> list[Samples]:
    """What is said behind the speakers, by voices of the split's part."""
    random = Random(f"{seed}:{split}:neighbours")
    corner = Corner(recorded_part(split), is_studied=True)
    return [_neighbour(corner, random, speakers) for _ in range(N_NEIGHBOURS)]


def _neighbour(corner: Corner, random: Random, speakers: Speakers) -> Samples:
    language = random.choice(LANGUAGES)
    voice = draw_voice(language, corner, random)
    return speakers.say(voice, sentences("RADIO", language, corner, random)[0])


def main() -> None:
    options = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    options.add_argument("--out", type=Path, required=True)
    options.add_argument("--size", choices=SIZES, default="small")
    options.add_argument("--splits", default="", help="only these, with commas between")
    options.add_argument("--seed", type=int, default=SEED)
    options.add_argument("--digits", type=Path, help="folder of free-spoken-digit-dataset")
    options.add_argument("--kazoo", type=Path, help="folder of kazoo-sounds")
    options.add_argument(
        "--crowd",
        type=Path,
        nargs=2,
        metavar=("WORDS", "ORDERS"),
        help="folders of wake-word-benchmark and speech-to-intent-benchmark",
    )
    asked = options.parse_args()
    try:
        crowd = Crowd.of(*asked.crowd) if asked.crowd else None
    except NoPrompts as missing:
        options.error(str(missing))
    recordings = Recordings(asked.digits, asked.kazoo, crowd)
    for split, n in SIZES[asked.size].items():
        if asked.splits and split not in asked.splits.split(","):
            continue
        start = time.process_time()
        seed = asked.seed + (TEST_DRAW if recorded_part(split) is Part.TEST else 0)
        try:
            make(asked.out, split, n, seed, recordings)
        except NoPrompts as missing:
            print(f"corpus: {missing}")
            continue
        print(f"corpus: {split}, {n} calls, {time.process_time() - start:.0f} s of CPU")


if __name__ == "__main__":
    main()

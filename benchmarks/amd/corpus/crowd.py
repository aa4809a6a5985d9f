"""People everywhere, each at a microphone of his own: single words and short orders.

They come from two of Picovoice's repositories: wake-word-benchmark (six words, said by over fifty
people) and speech-to-intent-benchmark (orders of coffee). Who speaks is not told, so a call has the
voice of one recording. Somebody who says it once is a person; a greeting that goes on is an order
that is said again at once, so that a microphone at home gives nothing away. Trained on only.
"""

from dataclasses import dataclass
from pathlib import Path
from random import Random

from benchmarks.amd.corpus.readers import NoPrompts, read
from benchmarks.amd.corpus.texts import Corner
from benchmarks.amd.corpus.voices import RATE_HZ, Samples

WORDS_SHARE = 0.6
"""Of the people: who says one word and not an order."""
LEAST_GREETING_S = 4.5
"""A machine's greeting lasts as long, without its pauses."""


@dataclass(frozen=True, slots=True)
class Crowd:
    """Recordings of words and of orders."""

    words: list[Path]
    orders: list[Path]

    @classmethod
    def of(cls, words: Path, orders: Path) -> "Crowd":
        """From copies of the two repositories. Raises NoPrompts where one holds no recording."""
        found = cls(
            sorted((words / "audio").glob("*/*.*")),
            sorted((orders / "data" / "speech" / "clean").glob("*.wav")),
        )
        for folder, recordings in ((words, found.words), (orders, found.orders)):
            if not recordings:
                raise NoPrompts(f"no recordings of a crowd in {folder}")
        return found

    def greeting(self, corner: Corner, random: Random) -> Path:
        """What somebody says who picks up."""
        some = self.words if random.random() < WORDS_SHARE else self.orders
        return random.choice(corner.of(some))

    def recording(self, corner: Corner, random: Random) -> list[list[Samples]]:
        """A machine's sentences: one order, as often as it takes."""
        order = read(random.choice(corner.of(self.orders)))
        n_times = -(-round(LEAST_GREETING_S * RATE_HZ) // len(order))
        return [[order]] * max(2, n_times)

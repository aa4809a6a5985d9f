"""One call's sound before the line: pieces after each other, with the truth about them."""

from dataclasses import asdict, dataclass, field
from enum import StrEnum

import numpy as np

from benchmarks.amd.corpus.voices import RATE_HZ, Samples


class Kind(StrEnum):
    """Whom or what the call meets. COMPANY is a person, counted apart."""

    HUMAN = "HUMAN"
    COMPANY = "COMPANY"
    MACHINE = "MACHINE"
    SCREENING = "SCREENING"
    EARLY = "EARLY"
    """Sound before the answer."""

    @property
    def is_person(self) -> bool:
        return self in (Kind.HUMAN, Kind.COMPANY)


@dataclass(slots=True)
class Truth:
    """What is known of a call. Times: seconds since its beginning. `first` and `n_samples`: where
    its audio lies in the file of the split."""

    number: int
    kind: Kind
    stratum: str
    language: str
    onset_s: float | None = None
    greeting_end_s: float | None = None
    beep: tuple[float, float] | None = None
    tone: str = ""
    """The network's tone that it holds: SIT with its code, FAX, BUSY, CONGESTION, RINGBACK."""
    speech_s: list[tuple[float, float]] = field(default_factory=list)
    noise: str = ""
    snr_db: float = 0.0
    level_db: float = 0.0
    codec: str = ""
    has_loss: bool = False
    has_dtx: bool = False
    first: int = 0
    n_samples: int = 0

    @property
    def is_told_by_tones(self) -> bool:
        """No voice need be judged: a tone says what it is, before anybody speaks or instead."""
        return bool(self.tone) or (self.beep is not None and self.onset_s is None)

    def as_dict(self) -> dict[str, object]:
        return asdict(self)


@dataclass(frozen=True, slots=True)
class Length:
    """How long a call's sound is made to be."""

    least_s: float = 13.6
    most_s: float = 22.0


@dataclass(slots=True)
class Timeline:
    """Pieces in order. `truth` grows with them."""

    truth: Truth
    length: Length = Length()
    pieces: list[Samples] = field(default_factory=list)
    n: int = 0

    @property
    def now_s(self) -> float:
        return self.n / RATE_HZ

    def pause(self, seconds: float) -> None:
        self.add(np.zeros(max(0, round(seconds * RATE_HZ))))

    def add(self, samples: Samples) -> None:
        self.pieces.append(samples)
        self.n += len(samples)

    def say(self, samples: Samples) -> None:
        """Speech: noted with its times."""
        begin = self.now_s
        self.add(samples)
        self.truth.speech_s.append((begin, self.now_s))
        if self.truth.onset_s is None:
            self.truth.onset_s = begin

    def greeted(self) -> None:
        """The greeting ends here."""
        self.truth.greeting_end_s = self.now_s

    def beep(self, samples: Samples) -> None:
        begin = self.now_s
        self.add(samples)
        self.truth.beep = (begin, self.now_s)

    def lay(self, samples: Samples, at_s: float) -> None:
        """Under what is there already, as far as that reaches."""
        sound, begin = self.sound(), round(at_s * RATE_HZ)
        heard = samples[: max(0, self.n - begin)]
        sound[begin : begin + len(heard)] += heard
        self.pieces = [sound]

    def fit(self) -> None:
        """Silence to the least length, or an end where it is over long."""
        self.pause(self.length.least_s - self.now_s)
        if self.now_s > self.length.most_s:
            self.cut(self.length.most_s)

    def cut(self, end_s: float) -> None:
        """Nothing is heard after `end_s`; nor is a beep known that is not whole by then."""
        self.n = round(end_s * RATE_HZ)
        self.pieces = [self.sound()[: self.n]]
        truth = self.truth
        truth.speech_s = [(a, min(b, end_s)) for a, b in truth.speech_s if a < end_s]
        if truth.greeting_end_s is not None and truth.greeting_end_s > end_s:
            truth.greeting_end_s = None
        if truth.beep is not None and truth.beep[1] > end_s:
            truth.beep = None

    def sound(self) -> Samples:
        return np.concatenate(self.pieces) if self.pieces else np.zeros(0)

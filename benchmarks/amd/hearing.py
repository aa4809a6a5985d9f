"""Calls of the corpus through the product: its detector, its policy, the clock of the audio."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

import numpy as np

from benchmarks.amd.corpus.files import Split
from benchmarks.amd.corpus.timeline import Truth
from dialer.amd.batch import Batch
from dialer.amd.chain import FIRST_SCORE_FRAMES, SCORE_FRAMES, Chain, Found, FoundBySlot
from dialer.amd.fingerprints import PrintBook
from dialer.amd.recurrent import Weights
from dialer.amd.spectrum import FRAME, OVERLAP, WINDOW
from dialer.amd.state import Floats
from dialer.amd.trees import Trees
from dialer.amd.wording import WordingModel
from dialer.model.amd import Heard, Tone
from dialer.policy.amd import (
    Decided,
    LateMachine,
    Listener,
    MessageCue,
    TurnedOutScreened,
)
from dialer.policy.amd_profiles import AmdSettings

BLOCK = 16_000
"""Bytes fed at a time: one second."""
AT_ONCE = 400


@dataclass(slots=True)
class Listened:
    """What the policy found in one call, with the tones that were told."""

    truth: Truth
    decided: Decided | None = None
    late: LateMachine | None = None
    screened: TurnedOutScreened | None = None
    cue: MessageCue | None = None
    tones: list[Tone] = field(default_factory=list)


def hear(split: Split, trees: Trees | None = None, book: PrintBook | None = None) -> list[Heard]:
    """All that the detector hears in each call of a split, in one Heard for each."""
    heard: list[Heard] = []
    for first in range(0, len(split.truths), AT_ONCE):
        heard += _hear_some(split, split.truths[first : first + AT_ONCE], trees, book)
    return heard


def _hear_some(
    split: Split, truths: Sequence[Truth], trees: Trees | None, book: PrintBook | None
) -> list[Heard]:
    batch = Batch(book, trees)
    audio = {str(truth.number): split.pcm(truth) for truth in truths}
    gathered: dict[str, list[Heard]] = {name: [] for name in audio}
    for name in audio:
        batch.open(name, 0.0)
    longest = max(len(pcm) for pcm in audio.values())
    for at in range(0, longest, BLOCK):
        for name, pcm in audio.items():
            batch.feed(name, pcm[at : at + BLOCK])
        for one in batch.tick((at + BLOCK) / BLOCK):
            gathered[one.stream_id].append(one)
    return [_joined(name, parts) for name, parts in gathered.items()]


def _joined(name: str, parts: Iterable[Heard]) -> Heard:
    parts = list(parts)
    faults = [part.fault for part in parts if part.fault is not None]
    return Heard(
        name,
        tuple(score for part in parts for score in part.scores),
        tuple(tone for part in parts for tone in part.tones),
        tuple(match for part in parts for match in part.prints),
        faults[0] if faults else None,
    )


def judge(truths: Sequence[Truth], heard: Sequence[Heard], settings: AmdSettings) -> list[Listened]:
    """What the policy makes of it."""
    listened = []
    for truth, one in zip(truths, heard, strict=True):
        result = Listened(truth, tones=list(one.tones))
        for finding in Listener(settings).hear(one):
            match finding:
                case Decided():
                    result.decided = finding
                case LateMachine():
                    result.late = finding
                case TurnedOutScreened():
                    result.screened = finding
                case MessageCue():
                    result.cue = finding
        listened.append(result)
    return listened


def features(split: Split, truths: Sequence[Truth], until_s: float) -> Floats:
    """Features at each score's moment, without what was said: calls x moments x features."""
    return study(split, truths, until_s).features


@dataclass(frozen=True, slots=True)
class Study:
    """What a model is trained on. `features`: calls x moments x features, 0 for the log odds of
    what was said. `steps`: what the network takes of each step, calls x steps x inputs."""

    features: Floats
    steps: Weights


def study(split: Split, truths: Sequence[Truth], until_s: float) -> Study:
    """The beginnings of calls, as the chain hears them."""
    n_frames = round(until_s * 50)
    note = _Note()
    chain = Chain(_Deaf(), note, None, len(truths))
    at = np.arange(len(truths))
    for slot in at:
        chain.reset(int(slot))
    audio = np.zeros((len(truths), OVERLAP + n_frames * FRAME), dtype=np.int16)
    for slot, truth in enumerate(truths):
        samples = np.frombuffer(split.pcm(truth), dtype="<i2")[: n_frames * FRAME]
        whole = len(samples) // FRAME * FRAME
        audio[slot, OVERLAP : OVERLAP + whole] = samples[:whole]
    rows, one = [], np.ones(len(truths), dtype=np.intp)
    for number in range(n_frames):
        begin = number * FRAME
        chain.hear(at, one, audio[:, begin : begin + WINDOW], FoundBySlot(Found))
        n = number + 1
        if n >= FIRST_SCORE_FRAMES and n % SCORE_FRAMES == 0:
            rows.append(chain.features_of(at))
    return Study(np.stack(rows, axis=1), np.stack(note.steps, axis=1))


class _Deaf(Trees):
    """A model that is not there yet."""

    def __init__(self) -> None:
        pass

    def chance(self, features: Floats) -> Floats:
        return np.full(len(features), 0.5)


class _Note(WordingModel):
    """A network that is not there yet: what it would take is kept."""

    def __init__(self) -> None:
        super().__init__(())
        self.steps: list[Weights] = []

    def step(self, state: Weights, heard: Weights) -> Weights:
        self.steps.append(heard)
        return state

    def odds(self, state: Weights) -> Floats:
        return np.zeros(len(state))

"""What each stream has brought so far, all steps of the chain together."""

from dataclasses import dataclass
from typing import Self

from dialer.amd.noise import NoiseState
from dialer.amd.noise import begin as begin_noise
from dialer.amd.running import RunningState
from dialer.amd.running import begin as begin_running
from dialer.amd.state import Floats, Indices, State
from dialer.amd.tones import RunState
from dialer.amd.vad import VadState
from dialer.amd.vad import begin as begin_vad


class DoubtState(State):
    n_flat: Floats
    """Frames in a row that were loud, flat and unvoiced."""


@dataclass(frozen=True, slots=True)
class Memory:
    """The running numbers of many streams, one of each kind for each."""

    runs: RunState
    noise: NoiseState
    activity: VadState
    running: RunningState
    doubt: DoubtState

    @classmethod
    def fresh(cls, n_streams: int) -> Self:
        """Of streams of which nothing was heard."""
        fresh = cls(
            RunState.zeros(n_streams),
            NoiseState.zeros(n_streams),
            VadState.zeros(n_streams),
            RunningState.zeros(n_streams),
            DoubtState.zeros(n_streams),
        )
        begin_noise(fresh.noise)
        begin_vad(fresh.activity)
        begin_running(fresh.running)
        return fresh

    def take(self, at: Indices) -> Self:
        """A copy of the streams `at`."""
        return type(self)(
            self.runs.take(at),
            self.noise.take(at),
            self.activity.take(at),
            self.running.take(at),
            self.doubt.take(at),
        )

    def first(self, n: int) -> Self:
        """The first `n` streams; what is done to them is done here."""
        return type(self)(
            self.runs.first(n),
            self.noise.first(n),
            self.activity.first(n),
            self.running.first(n),
            self.doubt.first(n),
        )

    def put(self, at: Indices, memory: Self) -> None:
        self.runs.put(at, memory.runs)
        self.noise.put(at, memory.noise)
        self.activity.put(at, memory.activity)
        self.running.put(at, memory.running)
        self.doubt.put(at, memory.doubt)

    def grown(self, n_streams: int) -> Self:
        """The same with room for more."""
        return type(self)(
            self.runs.grown(n_streams),
            self.noise.grown(n_streams),
            self.activity.grown(n_streams),
            self.running.grown(n_streams),
            self.doubt.grown(n_streams),
        )

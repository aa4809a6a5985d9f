"""Where somebody speaks: voice activity with a foreground gate, over many streams at once.

A frame is active when its bands stand out from the noise floor, it is loud enough to be meant for
the telephone, and near the level of the foreground: a television or neighbour behind the speaker is
not. Speech begins when 60 ms were active with voice in them, which clicks and breath are not, and
ends 160 ms after the last active frame; both times are then dated back.
"""

from dataclasses import dataclass
from typing import Self

import numpy as np

from dialer.amd.spectrum import FAINT_DB, FRAME_S, N_BANDS, VOICED, Frame, decibels, total
from dialer.amd.state import Flags, Floats, Rows, State

ON_DB, KEEP_DB = 5.0, 2.5
LEAST_LEVEL_DB = FAINT_DB
FOREGROUND_DB = 12.0
"""So far below the recent peak nobody in the foreground speaks. At 21 dB a television behind the
speaker went on for him, and 7 in 100 people waited for more than two seconds; at 12 dB 4."""
LEAK_DB = 1.0 * FRAME_S
"""The peak is forgotten at 1 dB a second."""
ONSET_FRAMES, ONSET_VOICED = 3, 2
HANGOVER_FRAMES = 8
BREAK_FRAMES = 2
"""So many idle frames end what might have become an onset."""
MOST_BAND_SNR_DB = 30.0


class VadState(State):
    """Counters are frames. `peak_db`: the foreground's level, 0 before any."""

    peak_db: Floats
    level_1: Floats
    level_2: Floats
    speaks: Floats
    n_active: Floats
    n_voiced: Floats
    n_idle: Floats
    onset_frames: Floats
    """Frames since the first active one of what is, or may become, speech."""


@dataclass(frozen=True, slots=True)
class Sound(Rows):
    """What the voice activity takes of one frame of n streams. `may_be_speech`: it is loud enough,
    and no tone."""

    level_db: Floats
    snr_db: Floats
    may_be_speech: Flags
    is_voiced: Flags


@dataclass(frozen=True, slots=True)
class Activity(Rows):
    """Where n streams stand after one frame. `peak_db`: the level of the foreground."""

    active: Flags
    speaks: Flags
    peak_db: Floats

    @classmethod
    def of(cls, n: int) -> Self:
        """Room for so many frames."""
        return cls(np.empty(n, dtype=bool), np.empty(n, dtype=bool), np.empty(n))

    def put(self, rows: slice, activity: Self) -> None:
        self.active[rows] = activity.active
        self.speaks[rows] = activity.speaks
        self.peak_db[rows] = activity.peak_db


def snr(frame: Frame, floor: Floats) -> Floats:
    """Mean over the bands of how far each stands out from its floor; n, in dB."""
    ratio = decibels(np.maximum(frame.bands, 1e-12) / floor)
    return total(np.minimum(np.maximum(ratio, 0.0), MOST_BAND_SNR_DB)) / N_BANDS


def sound(frame: Frame, snr_db: Floats, is_tone: Flags) -> Sound:
    """Of frames in which tones are known already."""
    usable = ~is_tone & ~frame.is_zero & (frame.level_db > LEAST_LEVEL_DB)
    return Sound(frame.level_db, snr_db, usable, frame.voicing > VOICED)


def follow(state: VadState, sound: Sound) -> Activity:
    """Take one frame into `state`."""
    level = sound.level_db
    sustained = np.minimum(np.minimum(level, state.level_1), state.level_2)
    state.level_2[:], state.level_1[:] = state.level_1, level
    near = sound.may_be_speech & (level > state.peak_db - FOREGROUND_DB)
    active = near & (sound.snr_db > np.where(state.speaks > 0, KEEP_DB, ON_DB))
    lifts = active & (sustained > state.peak_db)
    state.peak_db[:] = np.where(lifts, sustained, state.peak_db - LEAK_DB)
    _count(state, active, sound.is_voiced)
    return Activity(active, state.speaks > 0, state.peak_db)


def begin(state: VadState) -> None:
    """Before a stream's first frame: no level and no foreground yet."""
    for row in (state.peak_db, state.level_1, state.level_2):
        row[:] = -100.0


def _count(state: VadState, active: Flags, voiced: Flags) -> None:
    state.n_idle[:] = np.where(active, 0.0, state.n_idle + 1.0)
    lost = (state.speaks == 0) & (state.n_idle >= BREAK_FRAMES)
    ended = (state.speaks > 0) & (state.n_idle >= HANGOVER_FRAMES)
    over = lost | ended
    for row in (state.n_active, state.n_voiced, state.onset_frames):
        row[over] = 0.0
    state.speaks[ended] = 0.0
    state.n_active += active
    state.n_voiced += active & voiced
    state.onset_frames += state.n_active > 0
    enough = (state.n_active >= ONSET_FRAMES) & (state.n_voiced >= ONSET_VOICED)
    state.speaks[enough] = 1.0

"""Running features: what each stream sounded like so far, as the trees are asked about it.

Most are the cadence of the speech, the others its voice and surroundings, and one what was said. No
level, no noise level and no mean of pitch or colour is among them: they tell one call, voice or
corpus from another, and trees would learn those by heart.
"""

import numpy as np

from dialer.amd.running import RunningState, current_run, hush_frames, silence_frames
from dialer.amd.spectrum import FRAME_S
from dialer.amd.state import Floats

LEAST_SPEECH_S = 0.2
"""A rate is not taken of less."""
TIMING = (
    "t_s",
    "since_onset_s",
    "initial_silence_s",
    "speech_s",
    "speaks",
    "current_run_s",
    "n_runs",
    "first_run_s",
    "longest_run_s",
    "last_run_s",
    "last_gap_s",
    "longest_gap_s",
    "speech_ratio",
    "silence_s",
    "n_phrases",
    "phrase_s",
    "longest_phrase_s",
    "density",
    "n_syllables",
    "syllables_per_s",
    "phrase_syllables",
    "mean_run_s",
    "mean_gap_s",
    "run_sd_s",
    "gap_sd_s",
    "first_phrase_s",
    "first_gap_s",
    "hush_s",
)
SOUND = (
    "voiced_share",
    "level_sd_db",
    "f0_sd_octaves",
    "f0_end_octaves",
    "level_end_db",
    "snr_db",
    "tonal_share",
    "centroid_sd_hz",
    "zero_share",
)
WORDING = ("wording_odds",)
NAMES = TIMING + SOUND + WORDING


def matrix(state: RunningState, wording_odds: Floats) -> Floats:
    """The features of n streams, n x len(NAMES), in the order of NAMES.

    `wording_odds`: n, what `wording` makes of what was said; nothing before somebody has spoken.
    """
    said = np.where(state.onset_frame >= 0, wording_odds, 0.0)
    columns = [*_cadence(state), *_rhythm(state), *_sound(state), said]
    return np.concatenate(columns).reshape(len(columns), -1).T


def _cadence(state: RunningState) -> list[Floats]:
    started = state.onset_frame >= 0
    current, silence = current_run(state), silence_frames(state)
    since = np.where(started, state.n_frames - state.onset_frame, 0.0)
    speech = state.speech_frames + current
    initial = np.where(started, state.onset_frame, state.n_frames)
    phrase = _phrase(state)
    return [
        state.n_frames * FRAME_S,
        since * FRAME_S,
        initial * FRAME_S,
        speech * FRAME_S,
        state.spoke,
        current * FRAME_S,
        state.n_runs + (state.spoke > 0),
        np.where(state.n_runs > 0, state.first_run, current) * FRAME_S,
        np.maximum(state.longest_run, current) * FRAME_S,
        state.last_run * FRAME_S,
        state.last_gap * FRAME_S,
        state.longest_gap * FRAME_S,
        speech / np.maximum(since, 1.0),
        silence * FRAME_S,
        state.n_phrases,
        phrase * FRAME_S,
        np.maximum(state.longest_phrase, phrase) * FRAME_S,
        state.density,
        state.n_syllables,
    ]


def _rhythm(state: RunningState) -> list[Floats]:
    """How even runs, gaps and syllables are: who reads speaks evenly; and the foreground's hush."""
    current = current_run(state)
    n_runs = np.maximum(state.n_runs + (state.spoke > 0), 1.0)
    n_gaps = np.maximum(n_runs - 1.0, 1.0)
    speech = state.speech_frames + current
    mean_run, mean_gap = speech / n_runs, state.sum_gap / n_gaps
    first_phrase = np.where(state.n_phrases > 1, state.first_phrase, _phrase(state))
    return [
        state.n_syllables / np.maximum(speech * FRAME_S, LEAST_SPEECH_S),
        state.n_syllables - state.syllables_before,
        mean_run * FRAME_S,
        mean_gap * FRAME_S,
        _deviation((state.sum_run2 + current**2) / n_runs, mean_run) * FRAME_S,
        _deviation(state.sum_gap2 / n_gaps, mean_gap) * FRAME_S,
        first_phrase * FRAME_S,
        state.first_gap * FRAME_S,
        hush_frames(state) * FRAME_S,
    ]


def _phrase(state: RunningState) -> Floats:
    """Frames of the phrase that goes on, or was the last."""
    end = np.where(state.spoke > 0, state.n_frames, state.last_active + 1.0)
    return np.where(state.onset_frame >= 0, end - state.phrase_begin, 0.0)


def _sound(state: RunningState) -> list[Floats]:
    active, voiced = np.maximum(state.n_active, 1.0), np.maximum(state.n_voiced, 1.0)
    frames = np.maximum(state.n_frames, 1.0)
    level, pitch = state.sum_level / active, state.sum_f0 / voiced
    centroid = state.sum_centroid / active
    return [
        state.n_voiced / active,
        _deviation(state.sum_level2 / active, level),
        _deviation(state.sum_f02 / voiced, pitch),
        state.end_f0 - pitch,
        state.end_level - level,
        state.sum_snr / active,
        state.n_tonal / frames,
        _deviation(state.sum_centroid2 / active, centroid),
        state.n_zero / frames,
    ]


def _deviation(mean_square: Floats, mean: Floats) -> Floats:
    return np.sqrt(np.maximum(mean_square - mean**2, 0.0))

"""What each stream sounded like so far: sums and turns of its speech, voice and syllables.

Frame by frame, of many streams at once. What the trees are asked of it is `features`.
"""

import numpy as np

from dialer.amd.spectrum import BAND_CENTRES_HZ, FRAME_S, VOICED, Frame
from dialer.amd.state import Flags, Floats, Indices, State
from dialer.amd.vad import VadState

PHRASE_GAP_S = 0.45
DENSITY_S = 3.0
PEAK_DB = 4.0
"""The envelope rises and falls by so much around a syllable."""
ENVELOPE = 0.5


class RunningState(State):
    """Sums since the stream began; frames are counted, seconds made of them at the end."""

    n_frames: Floats
    n_zero: Floats
    n_tonal: Floats
    onset_frame: Floats
    """Of the first speech; -1 before."""
    spoke: Floats
    run_begin: Floats
    last_active: Floats
    speech_frames: Floats
    """Of the runs that ended."""
    n_runs: Floats
    first_run: Floats
    longest_run: Floats
    last_run: Floats
    last_gap: Floats
    longest_gap: Floats
    n_phrases: Floats
    phrase_begin: Floats
    syllables_before: Floats
    """The phrase that goes on, or was the last."""
    first_phrase: Floats
    longest_phrase: Floats
    first_gap: Floats
    sum_gap: Floats
    sum_gap2: Floats
    sum_run2: Floats
    """Of the runs that ended."""
    density: Floats
    """The share of speech over about the last three seconds."""
    n_active: Floats
    n_voiced: Floats
    sum_level: Floats
    sum_level2: Floats
    sum_f0: Floats
    sum_f02: Floats
    end_f0: Floats
    end_level: Floats
    sum_snr: Floats
    sum_centroid: Floats
    sum_centroid2: Floats
    envelope: Floats
    turn_db: Floats
    rising: Floats
    n_syllables: Floats
    wording_odds: Floats
    """What `wording` makes of what was said."""


def begin(state: RunningState) -> None:
    """Before a stream's first frame."""
    state.onset_frame[:] = -1.0
    state.envelope[:] = state.turn_db[:] = -60.0


def follow(
    state: RunningState, frame: Frame, vad: VadState, active: Flags, tonal: Flags, snr_db: Floats
) -> None:
    """Take one frame, of which the voice activity is known already."""
    state.n_zero += frame.is_zero
    state.n_tonal += tonal
    _follow_runs(state, vad, active)
    speech = active & (vad.speaks > 0)
    _follow_voice(state, frame, speech, snr_db)
    _follow_syllables(state, frame.level_db, vad.speaks > 0)
    state.n_frames += 1.0


def _follow_runs(state: RunningState, vad: VadState, active: Flags) -> None:
    speaks, spoke = vad.speaks > 0, state.spoke > 0
    begins, ends = np.flatnonzero(speaks & ~spoke), np.flatnonzero(spoke & ~speaks)
    if len(begins):
        _begin_runs(state, begins, (state.n_frames - vad.onset_frames + 1.0)[begins])
    state.last_active[:] = np.where(active & speaks, state.n_frames, state.last_active)
    if len(ends):
        _end_runs(state, ends)
    state.spoke[:] = vad.speaks
    state.density += (vad.speaks - state.density) * (FRAME_S / DENSITY_S)


def _begin_runs(state: RunningState, at: Indices, start: Floats) -> None:
    """Speech began in the streams `at` with their frames `start`."""
    is_first = state.onset_frame[at] < 0
    gap = np.where(is_first, 0.0, start - state.last_active[at] - 1.0)
    state.onset_frame[at] = np.where(is_first, start, state.onset_frame[at])
    state.first_gap[at] = np.where(state.n_runs[at] == 1, gap, state.first_gap[at])
    state.last_gap[at] = gap
    state.longest_gap[at] = np.maximum(state.longest_gap[at], gap)
    state.sum_gap[at] += gap
    state.sum_gap2[at] += gap**2
    state.run_begin[at] = start
    is_phrase = is_first | (gap * FRAME_S >= PHRASE_GAP_S)
    length = np.where(is_first, 0.0, state.last_active[at] + 1.0 - state.phrase_begin[at])
    is_second = is_phrase & (state.n_phrases[at] == 1)
    state.first_phrase[at] = np.where(is_second, length, state.first_phrase[at])
    state.longest_phrase[at] = np.maximum(state.longest_phrase[at], length)
    state.n_phrases[at] += is_phrase
    state.phrase_begin[at] = np.where(is_phrase, start, state.phrase_begin[at])
    before = state.syllables_before[at]
    state.syllables_before[at] = np.where(is_phrase, state.n_syllables[at], before)


def _end_runs(state: RunningState, at: Indices) -> None:
    length = (state.last_active - state.run_begin + 1.0)[at]
    is_first = state.n_runs[at] == 0
    state.first_run[at] = np.where(is_first, length, state.first_run[at])
    state.last_run[at] = length
    state.longest_run[at] = np.maximum(state.longest_run[at], length)
    state.speech_frames[at] += length
    state.sum_run2[at] += length**2
    state.n_runs[at] += 1.0


def _follow_voice(state: RunningState, frame: Frame, speech: Flags, snr_db: Floats) -> None:
    voiced = speech & (frame.voicing > VOICED)
    level = np.where(speech, frame.level_db + 30.0, 0.0)
    pitch = np.where(voiced, np.log2(frame.f0_hz / 150.0), 0.0)
    centroid = np.where(speech, centroid_hz(frame), 0.0)
    first, first_voiced = state.n_active == 0, state.n_voiced == 0
    state.n_active += speech
    state.n_voiced += voiced
    state.sum_level += level
    state.sum_level2 += level**2
    state.sum_f0 += pitch
    state.sum_f02 += pitch**2
    state.sum_snr += np.where(speech, snr_db, 0.0)
    state.sum_centroid += centroid
    state.sum_centroid2 += centroid**2
    _approach(state.end_level, level, speech, first)
    _approach(state.end_f0, pitch, voiced, first_voiced)


def _approach(value: Floats, to: Floats, where: Flags, is_first: Flags) -> None:
    """The mean over about the last 200 ms of speech."""
    eased = np.where(is_first, to, 0.9 * value + 0.1 * to)
    value[:] = np.where(where, eased, value)


def _follow_syllables(state: RunningState, level_db: Floats, speaks: Flags) -> None:
    """Count a peak of the envelope when it has fallen clearly after it had risen clearly."""
    state.envelope[:] = ENVELOPE * state.envelope + (1.0 - ENVELOPE) * np.maximum(level_db, -60.0)
    rising = state.rising > 0
    turn = np.where(
        rising, np.maximum(state.turn_db, state.envelope), np.minimum(state.turn_db, state.envelope)
    )
    falls = rising & (state.envelope < turn - PEAK_DB)
    rises = ~rising & (state.envelope > turn + PEAK_DB)
    state.n_syllables += falls & speaks
    state.rising[:] = np.where(falls, 0.0, np.where(rises, 1.0, state.rising))
    state.turn_db[:] = np.where(falls | rises, state.envelope, turn)


def centroid_hz(frame: Frame) -> Floats:
    """The centre of gravity of the spectrum, by the roots of the bands' powers; n."""
    weights = np.sqrt(frame.bands)
    moment = np.add.reduceat(weights * BAND_CENTRES_HZ, [0], axis=1)[:, 0]
    return np.asarray(moment / np.maximum(np.add.reduceat(weights, [0], axis=1)[:, 0], 1e-9))


def silence_frames(state: RunningState) -> Floats:
    """Frames since the last speech; 0 while it goes on and before any."""
    is_silent = (state.spoke == 0) & (state.onset_frame >= 0)
    return np.where(is_silent, state.n_frames - 1.0 - state.last_active, 0.0)


def speech_frames(state: RunningState) -> Floats:
    """Frames of speech so far, the run that goes on among them."""
    return np.asarray(state.speech_frames + current_run(state))


def current_run(state: RunningState) -> Floats:
    return np.where(state.spoke > 0, state.last_active - state.run_begin + 1.0, 0.0)

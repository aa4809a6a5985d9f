"""Running features: what each stream sounded like so far, as the trees are asked about it.

Most are the cadence of the speech, the others its voice and surroundings. No level, no noise level
and no mean of pitch or colour is among them: they tell one call, voice or corpus from another, and
trees would learn those by heart.
"""

import numpy as np

from dialer.amd.spectrum import BAND_CENTRES_HZ, FRAME_S, VOICED, Frame
from dialer.amd.state import Flags, Floats, State
from dialer.amd.vad import VadState

PHRASE_GAP_S = 0.45
DENSITY_S = 3.0
PEAK_DB = 4.0
"""The envelope rises and falls by so much around a syllable."""
ENVELOPE = 0.5
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
NAMES = TIMING + SOUND


class FeatureState(State):
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
    longest_phrase: Floats
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


def begin(state: FeatureState) -> None:
    """Before a stream's first frame."""
    state.onset_frame[:] = -1.0
    state.envelope[:] = state.turn_db[:] = -60.0


def follow(
    state: FeatureState, frame: Frame, vad: VadState, active: Flags, tonal: Flags, snr_db: Floats
) -> None:
    """Take one frame, of which the voice activity is known already."""
    state.n_zero += frame.is_zero
    state.n_tonal += tonal
    _follow_runs(state, vad, active)
    speech = active & (vad.speaks > 0)
    _follow_voice(state, frame, speech, snr_db)
    _follow_syllables(state, frame.level_db, vad.speaks > 0)
    state.n_frames += 1.0


def _follow_runs(state: FeatureState, vad: VadState, active: Flags) -> None:
    speaks, spoke = vad.speaks > 0, state.spoke > 0
    begins, ends = speaks & ~spoke, spoke & ~speaks
    now = state.n_frames
    if begins.any():
        start = (now - vad.onset_frames + 1.0)[begins]
        is_first = state.onset_frame[begins] < 0
        gap = np.where(is_first, 0.0, start - state.last_active[begins] - 1.0)
        state.onset_frame[begins] = np.where(is_first, start, state.onset_frame[begins])
        state.last_gap[begins] = gap
        state.longest_gap[begins] = np.maximum(state.longest_gap[begins], gap)
        state.run_begin[begins] = start
        is_phrase = is_first | (gap * FRAME_S >= PHRASE_GAP_S)
        state.n_phrases[begins] += is_phrase
        before = state.phrase_begin[begins]
        length = np.where(is_first, 0.0, state.last_active[begins] + 1.0 - before)
        state.longest_phrase[begins] = np.maximum(state.longest_phrase[begins], length)
        state.phrase_begin[begins] = np.where(is_phrase, start, before)
    state.last_active[:] = np.where(active & speaks, now, state.last_active)
    if ends.any():
        length = (state.last_active - state.run_begin + 1.0)[ends]
        is_first = state.n_runs[ends] == 0
        state.first_run[ends] = np.where(is_first, length, state.first_run[ends])
        state.last_run[ends] = length
        state.longest_run[ends] = np.maximum(state.longest_run[ends], length)
        state.speech_frames[ends] += length
        state.n_runs[ends] += 1.0
    state.spoke[:] = vad.speaks
    state.density += (vad.speaks - state.density) * (FRAME_S / DENSITY_S)


def _follow_voice(state: FeatureState, frame: Frame, speech: Flags, snr_db: Floats) -> None:
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


def _follow_syllables(state: FeatureState, level_db: Floats, speaks: Flags) -> None:
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


def silence_frames(state: FeatureState) -> Floats:
    """Frames since the last speech; 0 while it goes on and before any."""
    is_silent = (state.spoke == 0) & (state.onset_frame >= 0)
    return np.where(is_silent, state.n_frames - 1.0 - state.last_active, 0.0)


def speech_frames(state: FeatureState) -> Floats:
    """Frames of speech so far, the run that goes on among them."""
    return np.asarray(state.speech_frames + _current_run(state))


def _current_run(state: FeatureState) -> Floats:
    return np.where(state.spoke > 0, state.last_active - state.run_begin + 1.0, 0.0)


def matrix(state: FeatureState) -> Floats:
    """The features of n streams, n x len(NAMES), in the order of NAMES."""
    started = state.onset_frame >= 0
    current, silence = _current_run(state), silence_frames(state)
    since = np.where(started, state.n_frames - state.onset_frame, 0.0)
    speech = state.speech_frames + current
    phrase_end = np.where(state.spoke > 0, state.n_frames, state.last_active + 1.0)
    initial = np.where(started, state.onset_frame, state.n_frames)
    phrase = np.where(started, phrase_end - state.phrase_begin, 0.0)
    timing = [
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
    return np.stack(timing + _sound(state), axis=1)


def _sound(state: FeatureState) -> list[Floats]:
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

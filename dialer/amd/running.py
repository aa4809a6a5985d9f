"""What each stream sounded like so far: sums and turns of its speech, voice and syllables.

Frame by frame, of many streams at once. What the trees are asked of it is `features`.
"""

from dataclasses import dataclass

import numpy as np

from dialer.amd.spectrum import BAND_CENTRES_HZ, FRAME_S, VOICED, Frame, total
from dialer.amd.state import Flags, Floats, Rows, State, places_of
from dialer.amd.vad import Activity, VadState

PHRASE_GAP_S = 0.45
DENSITY_S = 3.0
PEAK_DB = 4.0
"""The envelope rises and falls by so much around a syllable."""
ENVELOPE = 0.5
LEVEL_AT_DB = 30.0
"""Levels are summed as what they are above so much below full scale: small numbers."""
NEAR_DB = 6.0
"""Somebody in the foreground who speaks comes so near to his loudest in each syllable or two; a
television behind him, once he has stopped, does not."""
LEAST_HUSH_S = 1.0
"""Within a greeting one call in forty has such a hush, most of those beside a television."""


class RunningState(State):
    """Sums since the stream began; frames are counted, seconds made of them at the end.

    What each frame adds to, whatever came before it, comes first: see `Added`."""

    n_frames: Floats
    n_zero: Floats
    n_tonal: Floats
    n_active: Floats
    sum_level: Floats
    sum_level2: Floats
    sum_snr: Floats
    sum_centroid: Floats
    sum_centroid2: Floats
    n_voiced: Floats
    sum_f0: Floats
    sum_f02: Floats
    onset_frame: Floats
    """Of the first speech; -1 before."""
    spoke: Floats
    run_begin: Floats
    last_active: Floats
    last_near: Floats
    """The last frame of speech that was near the foreground's level."""
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
    end_f0: Floats
    end_level: Floats
    envelope: Floats
    turn_db: Floats
    rising: Floats
    n_syllables: Floats


OF_FRAME, OF_SPEECH, OF_VOICE = slice(0, 3), slice(3, 9), slice(9, 12)
"""Rows of the state that each frame adds to, only one of speech, only one of voiced speech."""
N_ADDED = 12
LEVEL, PITCH = 4, 10


@dataclass(frozen=True, slots=True)
class Added(Rows):
    """What frames of n streams add to the first rows of the state, n x N_ADDED, row after row in
    memory; whether they are voiced; and what they give the envelope."""

    numbers: Floats
    is_voiced: Flags
    envelope: Floats


def begin(state: RunningState) -> None:
    """Before a stream's first frame."""
    state.onset_frame[:] = -1.0
    state.envelope[:] = state.turn_db[:] = -60.0


def added(frame: Frame, snr_db: Floats, tonal: Flags) -> Added:
    """What frames add, each by itself."""
    level = frame.level_db + LEVEL_AT_DB
    pitch = np.log2(frame.f0_hz / 150.0)
    centroid = centroid_hz(frame)
    one = np.ones(len(level))
    of_frame = [one, frame.is_zero, tonal]
    of_speech = [one, level, level**2, snr_db, centroid, centroid**2]
    numbers = np.concatenate([*of_frame, *of_speech, one, pitch, pitch**2]).reshape(N_ADDED, -1)
    envelope = (1.0 - ENVELOPE) * np.maximum(frame.level_db, -60.0)
    return Added(numbers.T, frame.voicing > VOICED, envelope)


def follow(state: RunningState, vad: VadState, activity: Activity, given: Added) -> None:
    """Take one frame, of which the voice activity is known already."""
    speech = activity.active & activity.speaks
    _follow_runs(state, vad, activity.speaks, speech)
    above_db = given.numbers[:, LEVEL] - LEVEL_AT_DB - activity.peak_db
    is_near = speech & (above_db > -NEAR_DB)
    state.last_near[:] = np.where(is_near, state.n_frames, state.last_near)
    _add(state, given, speech)
    _follow_syllables(state, given.envelope, activity.speaks)


def _follow_runs(state: RunningState, vad: VadState, speaks: Flags, speech: Flags) -> None:
    spoke = state.spoke > 0
    begins, ends = places_of(speaks & ~spoke), places_of(spoke & ~speaks)
    if len(begins):
        begun = state.take(begins)
        _begin_runs(begun, begun.n_frames - vad.onset_frames[begins] + 1.0)
        state.put(begins, begun)
    state.last_active[:] = np.where(speech, state.n_frames, state.last_active)
    if len(ends):
        ended = state.take(ends)
        _end_runs(ended)
        state.put(ends, ended)
    state.spoke[:] = vad.speaks
    state.density += (vad.speaks - state.density) * (FRAME_S / DENSITY_S)


def _begin_runs(state: RunningState, start: Floats) -> None:
    """Speech began in all these streams with their frames `start`."""
    is_first = state.onset_frame < 0
    gap = np.where(is_first, 0.0, start - state.last_active - 1.0)
    state.onset_frame[:] = np.where(is_first, start, state.onset_frame)
    state.first_gap[:] = np.where(state.n_runs == 1, gap, state.first_gap)
    state.last_gap[:] = gap
    state.longest_gap[:] = np.maximum(state.longest_gap, gap)
    state.sum_gap += gap
    state.sum_gap2 += gap**2
    state.run_begin[:] = start
    is_phrase = is_first | (gap * FRAME_S >= PHRASE_GAP_S)
    length = np.where(is_first, 0.0, state.last_active + 1.0 - state.phrase_begin)
    is_second = is_phrase & (state.n_phrases == 1)
    state.first_phrase[:] = np.where(is_second, length, state.first_phrase)
    state.longest_phrase[:] = np.maximum(state.longest_phrase, length)
    state.n_phrases += is_phrase
    state.phrase_begin[:] = np.where(is_phrase, start, state.phrase_begin)
    state.syllables_before[:] = np.where(is_phrase, state.n_syllables, state.syllables_before)


def _end_runs(state: RunningState) -> None:
    """Speech ended in all these streams."""
    length = state.last_active - state.run_begin + 1.0
    state.first_run[:] = np.where(state.n_runs == 0, length, state.first_run)
    state.last_run[:] = length
    state.longest_run[:] = np.maximum(state.longest_run, length)
    state.speech_frames += length
    state.sum_run2 += length**2
    state.n_runs += 1.0


def _add(state: RunningState, given: Added, speech: Flags) -> None:
    numbers, voiced = given.numbers.T, speech & given.is_voiced
    first, first_voiced = state.n_active == 0, state.n_voiced == 0
    state.matrix[OF_FRAME] += numbers[OF_FRAME]
    state.matrix[OF_SPEECH] += numbers[OF_SPEECH] * speech
    state.matrix[OF_VOICE] += numbers[OF_VOICE] * voiced
    _approach(state.end_level, numbers[LEVEL], speech, first)
    _approach(state.end_f0, numbers[PITCH], voiced, first_voiced)


def _approach(value: Floats, to: Floats, where: Flags, is_first: Flags) -> None:
    """The mean over about the last 200 ms of speech."""
    eased = np.where(is_first, to, 0.9 * value + 0.1 * to)
    value[:] = np.where(where, eased, value)


def _follow_syllables(state: RunningState, given: Floats, speaks: Flags) -> None:
    """Count a peak of the envelope when it has fallen clearly after it had risen clearly."""
    state.envelope[:] = ENVELOPE * state.envelope + given
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
    return total(weights * BAND_CENTRES_HZ) / np.maximum(total(weights), 1e-9)


def silence_frames(state: RunningState) -> Floats:
    """Frames since the last speech; 0 while it goes on and before any."""
    is_silent = (state.spoke == 0) & (state.onset_frame >= 0)
    return np.where(is_silent, state.n_frames - 1.0 - state.last_active, 0.0)


def hush_frames(state: RunningState) -> Floats:
    """Frames since somebody in the foreground was last near his loudest; 0 before any speech."""
    last = np.maximum(state.last_near, state.onset_frame)
    return np.where(state.onset_frame >= 0, state.n_frames - 1.0 - last, 0.0)


def quiet_frames(state: RunningState) -> Floats:
    """Frames since the foreground fell silent, whoever goes on behind it; 0 while it speaks."""
    hush = hush_frames(state)
    is_hush = hush * FRAME_S >= LEAST_HUSH_S
    return np.maximum(silence_frames(state), np.where(is_hush, hush, 0.0))


def speech_frames(state: RunningState) -> Floats:
    """Frames of speech so far, the run that goes on among them."""
    return np.asarray(state.speech_frames + current_run(state))


def current_run(state: RunningState) -> Floats:
    return np.where(state.spoke > 0, state.last_active - state.run_begin + 1.0, 0.0)

"""What a far end sounds like: before its answer, and after it. One call's sound is its own.

A live person says a short hello and waits, and asks again when nobody speaks; a voicemail speaks
on and beeps. Who is not reached is told so by tones where there are early media.
"""

import numpy as np

from dialer.sim import voices
from dialer.sim.person import Answer, Person
from dialer.sim.voices import Wave

FRAME_S = 0.02
FRAME_BYTES = 320
_NOISE_S = 1.0
_SIT_VACANT = ((985.2, 0.38), (1370.6, 0.274), (1776.7, 0.38))


class Track:
    """Sound that begins at once and is followed by the noise of the line, without end."""

    def __init__(self, wave: Wave, source: np.random.Generator) -> None:
        noise = np.resize(voices.line_noise(_NOISE_S, source), len(wave))
        self._sound = voices.samples_of(wave + noise)
        self._noise = voices.samples_of(voices.line_noise(_NOISE_S, source))

    def frame(self, number: int) -> bytes:
        """The 20 ms of that number, from 0 on."""
        at = number * FRAME_BYTES
        piece = self._sound[at : at + FRAME_BYTES]
        if len(piece) == FRAME_BYTES:
            return piece
        at %= len(self._noise) - len(self._noise) % FRAME_BYTES
        return (piece + self._noise[at : at + FRAME_BYTES])[:FRAME_BYTES]


def after_answer(person: Person, key: str) -> Track:
    """`key` names the call: the same call sounds the same again."""
    source = _source(key, "answer")
    wave = _greeting_of_machine(source) if person.is_machine else _hello(source)
    return Track(wave, source)


def before_answer(person: Person, key: str) -> Track:
    """Early media: ringing, or the tones that say why there will be no answer."""
    source = _source(key, "early")
    if person.outcome is Answer.BUSY:
        wave = _cadence((440.0,), 0.5, 0.5, 8)
    elif person.outcome is Answer.FAIL:
        parts = [voices.tone((hertz,), seconds) for hertz, seconds in _SIT_VACANT]
        wave = np.concatenate([voices.silence(0.3), *parts, voices.speech(2.5, source)])
    else:
        wave = _cadence((440.0,), 1.5, 3.5, 8)
    return Track(wave, source)


def _hello(source: np.random.Generator) -> Wave:
    """Said, and said again after a while to nobody."""
    parts = [voices.silence(source.uniform(0.2, 0.7))]
    for wait_s in (2.8, 3.0):
        parts += [voices.speech(source.uniform(0.45, 0.9), source), voices.silence(wait_s)]
    return np.concatenate(parts)


def _greeting_of_machine(source: np.random.Generator) -> Wave:
    parts = [voices.silence(source.uniform(0.1, 0.4))]
    for _ in range(2):
        parts.append(voices.speech(source.uniform(1.7, 2.4), source))
        parts.append(voices.silence(source.uniform(0.12, 0.28)))
    beep_hz = float(source.choice([800.0, 1000.0, 1400.0]))
    return np.concatenate([*parts, voices.tone((beep_hz,), 0.4)])


def _cadence(hertz: tuple[float, ...], on_s: float, off_s: float, n: int) -> Wave:
    once = np.concatenate([voices.tone(hertz, on_s), voices.silence(off_s)])
    return np.tile(once, n)


def _source(key: str, purpose: str) -> np.random.Generator:
    return np.random.default_rng(list(f"{key}:{purpose}".encode()))

"""What is heard before the answer is counted by kind, and what would end an attempt wrongly."""

from benchmarks.amd.corpus.timeline import Kind, Truth
from benchmarks.amd.early import count
from dialer.model.amd import Heard, Tone, ToneKind


def heard(*kinds):
    tones = (Tone(kind, 0.2, 1.0, 1.1, 440.0) for kind in kinds)
    return Heard("s", tones=tuple(tones))


def test_each_kind_is_counted_and_only_what_ends_an_attempt_is_an_error():
    truths = [Truth(i, Kind.EARLY, "early ringing", "fr") for i in range(3)]
    said = [
        heard(ToneKind.RINGBACK),
        heard(ToneKind.RINGBACK, ToneKind.BUSY),
        heard(ToneKind.BEEP),
    ]
    ringing = next(count(truths, said))
    assert (ringing.n, ringing.n_told, ringing.n_ended_wrongly) == (3, 2, 1)

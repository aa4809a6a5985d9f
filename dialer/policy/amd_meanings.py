"""What tones and known recordings tell of who answered."""

from dialer.model.amd import Cause, PrintMeaning, ToneKind

SAYING_MACHINE: dict[ToneKind, Cause] = {
    ToneKind.BEEP: Cause.BEEP,
    ToneKind.SIT: Cause.SIT,
    ToneKind.FAX: Cause.FAX,
    ToneKind.BUSY: Cause.BUSY,
    ToneKind.CONGESTION: Cause.BUSY,
}
BEGINNING_SIGNALS_HZ = ((340.0, 660.0), (895.0, 995.0), (1355.0, 1445.0))
"""A single tone in between may be the first burst of a busy signal, or a step of a SIT."""
SAYING_NOTHING = frozenset({PrintMeaning.COMFORT})
RECORDING = frozenset({PrintMeaning.VOICEMAIL, PrintMeaning.SCREENING})
TAKES_MESSAGE = frozenset({Cause.SPEECH, Cause.FINGERPRINT, Cause.BEEP})
"""Machines found so may record what they are told."""

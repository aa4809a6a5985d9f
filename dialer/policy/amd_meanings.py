"""What tones and known recordings tell of who answered."""

from dialer.model.amd import Cause, PrintMeaning, ToneKind

SAYING_MACHINE: dict[ToneKind, Cause] = {
    ToneKind.BEEP: Cause.BEEP,
    ToneKind.SIT: Cause.SIT,
    ToneKind.FAX: Cause.FAX,
    ToneKind.BUSY: Cause.BUSY,
    ToneKind.CONGESTION: Cause.BUSY,
}
BUSY_MOST_HZ = 660.0
"""A busy signal's tone is no higher."""
SAYING_NOTHING = frozenset({PrintMeaning.COMFORT})
RECORDING = frozenset({PrintMeaning.VOICEMAIL, PrintMeaning.SCREENING})
TAKES_MESSAGE = frozenset({Cause.SPEECH, Cause.FINGERPRINT, Cause.BEEP})
"""Machines found so may record what they are told."""

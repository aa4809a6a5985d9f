"""Answering machine detection: its words, and what passes from the detector to the policy.

Times are seconds of audio since the stream was opened or restarted (at the answer), unless a name
says otherwise. Nothing here knows how audio is analysed (`dialer/amd`) or judged (`policy/amd`).
"""

from dataclasses import dataclass
from enum import StrEnum
from typing import NamedTuple


class AmdProfile(StrEnum):
    """How a campaign listens. OFF: every answer goes to an agent unheard."""

    CONSUMER = "CONSUMER"
    BUSINESS = "BUSINESS"
    """Receptionists speak long greetings: fewer verdicts of MACHINE, on stronger evidence."""
    OFF = "OFF"


class Verdict(StrEnum):
    """Who answered. UNSURE is treated as a person."""

    HUMAN = "HUMAN"
    MACHINE = "MACHINE"
    SCREENED = "SCREENED"
    """An assistant that asked who is calling and now waits in silence; a person may follow."""
    UNSURE = "UNSURE"


class Cause(StrEnum):
    """Why the verdict is what it is."""

    PAUSE = "PAUSE"
    """Speech, then silence such as a person leaves for an answer."""
    SPEECH = "SPEECH"
    """The course of the speech is a recording's, or no recording's when time was up."""
    BEEP = "BEEP"
    SIT = "SIT"
    FAX = "FAX"
    BUSY = "BUSY"
    FINGERPRINT = "FINGERPRINT"
    """A recording known from audited calls."""
    PROMPT = "PROMPT"
    """A recording's speech, then silence without a beep."""
    NO_SPEECH = "NO_SPEECH"
    DIGITAL_SILENCE = "DIGITAL_SILENCE"
    """Nothing but zeros came."""
    TIME_LIMIT = "TIME_LIMIT"
    NO_AUDIO = "NO_AUDIO"
    """The tap brought nothing, or stopped."""
    NO_LISTENER = "NO_LISTENER"
    """The process that listens was not there, or died."""
    WRONG_RATE = "WRONG_RATE"
    """More samples than time: not 8 kHz, or not mono."""
    GARBAGE = "GARBAGE"
    """Loud noise that is no voice: compressed, swapped or shifted bytes."""
    OFF = "OFF"


class ToneKind(StrEnum):
    BEEP = "BEEP"
    SIT = "SIT"
    FAX = "FAX"
    BUSY = "BUSY"
    CONGESTION = "CONGESTION"
    """The busy tone at twice its pace."""
    RINGBACK = "RINGBACK"


class SitCategory(StrEnum):
    """Special information tones of North American coding; elsewhere one pattern for all."""

    INTERCEPT = "INTERCEPT"
    VACANT = "VACANT"
    REORDER = "REORDER"
    NO_CIRCUIT = "NO_CIRCUIT"
    UNCODED = "UNCODED"

    @property
    def is_wrong_number(self) -> bool:
        """Only these two say something about the number; all others about the network."""
        return self in (SitCategory.INTERCEPT, SitCategory.VACANT)


class PrintMeaning(StrEnum):
    """What a recording known by its fingerprint says."""

    VOICEMAIL = "VOICEMAIL"
    SCREENING = "SCREENING"
    WRONG_NUMBER = "WRONG_NUMBER"
    UNREACHABLE = "UNREACHABLE"
    CONGESTION = "CONGESTION"
    COMFORT = "COMFORT"
    """Music or words in place of a ringing tone: says nothing about who will answer."""


class StreamFault(StrEnum):
    """Why a stream's audio cannot be judged. The values are those of `Cause`."""

    NO_AUDIO = "NO_AUDIO"
    WRONG_RATE = "WRONG_RATE"
    GARBAGE = "GARBAGE"


@dataclass(frozen=True, slots=True)
class Tone:
    """A tone heard. SIT, BUSY, CONGESTION, RINGBACK: the whole pattern, told once it is sure.

    FAX is told while it lasts, BEEP after its end. `told_s`: when the detector said so."""

    kind: ToneKind
    begin_s: float
    end_s: float
    told_s: float
    frequency_hz: float
    category: SitCategory | None = None


@dataclass(frozen=True, slots=True)
class PrintMatch:
    """A known recording was recognised; its message began at `begin_s` (may be before 0)."""

    name: str
    meaning: PrintMeaning
    begin_s: float
    told_s: float


class Score(NamedTuple):
    """What was heard until `at_s`; ten of them for each second of audio.

    `p_machine`: chance of a recording, 0 to 1, where both are as frequent. `onset_s`: when the
    first speech began. `silence_s`: since the last speech of the foreground; 0 while it goes on and
    before any. `speech_s`: speech in all. `n_phrases`: stretches of speech with pauses of 0.45 s
    between.
    `is_digital_silence`: not one sample differed from zero so far.

    A tuple, as `Heard` is: two thousand of them are made in a second of 200 calls, each in a
    third of a dataclass's time.
    """

    at_s: float
    p_machine: float
    onset_s: float | None
    silence_s: float
    speech_s: float
    n_phrases: int
    snr_db: float
    is_digital_silence: bool = False


class Heard(NamedTuple):
    """What one tick brought for one stream, each list in order of time."""

    stream_id: str
    scores: tuple[Score, ...] = ()
    tones: tuple[Tone, ...] = ()
    prints: tuple[PrintMatch, ...] = ()
    fault: StreamFault | None = None

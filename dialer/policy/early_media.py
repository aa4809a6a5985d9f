"""What was heard before the answer: a ringing tone, a busy tone, an intercept, an announcement.

The hangup cause comes first and is free; this serves where a network answers in sound only. A wrong
number needs the network's own code for it (SIT intercept or vacant) or a recording known to say so:
other tones are a reason to call later, never to purge a number.
"""

from dataclasses import dataclass
from enum import StrEnum

from dialer.model.amd import Heard, PrintMatch, PrintMeaning, Score, SitCategory, Tone, ToneKind
from dialer.model.outcome import Outcome

ANNOUNCEMENT_S = 2.0
"""So much speech before the answer is an announcement; less may be crosstalk."""


class EarlyKind(StrEnum):
    RINGBACK = "RINGBACK"
    BUSY = "BUSY"
    CONGESTION = "CONGESTION"
    INTERCEPT = "INTERCEPT"
    ANNOUNCEMENT = "ANNOUNCEMENT"


@dataclass(frozen=True, slots=True)
class EarlyFinding:
    """`category` of an INTERCEPT, `print_name` and `meaning` of a recording that is known."""

    kind: EarlyKind
    at_s: float
    category: SitCategory | None = None
    print_name: str | None = None
    meaning: PrintMeaning | None = None


OF_TONE: dict[ToneKind, EarlyKind] = {
    ToneKind.RINGBACK: EarlyKind.RINGBACK,
    ToneKind.BUSY: EarlyKind.BUSY,
    ToneKind.CONGESTION: EarlyKind.CONGESTION,
    ToneKind.SIT: EarlyKind.INTERCEPT,
}
OF_MEANING: dict[PrintMeaning, Outcome] = {
    PrintMeaning.WRONG_NUMBER: Outcome.WRONG_NUMBER,
    PrintMeaning.UNREACHABLE: Outcome.NO_ANSWER,
    PrintMeaning.CONGESTION: Outcome.CONGESTION,
}


class EarlyListener:
    """The ear on one call that is not answered yet. Each kind is told once."""

    def __init__(self) -> None:
        self._told: set[tuple[EarlyKind, str | None]] = set()

    def hear(self, heard: Heard) -> list[EarlyFinding]:
        """What this tick adds, in order of time."""
        found = [_of_tone(tone) for tone in heard.tones]
        found += [_of_print(match) for match in heard.prints]
        found += [_of_speech(score) for score in heard.scores]
        fresh = []
        for one in sorted((f for f in found if f is not None), key=lambda f: f.at_s):
            if (one.kind, one.print_name) not in self._told:
                self._told.add((one.kind, one.print_name))
                fresh.append(one)
        return fresh


def outcome_of(finding: EarlyFinding) -> Outcome | None:
    """How the attempt would end on this alone; None while it may still be answered."""
    if finding.meaning is not None:
        return OF_MEANING.get(finding.meaning)
    match finding.kind:
        case EarlyKind.BUSY:
            return Outcome.BUSY
        case EarlyKind.CONGESTION:
            return Outcome.CONGESTION
        case EarlyKind.INTERCEPT:
            is_wrong = finding.category is not None and finding.category.is_wrong_number
            return Outcome.WRONG_NUMBER if is_wrong else Outcome.CONGESTION
        case EarlyKind.RINGBACK | EarlyKind.ANNOUNCEMENT:
            return None


def _of_tone(tone: Tone) -> EarlyFinding | None:
    kind = OF_TONE.get(tone.kind)
    return EarlyFinding(kind, tone.told_s, category=tone.category) if kind else None


def _of_print(match: PrintMatch) -> EarlyFinding | None:
    if match.meaning is PrintMeaning.COMFORT:
        return EarlyFinding(EarlyKind.RINGBACK, match.told_s, None, match.name, match.meaning)
    return EarlyFinding(EarlyKind.ANNOUNCEMENT, match.told_s, None, match.name, match.meaning)


def _of_speech(score: Score) -> EarlyFinding | None:
    if score.speech_s < ANNOUNCEMENT_S:
        return None
    return EarlyFinding(EarlyKind.ANNOUNCEMENT, score.at_s)

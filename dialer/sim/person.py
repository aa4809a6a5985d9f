"""One called party: what it does when its phone rings. Values only."""

import math
from enum import StrEnum
from typing import NamedTuple


class Answer(StrEnum):
    """What becomes of one dialled number."""

    LIVE = "LIVE"
    VOICEMAIL = "VOICEMAIL"
    NO_ANSWER = "NO_ANSWER"
    BUSY = "BUSY"
    FAIL = "FAIL"


class Person(NamedTuple):
    """One called party. Times are seconds; delays count from the dial, stays from the answer."""

    outcome: Answer
    ring_delay_s: float | None
    """None: refused or answered with no ringing before."""
    answer_after_s: float
    """When it answers or refuses; infinite: rings until the caller gives up."""
    sip_status: int = 200
    """The final answer; 200 picks up."""
    has_early_media: bool = False
    talk_s: float = math.inf
    """Time with an agent before somebody hangs up; a machine talks on."""
    hangs_up_first: bool = False
    patience_s: float = math.inf
    """How long the person waits alone before hanging up."""
    leaves_after_s: float = math.inf
    """Hangs up this long after the answer, whatever happens."""
    dtmf: tuple[tuple[float, str], ...] = ()
    """Keys pressed: (seconds after the answer, digit)."""

    @property
    def is_machine(self) -> bool:
        return self.outcome is Answer.VOICEMAIL

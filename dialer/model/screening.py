"""What is known of who answered a call that is listened to, and what is done about it."""

from dataclasses import dataclass
from enum import StrEnum

from dialer.model.amd import Cause, SitCategory, Verdict


class MachineAction(StrEnum):
    """What a campaign does with answering machines."""

    HANG_UP = "HANG_UP"
    LEAVE_MESSAGE = "LEAVE_MESSAGE"
    """The campaign's machine message, at the beep, or in the silence after the greeting."""


@dataclass(frozen=True, slots=True)
class Screening:
    """Times named `_s` are seconds of audio since the answer; `greeted_at` is monotonic.

    `verdict` None: nobody knows yet. `greeted_at`: when the person had said hello, from which on he
    waits for an agent; `greeted_s`: the same since the answer. `is_checked`: a machine that was
    given to an agent all the same, who says what it is. `looks_machine`: the second look found a
    recording where an agent is, or will be.
    """

    verdict: Verdict | None = None
    cause: Cause | None = None
    p_machine: float | None = None
    onset_s: float | None = None
    greeting_end_s: float | None = None
    decided_s: float | None = None
    sit: SitCategory | None = None
    greeted_at: float | None = None
    greeted_s: float | None = None
    is_checked: bool = False
    looks_machine: bool = False
    awaits_cue: bool = False
    """A message will be left as soon as the greeting is over."""
    leaves_message: bool = False
    """It is being left, or was."""

    @property
    def is_machine(self) -> bool:
        """Found to be one, and treated so."""
        return self.verdict is Verdict.MACHINE and not self.is_checked


@dataclass(frozen=True, slots=True)
class ScreeningCounts:
    """One campaign's period, for the audit. `n_machine`: verdicts of MACHINE on speech or a beep.
    `n_checked`: of them those an agent told of; `n_people`: of those the people."""

    n_machine: int = 0
    n_checked: int = 0
    n_people: int = 0

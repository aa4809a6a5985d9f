"""What follows from a verdict: an agent, a hang-up, or a message at the beep.

Doubt goes to an agent, and so does whoever an assistant answers for; in a broadcast its message is
played in place of the agent. Of machines a small share is
given to agents too, who tell how many of them were people (policy/amd_audit); tones are not, since
nobody speaks in them.
"""

from enum import StrEnum

from dialer.model.amd import AmdProfile, Cause, SitCategory, Verdict
from dialer.model.campaign import OF_AGENTS, Campaign
from dialer.model.outcome import Outcome
from dialer.model.screening import MachineAction, Screening
from dialer.policy.amd_meanings import TAKES_MESSAGE

DEAF = frozenset({Cause.NO_AUDIO, Cause.NO_LISTENER, Cause.WRONG_RATE, Cause.GARBAGE, Cause.OFF})
"""Nothing was heard, so a greeting may have been spoken: its end is taken to be the answer."""

LISTENER_PATIENCE_S = 8.0
"""A listener's start with its imports takes a second, and several on a machine that is busy."""


class Course(StrEnum):
    AGENT = "AGENT"
    AWAIT_CUE = "AWAIT_CUE"
    HANG_UP = "HANG_UP"


def profile_of(campaign: Campaign) -> AmdProfile:
    """How answers of the campaign's own calls are listened to: those that agents place are not."""
    return AmdProfile.OFF if campaign.mode in OF_AGENTS else campaign.amd


def awaits_listener(profile: AmdProfile, starting_since: float | None, now: float) -> bool:
    """Whether dials wait, since an answer might come before anybody listens. Not for long: who does
    not come up must not stop a campaign, whose answers are UNSURE then."""
    if profile is AmdProfile.OFF or starting_since is None:
        return False
    return now < starting_since + LISTENER_PATIENCE_S


def may_be_checked(screening: Screening) -> bool:
    """Whether the verdict is one that a person could have got by mistake."""
    return screening.verdict is Verdict.MACHINE and screening.cause in TAKES_MESSAGE


def course_of(screening: Screening, campaign: Campaign) -> Course:
    """What to do with whoever answered."""
    if not screening.is_machine:
        return Course.AGENT
    leaves_message = campaign.machine_action is MachineAction.LEAVE_MESSAGE
    if leaves_message and campaign.machine_message and screening.cause in TAKES_MESSAGE:
        return Course.AWAIT_CUE
    return Course.HANG_UP


def greeted_at(screening: Screening, answered_at: float, now: float) -> float:
    """From when on the person waits. The law's two seconds run from the end of the greeting (16
    CFR 310.4(b)(4)(ii)); who has not spoken, or still speaks, has not ended one."""
    if screening.cause in DEAF:
        return answered_at
    if screening.greeting_end_s is None:
        return now
    return min(answered_at + screening.greeting_end_s, now)


def outcome_of(screening: Screening) -> Outcome | None:
    """What became of an answer that no agent took, as far as the verdict tells; None: it was a
    person, or nobody knows."""
    if screening.verdict is Verdict.SCREENED:
        return Outcome.SCREENED
    if screening.verdict is not Verdict.MACHINE:
        return None
    if screening.leaves_message:
        return Outcome.MESSAGE_LEFT
    if screening.cause is Cause.SIT:
        return _of_sit(screening.sit)
    return {Cause.FAX: Outcome.FAX, Cause.BUSY: Outcome.BUSY}.get(
        screening.cause or Cause.OFF, Outcome.MACHINE
    )


def _of_sit(category: SitCategory | None) -> Outcome:
    """Only two of the special information tones say that the number is wrong."""
    is_wrong = category is not None and category.is_wrong_number
    return Outcome.WRONG_NUMBER if is_wrong else Outcome.CONGESTION

"""The formulas of all reports, each once and by its name; screens, exports and SQL share them.

Pure: numbers in, numbers out. A ratio of nothing is None, which a screen shows as a dash: 0 %
would claim something.
"""

from dataclasses import dataclass

ABANDON_RULE = "abandoned / (abandoned + bridged within the limit), machines found by agents out"
"""What "abandon rate" means here; shown beside every such number."""
SHORT_ABANDON_RULE = "a person who hangs up within the limit is neither live nor abandoned"


def share(part: float, whole: float) -> float | None:
    """`part` of `whole` from 0 to 1; None when there is no whole."""
    return part / whole if whole else None


@dataclass(frozen=True, slots=True)
class CallTotals:
    """Counts of closed attempts. Durations in seconds."""

    n_attempts: int
    n_answered: int
    """Somebody or something picked up."""
    n_handled: int
    """Bridged to an agent."""
    n_live: int
    n_abandoned: int
    n_contacts: int
    """Dispositions that say the person meant was reached."""
    n_successes: int
    n_machines: int
    talk_s: float
    wait_s: float
    """From answer to bridge, over all handled."""

    @property
    def answer_rate(self) -> float | None:
        """Answered over attempts (ASR of the carrier's language)."""
        return share(self.n_answered, self.n_attempts)

    @property
    def abandon_rate(self) -> float | None:
        """By ABANDON_RULE."""
        return share(self.n_abandoned, self.n_live)

    @property
    def contact_rate(self) -> float | None:
        """Persons reached over attempts."""
        return share(self.n_contacts, self.n_attempts)

    @property
    def success_rate(self) -> float | None:
        """Successes over persons reached."""
        return share(self.n_successes, self.n_contacts)

    @property
    def mean_talk_s(self) -> float | None:
        """Seconds of conversation for each handled call."""
        return share(self.talk_s, self.n_handled)

    @property
    def mean_wait_s(self) -> float | None:
        """Seconds that a person waited for the agent (speed of answer)."""
        return share(self.wait_s, self.n_handled)


@dataclass(frozen=True, slots=True)
class AgentTime:
    """Seconds of an agent by state, within a period."""

    paused_s: float = 0.0
    ready_s: float = 0.0
    reserved_s: float = 0.0
    talking_s: float = 0.0
    wrap_up_s: float = 0.0

    @property
    def login_s(self) -> float:
        """All states together."""
        return self.paused_s + self.worked_s

    @property
    def worked_s(self) -> float:
        """Login less pauses."""
        return self.ready_s + self.reserved_s + self.talking_s + self.wrap_up_s

    @property
    def occupancy(self) -> float | None:
        """(talk + wrap-up) / (login less pauses)."""
        return share(self.talking_s + self.wrap_up_s, self.worked_s)


def per_hour(count: float, worked_s: float) -> float | None:
    """`count` for each hour of work."""
    return share(count * 3600.0, worked_s)

"""What the law counts of answers, over which period, and the bank that pacing steers by.

Rule used (glossary): abandon rate = abandoned / (abandoned + persons passed to agents). Without
machine detection every answer that no agent took in time counts as abandoned, which can only
overstate the rate; an answer that the agent found to be a machine leaves the denominator.
Source: 16 CFR 310.4(b)(4)(i); Ofcom ARC = x / (x + y).

Counts are kept by day, and each period is a sum of days. Two periods govern, the strictest at any
moment: the law's, and the day, so that a good week is no leave for a bad afternoon.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from enum import Enum, auto
from functools import lru_cache
from zoneinfo import ZoneInfo


class Period(Enum):
    """The days over which a law takes the rate."""

    DAY = auto()
    DAYS_30 = auto()
    CALENDAR_MONTH = auto()


@dataclass(frozen=True, slots=True)
class AbandonRule:
    """At most so much of the live answers of a period may be abandoned. `zone`: whose midnight."""

    most: float
    period: Period
    zone: str


ABANDON_RULES: dict[str, AbandonRule] = {
    "US": AbandonRule(0.03, Period.DAYS_30, "America/New_York"),
    "US_FL": AbandonRule(0.03, Period.DAYS_30, "America/New_York"),
    "UK": AbandonRule(0.03, Period.DAY, "Europe/London"),
    "CA": AbandonRule(0.05, Period.CALENDAR_MONTH, "America/Toronto"),
    "FR": AbandonRule(0.03, Period.DAYS_30, "Europe/Paris"),
    "DE": AbandonRule(0.03, Period.DAYS_30, "Europe/Berlin"),
    "BJ": AbandonRule(0.03, Period.DAYS_30, "Africa/Porto-Novo"),
    "ANY": AbandonRule(0.03, Period.DAYS_30, "UTC"),
}
"""By rule set. US: 16 CFR 310.4(b)(4)(i), 47 CFR 64.1200(a)(7). UK: the ceiling in force until
2017, which is no safe threshold any more. CA: CRTC Unsolicited Telecommunications Rules. France,
Germany and Benin have no rate of their own: the American one holds."""
LONGEST_PERIOD_DAYS = 31
MOST_ANSWERS = 1e9


def rule_of(rule_set: str) -> AbandonRule:
    """The rule of a rule set; of one that is not known, the strictest period."""
    return ABANDON_RULES.get(rule_set, AbandonRule(0.03, Period.DAY, "UTC"))


def day_of(rule: AbandonRule, utc: float) -> int:
    """The day (proleptic ordinal) that it is where the rule holds."""
    return _local_date(rule.zone, int(utc // 900)).toordinal()


@lru_cache(maxsize=64)
def _local_date(zone: str, quarter: int) -> date:
    """By quarter of an hour: no zone has its midnight off one."""
    return datetime.fromtimestamp(quarter * 900, UTC).astimezone(ZoneInfo(zone)).date()


@dataclass(slots=True)
class DayCount:
    """Live answers of one day. Abandoned ones may be fractions: estimates count as well."""

    n_served: int = 0
    n_abandoned: float = 0.0

    @property
    def n_live(self) -> float:
        return self.n_served + self.n_abandoned

    def bank(self, target: float) -> float:
        """Abandoned answers that may still happen; zero exactly on target."""
        return target * self.n_live - self.n_abandoned


@dataclass(slots=True)
class Ledger:
    """Live answers of one campaign. `target`: the share that pacing steers for."""

    target: float
    rule: AbandonRule = field(default_factory=lambda: rule_of("ANY"))
    today: DayCount = field(default_factory=DayCount)
    day: int = 0
    """The day that `today` is."""
    before: dict[int, DayCount] = field(default_factory=dict)
    """Earlier days that the law's period may still hold."""
    past: DayCount = field(default_factory=DayCount)
    """Of them those within the period, added up."""

    def serve(self) -> None:
        """A live answer reached an agent in time."""
        self.today.n_served += 1

    def abandon(self, chance_live: float = 1.0) -> None:
        """An answer was not bridged within the limit: or hung up on as a machine, which with this
        chance was a person."""
        self.today.n_abandoned += chance_live

    def found_machine(self) -> None:
        """The agent says that a served answer was a machine: it was no live answer."""
        if self.today.n_served:
            self.today.n_served -= 1

    def recall(
        self, n_served: int, n_abandoned: float, before: Mapping[int, DayCount] | None = None
    ) -> None:
        """Begin with what earlier runs counted today, and on the days before."""
        self.today = DayCount(n_served, n_abandoned)
        self.before = dict(before or {})
        self._add_up()

    def turn(self, day: int) -> None:
        """It is `day` now: another than before closes the count of the former one."""
        if day == self.day:
            return
        if self.day and self.today.n_live:
            self.before[self.day] = self.today
        self.today = self.before.pop(day, DayCount()) if self.day else self.today
        self.day = day
        self.before = {
            when: count for when, count in self.before.items() if day - when < LONGEST_PERIOD_DAYS
        }
        self._add_up()

    def retarget(self, target: float, rule: AbandonRule) -> None:
        """Other settings; what was counted stays."""
        self.target, self.rule = target, rule
        self._add_up()

    def _add_up(self) -> None:
        within = [count for day, count in self.before.items() if self._is_within(day)]
        self.past = DayCount(
            sum(count.n_served for count in within), sum(count.n_abandoned for count in within)
        )

    def _is_within(self, day: int) -> bool:
        match self.rule.period:
            case Period.DAY:
                return False
            case Period.DAYS_30:
                return self.day - day < 30
            case Period.CALENDAR_MONTH:
                now, then = date.fromordinal(max(self.day, 1)), date.fromordinal(day)
                return (now.year, now.month) == (then.year, then.month)

    @property
    def is_sound(self) -> bool:
        """Whether all counts are such as days can have brought."""
        counts = (self.today.n_served, self.today.n_abandoned, self.past.n_live)
        return all(0.0 <= count < MOST_ANSWERS for count in counts)

    def bank_at(self, target: float) -> float:
        """The smaller bank of the two periods that govern, at a target."""
        return min(self.today.bank(target), target * self.n_live - self.n_abandoned)

    @property
    def bank(self) -> float:
        """Abandoned answers that may still happen under the campaign's own target."""
        return self.bank_at(self.target)

    @property
    def n_served(self) -> int:
        """Of the law's period."""
        return self.past.n_served + self.today.n_served

    @property
    def n_abandoned(self) -> float:
        """Of the law's period."""
        return self.past.n_abandoned + self.today.n_abandoned

    @property
    def n_live(self) -> float:
        """Of the law's period."""
        return self.n_served + self.n_abandoned

    @property
    def rate(self) -> float:
        """Abandoned share of the period's live answers, 0 to 1; 0 before the first."""
        n_live = self.n_live
        return self.n_abandoned / n_live if n_live else 0.0

    @property
    def headroom(self) -> float:
        """Abandoned answers that the law's limit has room for, the next one being counted already;
        below zero it would break the limit."""
        return self.rule.most * (self.n_live + 1) - (self.n_abandoned + 1)

"""A simulated switch under a clock that the test moves."""

from collections.abc import Mapping

import pytest

from dialer.model.moment import Moment
from dialer.sim.dialing import Limits
from dialer.sim.legs import Leg, Order
from dialer.sim.numbers import AGENT, far_end
from dialer.sim.population import LAB, Population
from dialer.sim.switch import Switch

START = Moment(1000.0, 1_800_000_000.0)


class Bench:
    """The core switch, what it told, and short words for what tests do with it."""

    def __init__(self, limits: Limits | None = None) -> None:
        self.told: list[tuple[str, str]] = []
        self.headers: list[Mapping[str, str]] = []
        self.answers: dict[str, str] = {}
        self.switch = Switch(Population(1, LAB), START, self._hear, limits=limits)
        self.now = START

    def _hear(self, name: str, leg: Leg | None, headers: Mapping[str, str]) -> None:
        self.told.append((name, leg.leg_id if leg is not None else ""))
        self.headers.append(headers)

    def dial(self, leg_id: str, number: str, **order: object) -> str | None:
        person = AGENT if number.startswith("agent") else far_end(number)
        made = Order(leg_id, f"sofia/lab/{number}", number, person, **order)
        refusal = self.switch.dialing.originate(
            made, lambda answer: self.answers.update({leg_id: answer.strip()})
        )
        self.switch.settle()
        return refusal

    def kill(self, leg_id: str, cause: str = "NORMAL_CLEARING") -> None:
        self.switch.drop_leg(leg_id, cause)
        self.switch.settle()

    def wait(self, seconds: float) -> None:
        self.now = self.now.plus(seconds)
        self.switch.expire(self.now)

    def bridge(self, first: str, second: str) -> None:
        assert self.switch.bridges.bridge(first, second)
        self.wait(0.1)

    def events(self, leg_id: str, *, without: tuple[str, ...] = ()) -> list[str]:
        """Names told of one leg, states left out."""
        skipped = {"CHANNEL_STATE", "CHANNEL_CALLSTATE", *without}
        return [name for name, who in self.told if who == leg_id and name not in skipped]

    def names(self, *wanted: str) -> list[tuple[str, str]]:
        """What was told of the given names, in order."""
        return [one for one in self.told if one[0].removeprefix("CHANNEL_") in wanted]


@pytest.fixture
def bench() -> Bench:
    return Bench()


@pytest.fixture
def make_bench() -> type[Bench]:
    return Bench

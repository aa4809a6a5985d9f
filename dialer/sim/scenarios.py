"""Named scenarios: who is called, by how many agents, under which limits, for how long.

Each says in its docstring field what it is for. A scenario is data; drivers play it.
"""

from dataclasses import dataclass, replace

from dialer.model.ids import AgentId, CampaignId
from dialer.sim.desks import DeskAgent, Habits
from dialer.sim.dialing import Limits
from dialer.sim.population import BENCHMARK, DEMO, LAB, Population, Profile, Shift
from dialer.sim.regimes import REGIMES

_HOUR_S = 3600.0
_NO_PAUSES = Habits(pause_share=0.0)


@dataclass(frozen=True, slots=True)
class Scenario:
    """One world to dial in. `shifts` change the population while it runs."""

    name: str
    purpose: str
    profile: Profile
    n_agents: int = 20
    n_leads: int = 2000
    duration_s: float = _HOUR_S
    max_sessions: int = 5000
    sessions_per_s: int = 200
    shifts: tuple[Shift, ...] = ()
    habits: Habits = _NO_PAUSES

    def population(self, seed: int) -> Population:
        """The people of this scenario."""
        return Population(seed, self.profile, self.shifts)

    def limits(self) -> Limits:
        """The limits of each switch."""
        return Limits(self.max_sessions, self.sessions_per_s)

    def agents(self, campaign_id: CampaignId, first_id: int = 1) -> tuple[DeskAgent, ...]:
        """Agents with extensions 1001, 1002 and so on."""
        return tuple(
            DeskAgent(AgentId(first_id + i), campaign_id, f"Agent {i + 1}", str(1001 + i))
            for i in range(self.n_agents)
        )


_RUSH = replace(
    DEMO, ring_mean_s=1.5, voicemail_fast_s=1.0, voicemail_slow_s=2.0, talk_mean_s=4.0,
    wrap_up_mean_s=1.0, machine_wrap_up_s=0.5, recognition_s=(0.5, 1.0),
)  # fmt: skip


def _day(regime: str, purpose: str, hours: int = 8) -> Scenario:
    """The benchmark's people under a regime."""
    horizon_s = hours * _HOUR_S
    return Scenario(
        regime, purpose, BENCHMARK, n_leads=25_000 * hours, duration_s=horizon_s,
        shifts=REGIMES[regime](horizon_s),
    )  # fmt: skip


SCENARIOS: dict[str, Scenario] = {
    scenario.name: scenario
    for scenario in (
        Scenario(
            "demo", "Two lively minutes for people who watch.", DEMO,
            n_agents=8, n_leads=400, duration_s=120.0,
            habits=Habits(stagger_s=0.3, pause_share=0.03, pause_s=(8.0, 20.0)),
        ),
        Scenario("rush", "A few seconds show what a day would, for tests of real processes.", _RUSH,
                 n_agents=8, n_leads=2000, duration_s=60.0,
                 habits=Habits(stagger_s=0.05, ready_after_s=0.2, pause_share=0.0,
                               preview_s=(0.3, 1.0))),
        Scenario("benchmark", "The stationary workload of the pacing figures.", BENCHMARK,
                 n_leads=200_000, duration_s=8 * _HOUR_S),
        Scenario("lab", "The laboratory's number plan, for contract tests.", LAB,
                 n_agents=2, n_leads=12, duration_s=120.0),
        _day("up", "Live answers rise from 25 % to 50 % at half time."),
        _day("down", "Live answers fall from 25 % to 10 % at half time."),
        _day("osc", "Live answers swing between 25 % and 50 %, fifteen times."),
        _day("talk", "Talk time goes from 120 s to 60 s, then to 180 s."),
        _day("burst", "The carrier drops 90 % of the calls for five minutes.", 1),
        Scenario("narrow", "The switch refuses more than 30 sessions and 9 calls a second.", DEMO,
                 n_agents=10, duration_s=600.0, max_sessions=30, sessions_per_s=10),
    )
}  # fmt: skip


def scenario(name: str) -> Scenario:
    """The scenario of that name; KeyError names those that exist."""
    if name not in SCENARIOS:
        raise KeyError(f"no scenario {name!r}; there are {', '.join(SCENARIOS)}")
    return SCENARIOS[name]

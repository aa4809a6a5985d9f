"""Named scenarios: who is called, by how many agents, under which limits, for how long.

Each says in its docstring field what it is for. A scenario is data; drivers play it.
"""

from dataclasses import dataclass, replace

from dialer.model.ids import AgentId, CampaignId
from dialer.sim.desks import DeskAgent, Habits
from dialer.sim.dialing import Limits
from dialer.sim.population import BENCHMARK, DEMO, LAB, Population, Profile, Shift

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


def _waves(high: Profile, low: Profile, every_s: float, n: int) -> tuple[Shift, ...]:
    return tuple(Shift((i + 1) * every_s, high if i % 2 == 0 else low) for i in range(n))


_RUSH = replace(
    DEMO, ring_mean_s=1.5, voicemail_fast_s=1.0, voicemail_slow_s=2.0, talk_mean_s=4.0,
    wrap_up_mean_s=1.0, machine_wrap_up_s=0.5, recognition_s=(0.5, 1.0),
)  # fmt: skip
_RICH = replace(BENCHMARK, live=0.50, voicemail=0.20, no_answer=0.20)
_POOR = replace(BENCHMARK, live=0.10, voicemail=0.36, no_answer=0.44)

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
                 habits=Habits(stagger_s=0.05, ready_after_s=0.2, pause_share=0.0)),
        Scenario("benchmark", "The stationary workload of the pacing figures.", BENCHMARK,
                 n_leads=200_000, duration_s=8 * _HOUR_S),
        Scenario("lab", "The laboratory's number plan, for contract tests.", LAB,
                 n_agents=2, n_leads=12, duration_s=120.0),
        Scenario("up", "Live answers rise from 25 % to 50 % at half time.", BENCHMARK,
                 n_leads=200_000, duration_s=8 * _HOUR_S, shifts=(Shift(4 * _HOUR_S, _RICH),)),
        Scenario("down", "Live answers fall from 25 % to 10 % at half time.", BENCHMARK,
                 n_leads=200_000, duration_s=8 * _HOUR_S, shifts=(Shift(4 * _HOUR_S, _POOR),)),
        Scenario("osc", "Live answers swing between 25 % and 50 %, fifteen times.", BENCHMARK,
                 n_leads=200_000, duration_s=8 * _HOUR_S,
                 shifts=_waves(_RICH, BENCHMARK, _HOUR_S / 2, 15)),
        Scenario("talk", "Talk time goes from 120 s to 60 s, then to 180 s.", BENCHMARK,
                 n_leads=200_000, duration_s=8 * _HOUR_S,
                 shifts=(Shift(8 * _HOUR_S / 3, replace(BENCHMARK, talk_mean_s=60.0)),
                         Shift(16 * _HOUR_S / 3, replace(BENCHMARK, talk_mean_s=180.0)))),
        Scenario("burst", "The carrier drops 90 % of the calls for five minutes.", BENCHMARK,
                 duration_s=_HOUR_S, n_leads=20_000,
                 shifts=(Shift(1200.0, replace(BENCHMARK, carrier_failure=0.9)),
                         Shift(1500.0, BENCHMARK))),
        Scenario("narrow", "The switch refuses more than 30 sessions and 9 calls a second.", DEMO,
                 n_agents=10, duration_s=600.0, max_sessions=30, sessions_per_s=10),
    )
}  # fmt: skip


def scenario(name: str) -> Scenario:
    """The scenario of that name; KeyError names those that exist."""
    if name not in SCENARIOS:
        raise KeyError(f"no scenario {name!r}; there are {', '.join(SCENARIOS)}")
    return SCENARIOS[name]

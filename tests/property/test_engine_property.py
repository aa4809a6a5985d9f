"""Whatever people, phones and switches do, and in whatever order, these rules hold."""

import pytest
from hypothesis import HealthCheck, Phase, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    precondition,
    rule,
    run_state_machine_as_test,
)
from world import N_AGENTS, N_LEADS, OUTSIDE, SUPERVISORS, BadWorld

from dialer.model.agent import AgentState
from dialer.model.campaign import CampaignState, PacingMode
from dialer.model.events import (
    AgentAskedHold,
    AgentAskedLead,
    AgentAskedMute,
    AgentAskedPause,
    AgentAskedReady,
    AgentAskedRecording,
    AgentAskedThreeWay,
    AgentCalledLead,
    AgentConsulted,
    AgentConsultedOut,
    AgentDroppedMessage,
    AgentHandedOver,
    AgentHungUp,
    AgentLoggedOut,
    AgentPlayed,
    AgentReturned,
    AgentSkippedLead,
    AgentTransferred,
    AgentTransferredOut,
    LeadWithdrawn,
    LegPressed,
    NumberBlocked,
    SupervisorStopped,
)
from dialer.model.preview import SkipReason
from dialer.model.supervision import SupervisionMode

agents = st.integers(1, N_AGENTS)
supervisors = st.sampled_from(SUPERVISORS)
seconds = st.sampled_from([0.0, 0.03, 0.5, 1.9, 3.0, 10.0, 30.0])


MEANWHILE = {
    "the phone is lost": lambda bad, _, phone, __: bad.world.tell(
        bad.switch.drop_leg(phone, bad.now)
    ),
    "the customer hangs up": lambda bad, _, __, customer: bad.world.tell(
        bad.switch.drop_leg(customer, bad.now, "NORMAL_CLEARING")
    ),
    "the agent logs out": lambda bad, agent, *_: bad.world.tell([AgentLoggedOut(agent)]),
    "the agent logs in": lambda bad, agent, *_: bad.log_in(agent),
    "the agent asks for a pause": lambda bad, agent, *_: bad.world.tell(
        [AgentAskedPause(agent, "LUNCH")]
    ),
    "nothing": lambda *_: None,
}


ACTS = [
    AgentAskedHold,
    AgentAskedMute,
    AgentAskedRecording,
    lambda agent, attempt, _: AgentDroppedMessage(agent, attempt),
    lambda agent, attempt, is_on: AgentTransferred(
        agent, attempt, (agent + 2 * is_on) % N_AGENTS + 1
    ),
    lambda agent, attempt, _: AgentPlayed(agent, attempt, "sound"),
]
THIRD_ACTS = [
    lambda agent, attempt, is_on: AgentConsulted(
        agent, attempt, (agent + 2 * is_on) % N_AGENTS + 1
    ),
    lambda agent, attempt, _: AgentConsultedOut(agent, attempt, OUTSIDE.label),
    lambda agent, attempt, _: AgentTransferredOut(agent, attempt, OUTSIDE.label),
    lambda agent, attempt, _: AgentAskedThreeWay(agent, attempt),
    lambda agent, attempt, _: AgentHandedOver(agent, attempt),
    lambda agent, attempt, _: AgentReturned(agent, attempt),
]
THREE_WAY, HAND_OVER, RETURN = THIRD_ACTS[3:]
THEN = [(), (RETURN,), (HAND_OVER,), (THREE_WAY,), (THREE_WAY, HAND_OVER), (THREE_WAY, RETURN)]


class Floor(RuleBasedStateMachine):
    """The witness in the world checks each event; the teardown checks that nothing is left."""

    @initialize(seed=st.integers(0, 10**6), mode=st.sampled_from(list(PacingMode)))
    def open(self, seed, mode):
        self.bad = BadWorld(seed, mode)
        self.bad.run(8.0)

    def legs(self, *, of_agents):
        floor = self.bad.floor
        if of_agents:
            return sorted(agent.leg_id for agent in floor.agents if agent.leg_id)
        return sorted(call.leg_id for call in floor.calls)

    @rule(after=seconds)
    def time_passes(self, after):
        self.bad.run(after)

    @rule(which=st.integers(0, 20), of_agents=st.booleans(), after=seconds)
    def a_leg_is_lost(self, which, of_agents, after):
        if legs := self.legs(of_agents=of_agents):
            leg = legs[which % len(legs)]
            self.bad.world.tell(self.bad.switch.drop_leg(leg, self.bad.now))
        self.bad.run(after)

    @rule(after=seconds)
    def phones_of_all_who_talk_are_lost(self, after):
        for agent in self.bad.floor.agents.in_state(AgentState.TALKING, AgentState.RESERVED):
            self.bad.world.tell(self.bad.switch.drop_leg(agent.leg_id, self.bad.now))
        self.bad.run(after)

    @rule(n=st.sampled_from([1, 3, 10, 100]), is_told=st.booleans(), after=seconds)
    def bridges_fail(self, n, is_told, after):
        if is_told:
            self.bad.switch.n_bridges_to_fail = n
        else:
            self.bad.switch.n_bridges_to_forget = n
        self.bad.run(after)

    @rule(n=st.just(0))
    def bridges_succeed_again(self, n):
        self.bad.switch.n_bridges_to_fail = self.bad.switch.n_bridges_to_forget = n

    @rule(
        what=st.sampled_from(list(MEANWHILE)),
        and_then=st.sampled_from(list(MEANWHILE)),
        after=seconds,
    )
    def something_happens_while_a_bridge_is_under_way(self, what, and_then, after):
        if (agent := self.bad.run_until_reserved()) is not None:
            call = self.bad.floor.calls.of_attempt(agent.attempt_id)
            legs = agent.leg_id, call.leg_id
            for happening in {what: None, and_then: None}:
                MEANWHILE[happening](self.bad, agent.agent_id, *legs)
        self.bad.run(after)

    @precondition(lambda self: not self.bad.switch.is_silent)
    @rule(after=seconds)
    def the_links_break(self, after):
        self.bad.world.tell(self.bad.switch.go_silent(self.bad.now))
        self.bad.run(after)

    @precondition(lambda self: self.bad.switch.is_silent)
    @rule(after=seconds)
    def the_links_are_back(self, after):
        self.bad.world.tell(self.bad.switch.speak(self.bad.now))
        self.bad.run(after)

    @precondition(lambda self: not self.bad.switch.is_silent)
    @rule(after=seconds)
    def the_switch_restarts(self, after):
        self.bad.world.tell(self.bad.switch.restart(self.bad.now))
        self.bad.run(after)

    @rule(agent=agents, after=seconds)
    def an_agent_asks_for_a_pause(self, agent, after):
        self.bad.world.tell([AgentAskedPause(agent, "LUNCH")])
        self.bad.run(after)

    @rule(agent=agents, after=seconds)
    def an_agent_asks_to_be_ready(self, agent, after):
        self.bad.world.tell([AgentAskedReady(agent)])
        self.bad.run(after)

    @rule(agent=agents, after=seconds)
    def an_agent_hangs_up(self, agent, after):
        self.bad.world.tell([AgentHungUp(agent)])
        self.bad.run(after)

    @rule(agent=agents, act=st.sampled_from(ACTS + THIRD_ACTS), is_on=st.booleans(), after=seconds)
    def an_agent_acts_on_the_call(self, agent, act, is_on, after):
        seated = self.bad.floor.agents.get(agent)
        attempt = (seated.attempt_id if seated is not None else None) or "none"
        self.bad.world.tell([act(agent, attempt, is_on)])
        self.bad.run(after)

    @rule(
        begin=st.sampled_from(THIRD_ACTS[:3]),
        then=st.sampled_from(THEN),
        is_on=st.booleans(),
        pauses=st.lists(seconds, min_size=3, max_size=3),
        lost=st.sampled_from([None, None, "customer", "agent", "third"]),
    )
    def an_agent_brings_somebody_in(self, begin, then, is_on, pauses, lost):
        agent = self.bad.run_until_talking()
        call = self.bad.floor.calls.of_attempt(agent.attempt_id) if agent is not None else None
        for act, after in zip([begin, *then], pauses, strict=False):
            if call is not None and call.agent_id is not None:
                self.bad.world.tell([act(call.agent_id, call.attempt_id, is_on)])
            self.bad.run(after)
        third = call.third if call is not None else None
        legs = {
            "customer": call.leg_id if call is not None else None,
            "agent": agent.leg_id if agent is not None else None,
            "third": third.leg_id if third is not None else None,
        }
        if lost is not None and legs[lost] is not None:
            self.bad.world.tell(self.bad.switch.drop_leg(legs[lost], self.bad.now))
            self.bad.run(pauses[-1])

    @rule(which=st.integers(0, 20), after=seconds)
    def an_outside_leg_is_lost(self, which, after):
        thirds = [call.third for call in self.bad.floor.calls if call.third is not None]
        legs = sorted(third.leg_id for third in thirds if third.is_outside)
        if legs:
            self.bad.world.tell(self.bad.switch.drop_leg(legs[which % len(legs)], self.bad.now))
        self.bad.run(after)

    @rule(agent=agents, act=st.sampled_from(ACTS + THIRD_ACTS), which=st.integers(0, 20))
    def an_act_comes_for_a_call_that_is_not_the_agents(self, agent, act, which):
        calls = sorted(call.attempt_id for call in self.bad.floor.calls if call.agent_id != agent)
        if calls:
            self.bad.world.tell([act(agent, calls[which % len(calls)], True)])

    @rule(agent=agents, after=seconds)
    def an_agent_logs_out(self, agent, after):
        self.bad.world.tell([AgentLoggedOut(agent)])
        self.bad.run(after)

    @rule(agent=agents, after=seconds)
    def an_agent_logs_in(self, agent, after):
        self.bad.log_in(agent)
        self.bad.run(after)

    @rule(supervisor=supervisors, mode=st.sampled_from(SupervisionMode), after=seconds)
    def a_supervisor_asks_for_somebody_who_talks(self, supervisor, mode, after):
        if talking := self.bad.floor.agents.in_state(AgentState.TALKING):
            self.bad.ask(supervisor, talking[0].agent_id, mode)
        self.bad.run(after)

    @rule(supervisor=supervisors, agent=agents, mode=st.sampled_from(SupervisionMode))
    def a_supervisor_asks_for_whomever(self, supervisor, agent, mode):
        self.bad.ask(supervisor, agent, mode)
        self.bad.run(0.5)

    @rule(supervisor=supervisors, after=seconds)
    def a_supervisor_stops(self, supervisor, after):
        self.bad.world.tell([SupervisorStopped(supervisor)])
        self.bad.run(after)

    @rule(which=st.integers(0, 1), after=seconds)
    def a_supervisors_phone_is_lost(self, which, after):
        legs = sorted(one.leg_id for one in self.bad.floor.supervisions if one.leg_id)
        if legs:
            self.bad.world.tell(self.bad.switch.drop_leg(legs[which % len(legs)], self.bad.now))
        self.bad.run(after)

    @rule(agent=agents, lead=st.integers(1, N_LEADS), is_call_now=st.booleans(), after=seconds)
    def an_agent_wants_a_lead_of_his_choice(self, agent, lead, is_call_now, after):
        self.bad.world.tell([AgentAskedPause(agent, "OTHER")])
        self.bad.world.tell([AgentAskedLead(agent, lead, is_call_now)])
        self.bad.run(after)

    @rule(agent=agents, is_called=st.booleans(), after=seconds)
    def an_agent_decides_on_the_lead_on_his_desk(self, agent, is_called, after):
        seated = self.bad.floor.agents.get(agent)
        if seated is not None and seated.offer is not None:
            lead_id = seated.offer.lead.lead_id
            press = AgentSkippedLead(agent, lead_id, SkipReason.OTHER)
            self.bad.world.tell([AgentCalledLead(agent, lead_id) if is_called else press])
        self.bad.run(after)

    @rule(which=st.integers(0, 20), after=seconds)
    def a_lead_is_withdrawn_or_blocked(self, which, after):
        shown = [a.offer.lead for a in self.bad.floor.agents if a.offer is not None]
        if shown:
            lead = shown[which % len(shown)]
            event = LeadWithdrawn(1, lead.lead_id) if which % 2 else NumberBlocked(lead.number)
            self.bad.world.tell([event])
        self.bad.run(after)

    @rule(which=st.integers(0, 20), digit=st.sampled_from("1959#"), after=seconds)
    def somebody_presses_a_key(self, which, digit, after):
        if legs := self.legs(of_agents=False):
            self.bad.world.tell([LegPressed(legs[which % len(legs)], digit)])
        self.bad.run(after)

    @rule(mode=st.sampled_from(list(PacingMode)), has_manual_calls=st.booleans(), after=seconds)
    def the_mode_is_changed(self, mode, has_manual_calls, after):
        self.bad.set_mode(mode, has_manual_calls=has_manual_calls)
        self.bad.run(after)

    @rule(
        state=st.sampled_from(
            [CampaignState.PAUSED, CampaignState.RUNNING, CampaignState.DRAINING]
        ),
        after=seconds,
    )
    def the_campaign_is_told(self, state, after):
        self.bad.set_state(state)
        self.bad.run(after)

    def teardown(self):
        if hasattr(self, "bad"):
            self.bad.close_down()


def check(examples, steps):
    run_state_machine_as_test(
        Floor,
        settings=settings(
            max_examples=examples, stateful_step_count=steps, deadline=None, derandomize=True,
            suppress_health_check=list(HealthCheck), database=None, phases=[Phase.generate],
        ),
    )  # fmt: skip


def test_the_rules_hold_whatever_happens():
    check(examples=25, steps=25)


@pytest.mark.slow
@pytest.mark.timeout(900)
def test_the_rules_hold_whatever_happens_for_longer():
    check(examples=300, steps=40)


@pytest.mark.parametrize("mode", sorted(set(PacingMode) - {PacingMode.MANUAL}))
def test_an_ordinary_hour_leaves_nothing_behind(mode):
    bad = BadWorld(7, mode)
    bad.run(1800.0)
    assert len(bad.witness.closed) > 200
    bad.close_down()

"""The engine's own transfers, carried out by a switch: every story ends with whom it should.

The engine, its loop and the switch's adapter are the product's; store and bus are left out.
"""

from collections.abc import Callable, Iterator
from uuid import uuid4

import gevent
import pytest

from dialer.config import SwitchSettings
from dialer.engine.dispatcher import Dispatcher
from dialer.model.agent import AgentState
from dialer.model.call import CallState
from dialer.model.campaign import Campaign, CampaignState, Destination, PacingMode
from dialer.model.commands import CloseAttempt, RefillHopper, SwitchCommand
from dialer.model.events import (
    AgentAskedReady,
    AgentAskedThreeWay,
    AgentConsulted,
    AgentConsultedOut,
    AgentHandedOver,
    AgentHungUp,
    AgentLoggedIn,
    AgentReturned,
    AgentTransferredOut,
    CampaignConfigured,
    LeadsClaimed,
)
from dialer.model.ids import NodeName
from dialer.model.lead import Lead
from dialer.model.outcome import Outcome
from dialer.model.third import ThirdState
from dialer.run.clocks import SystemClock
from dialer.run.engine_loop import EngineLoop
from dialer.switch.node import SwitchNode
from dialer.switch.survey import look_at

pytestmark = pytest.mark.freeswitch

PATIENCE_S = 20.0
ANSWERS, IS_BUSY = Destination("answers", "+33612345701"), Destination("busy", "+33612345703")
CAMPAIGN = Campaign(
    1, "transfers", state=CampaignState.RUNNING, mode=PacingMode.PROGRESSIVE, rule_set="ANY",
    destinations=(ANSWERS, IS_BUSY), max_outside_legs=2,
)  # fmt: skip


class Lab:
    """Agents 1 and 2 at their phones, and one customer who answers and stays."""

    def __init__(self, settings: SwitchSettings) -> None:
        self.dispatcher = Dispatcher(lambda: str(uuid4()))
        self.closed: list[CloseAttempt] = []
        self._n_leads = 1
        self.node = SwitchNode(settings, self._emit, self.dispatcher.legs)
        self.loop = EngineLoop(self.dispatcher, self._perform, SystemClock())
        self._running = gevent.spawn(self.loop.run)
        self._emit(CampaignConfigured(CAMPAIGN))
        self.node.start()
        self.wait(lambda: self.dispatcher.nodes.least_loaded() is not None)
        self.dispatcher.nodes.get(NodeName("n1")).min_idle_cpu = 0.0  # whatever else runs here

    def _emit(self, event) -> None:
        self.loop.emit(event)

    def _perform(self, command) -> None:
        if isinstance(command, SwitchCommand):
            self.node.execute(command)
        elif isinstance(command, CloseAttempt):
            self.closed.append(command)
        elif isinstance(command, RefillHopper):
            leads = (Lead(77, 1, "+33612345601", "Europe/Paris"),) if self._n_leads else ()
            self._n_leads = 0
            self._emit(LeadsClaimed(1, leads))

    @property
    def floor(self):
        return self.dispatcher.campaigns[1].floor

    @property
    def call(self):
        return next(iter(self.floor.calls), None)

    def agent(self, agent_id):
        return self.floor.agents.get(agent_id)

    def wait(self, condition: Callable[[], object]) -> None:
        fault = AssertionError(f"waited in vain; call: {self.dispatcher.campaigns and self.call}")
        with gevent.Timeout(PATIENCE_S, fault):
            while not condition():
                gevent.sleep(0.02)

    def seat(self, agent_id: int) -> None:
        self._emit(AgentLoggedIn(agent_id, 1, f"A{agent_id}", f"{1000 + agent_id}"))
        self._emit(AgentAskedReady(agent_id))
        self.wait(lambda: (found := self.agent(agent_id)) is not None and found.is_free)

    def talk(self) -> None:
        """Agent 1 has the customer, agent 2 is free."""
        self.seat(1)
        self.wait(lambda: self.call is not None and self.call.state is CallState.CONNECTED)
        self.seat(2)

    def act(self, kind, *what) -> None:
        self._emit(kind(1, self.call.attempt_id, *what))

    def consult(self, kind=AgentConsulted, whom: object = 2) -> None:
        self.act(kind, whom)
        self.wait(lambda: self.call.third is not None and self.third_is(ThirdState.TALKING))

    def meet(self) -> None:
        self.act(AgentAskedThreeWay)
        self.wait(lambda: self.call.state is CallState.THREE_WAY)
        self.wait(lambda: self.third_is(ThirdState.TALKING))

    def third_is(self, state: ThirdState) -> bool:
        return self.call.third is not None and self.call.third.state is state

    def kill(self, leg_id: str) -> None:
        self.node.api(f"uuid_kill {leg_id}")

    def partner(self) -> str | None:
        """Whom the switch says the customer talks with."""
        return look_at(self.node.api, self.call.leg_id).bridged_to

    def close(self) -> None:
        for leg_id in list(self.dispatcher.legs()):
            self.node.api(f"uuid_kill {leg_id}")
        self._running.kill()
        self.node.stop()


@pytest.fixture
def lab(place) -> Iterator[Lab]:
    lab = Lab(place.settings())
    lab.talk()
    yield lab
    lab.close()


def test_consult_a_colleague_and_hand_over(lab):
    lab.consult()
    assert lab.partner() is None  # the customer hears music
    lab.act(AgentHandedOver)
    lab.wait(lambda: lab.call.state is CallState.CONNECTED and lab.call.agent_id == 2)
    assert lab.partner() == lab.agent(2).leg_id
    assert lab.agent(1).is_free


def test_consult_a_colleague_and_come_back(lab):
    lab.consult()
    lab.act(AgentReturned)
    lab.wait(lambda: lab.call.state is CallState.CONNECTED)
    assert lab.partner() == lab.agent(1).leg_id
    assert lab.agent(2).is_free


def test_the_colleague_hangs_up_and_the_agent_has_the_customer_again(lab):
    lab.consult()
    lab._emit(AgentHungUp(2))
    lab.wait(lambda: lab.call.state is CallState.CONNECTED)
    assert lab.partner() == lab.agent(1).leg_id


@pytest.mark.parametrize("whom", ["colleague", "outside"])
def test_in_three_the_agent_leaves_and_the_other_two_go_on(lab, whom):
    lab.consult() if whom == "colleague" else lab.consult(AgentConsultedOut, "answers")
    other = lab.call.third.leg_id
    lab.meet()
    lab.act(AgentHandedOver)
    ends = CallState.CONNECTED if whom == "colleague" else CallState.OUTSIDE
    lab.wait(lambda: lab.call.state is ends)
    assert lab.partner() == other


@pytest.mark.parametrize("gone", ["agent", "colleague", "customer"])
def test_in_three_a_leg_is_lost_and_the_other_two_go_on(lab, gone):
    lab.consult()
    lab.meet()
    first, second = lab.agent(1).leg_id, lab.agent(2).leg_id
    if gone == "customer":
        lab.kill(lab.call.leg_id)
        lab.wait(lambda: lab.closed)
        assert lab.closed[0].outcome is Outcome.HANDLED
        assert lab.agent(1).state is AgentState.WRAP_UP
        assert lab.agent(2).state is AgentState.READY
        return
    lab.kill(first if gone == "agent" else second)
    lab.wait(lambda: lab.call.state is CallState.CONNECTED)
    assert lab.partner() == (second if gone == "agent" else first)


def test_the_customer_hangs_up_in_a_consultation_and_the_agents_talk_no_more(lab):
    lab.consult()
    lab.kill(lab.call.leg_id)
    lab.wait(lambda: lab.closed)
    legs = [lab.agent(i).leg_id for i in (1, 2)]
    lab.wait(lambda: all(look_at(lab.node.api, leg).bridged_to is None for leg in legs))


def test_the_agents_phone_dies_in_a_consultation_and_the_colleague_has_the_customer(lab):
    lab.consult()
    lab.kill(lab.agent(1).leg_id)
    lab.wait(lambda: lab.call.state is CallState.CONNECTED and lab.call.agent_id == 2)
    assert lab.partner() == lab.agent(2).leg_id


def test_a_blind_transfer_outside_and_its_end(lab):
    lab.act(AgentTransferredOut, "answers")
    lab.wait(lambda: lab.call.state is CallState.OUTSIDE)
    outside = lab.call.third.leg_id
    assert lab.partner() == outside
    assert lab.agent(1).state is AgentState.WRAP_UP
    lab.kill(outside)
    lab.wait(lambda: lab.closed)
    assert (lab.closed[0].outcome, lab.closed[0].agent_id) == (Outcome.HANDLED, 1)
    assert lab.closed[0].entrusted_at < lab.closed[0].ended_at


def test_a_busy_outside_number_brings_the_customer_back_to_the_giver(lab):
    lab.act(AgentTransferredOut, "busy")
    lab.wait(lambda: lab.call.state is CallState.ENTRUSTED)
    lab.wait(lambda: lab.call.state is CallState.CONNECTED)
    assert lab.partner() == lab.agent(1).leg_id
    assert lab.floor.ledger.n_live == 1


def test_a_consulted_number_that_is_busy_leaves_agent_and_customer_together(lab):
    lab.act(AgentConsultedOut, "busy")
    lab.wait(lambda: lab.call.state is CallState.CONSULTING)
    lab.wait(lambda: lab.call.state is CallState.CONNECTED)
    assert lab.partner() == lab.agent(1).leg_id

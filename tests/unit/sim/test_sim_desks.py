import math

import pytest

from dialer.model.agent import AgentState
from dialer.model.commands import NoteAgent, PopLead
from dialer.model.disposition import SEED_DISPOSITIONS
from dialer.model.events import (
    AgentAskedPause,
    AgentAskedReady,
    AgentDisposed,
    AgentHungUp,
    AgentLoggedIn,
)
from dialer.model.moment import Moment
from dialer.sim.desks import DeskAgent, Desks, Disposal, Habits
from dialer.sim.person import Answer
from dialer.sim.population import DEMO, Population

START = Moment(0.0, 1_800_000_000.0)
PEOPLE = Population(5, DEMO)


def lead_where(wanted):
    return next(lead for lead in range(1, 5000) if wanted(PEOPLE.person(str(lead), 1)))


def is_live(person):
    return person.outcome is Answer.LIVE


TALKER = lead_where(lambda person: is_live(person) and not person.hangs_up_first)
LEAVER = lead_where(lambda person: is_live(person) and person.hangs_up_first)
MACHINE = lead_where(lambda person: person.is_machine)


class Office:
    """One desk and a clock that the test moves."""

    def __init__(self, **habits):
        self.desks = Desks(
            PEOPLE, [DeskAgent(1, 9, "Awa", "1001")], START,
            habits=Habits(pause_share=habits.pop("pause_share", 0.0), **habits),
        )  # fmt: skip
        self.now = START

    def note(self, state, attempt_id=None, phone=True, code=""):
        return self.desks.handle(
            NoteAgent(1, 9, state, self.now.utc, code, attempt_id, "leg", phone), self.now
        )

    def pop(self, lead):
        self.desks.handle(
            PopLead(1, 9, f"t{lead}", lead, 1, "+33600000000", "", (), False, self.now.utc),
            self.now,
        )

    def talk(self, lead):
        self.pop(lead)
        assert self.note(AgentState.TALKING, f"t{lead}") == []

    def wait(self, seconds):
        self.now = self.now.plus(seconds)
        return self.desks.expire(self.now)


@pytest.fixture
def office():
    office = Office()
    assert office.wait(0.0) == [AgentLoggedIn(1, 9, "Awa", "1001")]
    return office


def test_agents_log_in_one_after_the_other():
    agents = [DeskAgent(i, 9, "", str(1000 + i)) for i in range(3)]
    desks = Desks(PEOPLE, agents, START, habits=Habits(stagger_s=2.0))
    times = []
    while (at := desks.next_deadline()) is not None:
        times += [at] * len(desks.expire(Moment(at, at)))
    assert times == [0.0, 2.0, 4.0]


def test_an_agent_gets_ready_when_the_phone_is_up(office):
    office.note(AgentState.PAUSED, phone=False)
    assert office.wait(2.0) == []
    office.note(AgentState.PAUSED)
    assert office.wait(1.1) == [AgentAskedReady(1)]
    office.note(AgentState.READY)
    assert office.desks.next_deadline() is None


def test_a_machine_is_known_by_ear_and_disposed_of(office):
    office.talk(MACHINE)
    assert office.wait(2.9) == []
    assert office.wait(2.2) == [AgentHungUp(1)]
    office.note(AgentState.WRAP_UP, f"t{MACHINE}")
    assert office.wait(2.1) == [
        Disposal(1, f"t{MACHINE}", "MACHINE"), AgentDisposed(1, f"t{MACHINE}", True)
    ]  # fmt: skip


def test_the_agent_ends_the_talk_unless_the_customer_does(office):
    office.talk(TALKER)
    person = PEOPLE.person(str(TALKER), 1)
    assert office.desks.next_deadline() == pytest.approx(person.talk_s)
    assert office.wait(person.talk_s) == [AgentHungUp(1)]


def test_the_agent_waits_for_a_customer_who_hangs_up_first(office):
    office.talk(LEAVER)
    assert office.desks.next_deadline() is None


def test_wrap_up_lasts_as_the_population_says_and_saves_the_form_first(office):
    office.talk(LEAVER)
    office.note(AgentState.WRAP_UP, f"t{LEAVER}")
    wrap_up_s = PEOPLE.wrap_up_s(str(LEAVER), 1)
    assert office.desks.next_deadline() == pytest.approx(wrap_up_s)
    disposal, disposed = office.wait(wrap_up_s)
    assert disposed == AgentDisposed(1, f"t{LEAVER}", False)
    assert disposal.code in {one.code for one in SEED_DISPOSITIONS}


def test_a_customer_who_hangs_up_under_the_agent_ends_the_talk(office):
    office.talk(TALKER)
    office.note(AgentState.WRAP_UP, f"t{TALKER}")
    assert AgentHungUp(1) not in office.wait(1000.0)


def test_a_late_form_is_saved_after_the_overrun(office):
    office.talk(LEAVER)
    office.note(AgentState.WRAP_UP, f"t{LEAVER}")
    office.note(AgentState.PAUSED, f"t{LEAVER}", code="WRAP_UP_LIMIT")
    assert isinstance(office.wait(1.1)[0], Disposal)


def test_a_pause_of_ones_own_lasts():
    office = Office(pause_share=1.0, pause_s=(60.0, 60.0))
    office.wait(0.0)
    office.talk(MACHINE)
    office.note(AgentState.WRAP_UP, f"t{MACHINE}")
    assert office.wait(2.1)[1:] == [
        AgentDisposed(1, f"t{MACHINE}", True, is_ready_after=False), AgentAskedPause(1, "PAUSE")
    ]  # fmt: skip
    office.note(AgentState.PAUSED, code="")
    office.note(AgentState.PAUSED, code="PAUSE")
    assert office.wait(59.0) == []
    assert office.wait(1.1) == [AgentAskedReady(1)]


def test_codes_are_of_the_seeded_set_and_callbacks_rare_and_timed():
    office = Office()
    office.wait(0.0)
    disposals = []
    for lead in range(1, 1500):
        if is_live(PEOPLE.person(str(lead), 1)):
            office.talk(lead)
            office.note(AgentState.WRAP_UP, f"t{lead}")
            disposals += [one for one in office.wait(200.0) if isinstance(one, Disposal)]
    codes = {one.code for one in disposals}
    assert codes <= {one.code for one in SEED_DISPOSITIONS}
    callbacks = [one for one in disposals if one.code == "RAPPEL"]
    assert 0.005 < len(callbacks) / len(disposals) < 0.10
    assert all(one.note and (one.callback_in_s or 0) >= 1800 for one in callbacks)
    assert all(one.callback_in_s is None for one in disposals if one.code != "RAPPEL")


def test_other_peoples_screens_are_ignored(office):
    assert office.desks.handle(NoteAgent(2, 9, AgentState.TALKING, 0.0), START) == []
    assert office.desks.next_deadline() is None or math.isfinite(office.desks.next_deadline())

"""What a list holds never reaches the switch's command line: only opaque identities do."""

from dataclasses import dataclass, replace

from dialer.config import read_switches
from dialer.model.campaign import Campaign, CampaignState
from dialer.model.commands import BridgeLegs, CallAgent, HangUpLeg, Originate, PlayNotice
from dialer.model.ids import CampaignId
from dialer.model.moment import Moment
from dialer.run.virtual import START_UTC, EndlessSupply, VirtualWorld
from dialer.sim.desks import Desks
from dialer.sim.scenarios import SCENARIOS
from dialer.sim.typed import TypedSwitch
from dialer.switch import verbs
from esl.commands import Api

MARK = "EVIL"
NAME = f"{MARK}'\"{{x}}[y]<z>\n\rsendevent ${{system(rm)}} :_: ^^|,=\\&\0é"
SWITCH = read_switches("esl://n1:a-long-password@127.0.0.1:8021")[0]
LINES = {
    Originate: lambda command: verbs.dial_customer(command, SWITCH),
    CallAgent: lambda command: verbs.dial_agent(command, SWITCH),
    BridgeLegs: verbs.bridge,
    PlayNotice: lambda command: verbs.play(command, SWITCH),
    HangUpLeg: verbs.hang_up,
}


@dataclass(slots=True)
class HostileSupply(EndlessSupply):
    def claim(self, n_leads, now):
        leads = EndlessSupply.claim(self, n_leads, now)
        return tuple(replace(lead, name=NAME, fields={NAME: NAME}) for lead in leads)


class RecordingSwitch(TypedSwitch):
    """Renders every command as the real adapter would, and keeps the bytes."""

    def __init__(self, *args, **options):
        super().__init__(*args, **options)
        self.sent = []

    def handle(self, command, now):
        self.sent.append((type(command), Api(LINES[type(command)](command)).encode()))
        return super().handle(command, now)


def test_a_hostile_lead_name_never_reaches_the_switchs_command_line():
    start, scenario = Moment(0.0, START_UTC), SCENARIOS["demo"]
    switch = RecordingSwitch("n1", scenario.population(7), start)
    desks = Desks(scenario.population(7), scenario.agents(CampaignId(1)), start)
    campaign = Campaign(CampaignId(1), "c", state=CampaignState.RUNNING, rule_set="ANY")
    world = VirtualWorld(campaign, switch, desks, 7, supply=HostileSupply())
    world.run(180.0)
    assert {kind for kind, _ in switch.sent} >= {Originate, CallAgent, BridgeLegs, HangUpLeg}
    assert world.tally.n_bridged > 10
    for _, line in switch.sent:
        assert MARK.encode() not in line
        assert line.count(b"\n") == 2  # the command's own end

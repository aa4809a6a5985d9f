"""The key 9 in a broadcast, pressed at the far end: the person is blocked, and the call is over.

The engine, its loop and the switch's adapter are the product's; the far end of the number plan
presses the key as a telephone does (RFC 2833 on the laboratory's carrier).
"""

from collections.abc import Iterator
from uuid import uuid4

import gevent
import pytest

from dialer.config import SwitchSettings
from dialer.engine.dispatcher import Dispatcher
from dialer.model.campaign import Campaign, CampaignState, PacingMode
from dialer.model.commands import (
    BlockPerson,
    CloseAttempt,
    HangUpLeg,
    Originate,
    RefillHopper,
    SwitchCommand,
)
from dialer.model.events import CampaignConfigured, LeadsClaimed
from dialer.model.ids import NodeName
from dialer.model.lead import Lead
from dialer.model.outcome import Outcome
from dialer.run.clocks import SystemClock
from dialer.run.engine_loop import EngineLoop
from dialer.switch.node import SwitchNode

pytestmark = pytest.mark.freeswitch

PATIENCE_S = 20.0
PRESSES_9 = "+33612345613"
CAMPAIGN = Campaign(
    1, "message", state=CampaignState.RUNNING, mode=PacingMode.BROADCAST, rule_set="ANY",
    broadcast_message="message", has_consent=True,
)  # fmt: skip


class Broadcast:
    """One lead, and what the engine asked for, in order."""

    def __init__(self, settings: SwitchSettings) -> None:
        self.asked: list[object] = []
        self._leads = [Lead(77, 1, PRESSES_9, "Europe/Paris")]
        self.dispatcher = Dispatcher(lambda: str(uuid4()))
        self.node = SwitchNode(settings, self._emit, self.dispatcher.legs)
        self.loop = EngineLoop(self.dispatcher, self._perform, SystemClock())
        self._running = gevent.spawn(self.loop.run)
        self.node.start()
        self.wait(lambda: self.dispatcher.nodes.least_loaded() is not None)
        self.dispatcher.nodes.get(NodeName("n1")).min_idle_cpu = 0.0  # whatever else runs here
        self._emit(CampaignConfigured(CAMPAIGN))

    def _emit(self, event) -> None:
        self.loop.emit(event)

    def _perform(self, command) -> None:
        self.asked.append(command)
        if isinstance(command, SwitchCommand):
            self.node.execute(command)
        elif isinstance(command, RefillHopper):
            leads, self._leads = tuple(self._leads), []
            self._emit(LeadsClaimed(1, leads))

    def of(self, kind):
        return [command for command in self.asked if isinstance(command, kind)]

    def wait(self, condition) -> None:
        with gevent.Timeout(PATIENCE_S, AssertionError("waited in vain")):
            while not condition():
                gevent.sleep(0.02)

    def close(self) -> None:
        for leg_id in list(self.dispatcher.legs()):
            self.node.api(f"uuid_kill {leg_id}")
        self._running.kill()
        self.node.stop()


@pytest.fixture
def broadcast(place) -> Iterator[Broadcast]:
    playing = Broadcast(place.settings())
    yield playing
    playing.close()


def test_the_key_9_blocks_the_person_and_ends_the_call(broadcast):
    broadcast.wait(lambda: broadcast.of(CloseAttempt))
    (dialled,) = broadcast.of(Originate)
    (closed,) = broadcast.of(CloseAttempt)
    assert [one.attempt_id for one in broadcast.of(BlockPerson)] == [dialled.attempt_id]
    assert [one.leg_id for one in broadcast.of(HangUpLeg)] == [dialled.leg_id]
    assert (closed.attempt_id, closed.outcome) == (dialled.attempt_id, Outcome.OPTED_OUT)

"""An originate whose link is lost: never dialled again blindly, and never left open."""

import gevent
import pytest
from live_floor import simulated_switch, until
from test_node_resync import Told

from dialer.model.commands import Originate
from dialer.model.events import LegAnswered, OriginateFailed
from dialer.model.permit import Permit
from esl import LinkLost, LossStage, ReplyTimeout

LOSSES = {
    "not written": LinkLost(LossStage.NOT_SENT, "pulled"),
    "written": LinkLost(LossStage.UNCONFIRMED, "pulled"),
    "accepted": LinkLost(LossStage.ACCEPTED, "pulled"),
    "late, and taken back": ReplyTimeout("originate", 5.0, LossStage.NOT_SENT),
}


def order(leg_id):
    permit = Permit(1, "+33600000001", "ANY", 9e9)
    return Originate(permit, 1, "a", leg_id, 1, 1, "n1", "+33600000001", "", 15.0, 0.0)


@pytest.mark.parametrize("loss", LOSSES.values(), ids=LOSSES.keys())
@pytest.mark.parametrize("is_done", [True, False], ids=["done", "not done"])
def test_a_lost_originate_is_looked_for_and_not_repeated(monkeypatch, loss, is_done):
    with simulated_switch() as server, Told(server) as told:
        node, written = told.node, []
        plain = node._originates.bgapi

        def lossy(line, job_uuid, **options):
            written.append(job_uuid)
            if is_done:
                plain(line, job_uuid, **options)
            raise loss

        monkeypatch.setattr(node._originates, "bgapi", lossy)
        told.legs.append("leg-1")
        node.execute(order("leg-1"))
        if is_done:
            until(lambda: told.of(LegAnswered))
            gevent.sleep(0.05)
            assert told.of(OriginateFailed) == []
        else:
            until(lambda: told.of(OriginateFailed))
            assert told.of(OriginateFailed) == [OriginateFailed("leg-1", "NOT_SENT", is_local=True)]
        assert written == ["leg-1"]


def test_an_originate_whose_answer_is_late_is_told_of_by_its_events(monkeypatch):
    """The switch is slow, not gone: it dials when it gets to it, and somebody picks up."""
    with simulated_switch() as server, Told(server) as told:
        node, late = told.node, []

        def slow(*asked, **options):
            late.append((asked, options))
            raise ReplyTimeout("originate", 5.0, LossStage.UNCONFIRMED)

        plain = node._originates.bgapi
        monkeypatch.setattr(node._originates, "bgapi", slow)
        told.legs.append("leg-1")
        node.execute(order("leg-1"))
        until(lambda: late)
        gevent.sleep(0.05)
        ((asked, options),) = late
        plain(*asked, **options)
        until(lambda: told.of(LegAnswered))
        assert told.of(OriginateFailed) == []


def test_an_originate_that_nobody_can_look_for_is_left_to_the_reaper(monkeypatch):
    """The switch may be ringing somebody: to say that nothing was sent would dial him again."""
    with simulated_switch() as server, Told(server) as told:
        node = told.node

        def lost(*_, **__):
            raise LinkLost(LossStage.UNCONFIRMED, "pulled")

        monkeypatch.setattr(node._originates, "bgapi", lost)
        monkeypatch.setattr(node._commands, "api", lost)
        told.legs.append("leg-1")
        node.execute(order("leg-1"))
        gevent.sleep(0.1)
        assert told.of(OriginateFailed) == []

"""A supervisor among simulated agents, in real processes: listened, taken over, and recorded."""

import pytest
from sqlalchemy import text

from dialer.model.events import SupervisorAsked, SupervisorStopped
from dialer.model.ids import CampaignId
from dialer.model.supervision import SupervisionMode, SupervisionState
from dialer.store.session import transaction
from dialer.store.tables import User

pytestmark = pytest.mark.timeout(180)


class Supervisor:
    """Presses the buttons of the live page, and reads what it shows."""

    def __init__(self, floor):
        self.floor, self.bus = floor, floor.found.bus()
        with transaction(floor.found.sessions()) as session:
            row = User(login="sam", name="Sam", password_hash="-", role="supervisor")
            session.add(row)
            session.flush()
            self.user_id = row.id

    @property
    def picture(self):
        return self.bus.snapshot(CampaignId(self.floor.campaign_id)) or {}

    @property
    def state(self):
        mine = [one for one in self.picture.get("supervisions", ()) if one["state"] != "ENDED"]
        return mine[0]["state"] if mine else None

    def ask(self, mode):
        """Of an agent who talks now; asked again until it is so, for talks are short."""
        wanted = {"LISTEN": "LISTENING", "TAKE_OVER": "TAKEN_OVER"}[mode]

        def is_done():
            if self.state == wanted:
                return True
            talking = [one for one in self.picture.get("agents", ()) if one["state"] == "TALKING"]
            newest = max(talking, key=lambda one: one["since"], default=None)
            if newest is not None and self.state in (None, "STANDING_BY", "LISTENING"):
                agent_id, attempt_id = newest["agent_id"], newest["attempt_id"]
                event = SupervisorAsked(
                    self.user_id, agent_id, attempt_id, SupervisionMode(mode), "Sam", "1090"
                )
                self.bus.tell(event)
            return False

        self.floor.wait(wanted, is_done)

    def stop(self):
        self.bus.tell(SupervisorStopped(self.user_id))

    def kept(self, state):
        """How many stretches of that kind are open, and how many are over."""
        with transaction(self.floor.found.sessions()) as session:
            rows = session.execute(
                text("SELECT ended_at IS NULL FROM supervisions WHERE state = :state"),
                {"state": SupervisionState(state)},
            ).scalars()
            ended = [not is_open for is_open in rows]
        return ended.count(False), ended.count(True)


def test_who_listens_is_on_record_and_hears_nobody_after_a_restart(floor):
    floor.open()
    sam = Supervisor(floor)
    floor.wait_for_bridges(3)
    sam.ask("LISTEN")
    floor.wait("the record", lambda: sum(sam.kept("LISTENING")) > 0)
    floor.kill("controller")
    floor.start_controller()
    floor.wait("its end", lambda: sam.kept("LISTENING")[0] == 0)
    sam.ask("TAKE_OVER")
    floor.wait("the record", lambda: sum(sam.kept("TAKEN_OVER")) > 0)
    sam.stop()  # hangs up the customer
    floor.wait("the customer's end", lambda: sam.kept("TAKEN_OVER")[0] == 0)
    sam.stop()  # hangs up the phone
    floor.close()
    floor.assert_whole()

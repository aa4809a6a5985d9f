"""Leads stand where number, postcode and field say; their turn moves the number only."""

from datetime import datetime
from zoneinfo import ZoneInfo

from store_facts import NOON, World

from dialer.model.outcome import Outcome
from dialer.store import lead_intake
from dialer.store.lead_intake import NewLead
from dialer.store.tables import LeadList, LeadRow


def add(world, **facts):
    with world.transaction() as session:
        batch = session.get_one(LeadList, world.list_id)
        batch.region = facts.pop("region", "FR")
        (judged,) = lead_intake.add(session, batch, [NewLead(**facts)])
        row = session.get_one(LeadRow, judged.lead_id)
        row.due_at = datetime(2026, 1, 1, tzinfo=ZoneInfo("UTC"))
        return judged.lead_id


def test_the_place_stays_when_the_turn_goes_to_another_number(world):
    lead_id = add(world, written="0612345678", others=("0262550002",), postcode="57000")
    row = world.get(LeadRow, lead_id)
    assert (row.time_zone, row.place) == ("Europe/Paris@57", "Europe/Paris@57")
    lead = world.dial("a1")
    world.close(lead, outcome=Outcome.BUSY, retry_at=NOON + 300)
    assert world.get(LeadRow, lead_id).time_zone == "Europe/Paris@57 Indian/Reunion"


def test_a_campaign_that_keeps_holidays_claims_nobody_on_one(session_factory):
    noon = datetime(2026, 7, 3, 12, 0, tzinfo=ZoneInfo("America/New_York")).timestamp()
    world = World(session_factory, rule_set="US", keeps_holidays=True)
    add(world, written="2125550123", region="US", time_zone="America/New_York")
    assert world.claim(1, noon) == ()  # Independence Day is kept on the Friday before
    assert len(world.claim(1, noon + 4 * 86_400)) == 1


def test_no_lead_of_alsace_is_claimed_on_good_friday(session_factory):
    noon = datetime(2026, 4, 3, 11, 0, tzinfo=ZoneInfo("Europe/Paris")).timestamp()
    world = World(session_factory, rule_set="FR", basis="CONTRACT")
    for number, postcode in (("0612345678", "67000"), ("0612345679", "75011")):
        add(world, written=number, postcode=postcode)
    assert [lead.number for lead in world.claim(2, noon)] == ["+33612345679"]

from floor import Bench, lead, only

from dialer.engine.hopper import DRY_PAUSE_S, Hopper
from dialer.model.campaign import CampaignState
from dialer.model.commands import RefillHopper, ReleaseLeads
from dialer.model.events import LeadWithdrawn, NumberBlocked
from dialer.model.permit import Refusal, RefusalReason


def filled(n, *, until=1000.0):
    hopper = Hopper()
    hopper.wants(n, 0.0)
    hopper.fill(tuple(lead(i) for i in range(n)), until, 0.0)
    return hopper


def test_low_water_asks_for_what_is_missing_to_high_water():
    hopper = filled(10)
    assert hopper.wants(10, 0.0) == 0
    for _ in range(5):
        hopper.pop(0.0)
    assert hopper.wants(10, 0.0) == 0
    hopper.pop(0.0)
    assert hopper.wants(10, 0.0) == 6


def test_no_second_claim_while_one_is_under_way():
    hopper = Hopper()
    assert hopper.wants(10, 0.0) == 10
    assert hopper.wants(10, 99.0) == 0


def test_after_a_short_claim_the_next_one_waits_a_little():
    hopper = Hopper()
    hopper.wants(10, 0.0)
    hopper.fill((lead(1),), 1000.0, 0.0)
    assert hopper.wants(10, DRY_PAUSE_S - 0.1) == 0
    assert hopper.wants(10, DRY_PAUSE_S) == 9


def test_leads_come_out_in_the_order_they_came_in():
    hopper = filled(3)
    assert [hopper.pop(0.0).lead_id for _ in range(3)] == [0, 1, 2]
    assert hopper.pop(0.0) is None


def test_a_lead_whose_lease_is_over_is_not_dialled():
    hopper = Hopper()
    hopper.fill((lead(1),), 10.0, 0.0)
    hopper.fill((lead(2),), 20.0, 5.0)
    assert hopper.pop(10.0).lead_id == 2


def test_the_same_lead_is_held_once():
    hopper = filled(2)
    hopper.fill((lead(1), lead(2)), 1000.0, 0.0)
    assert len(hopper) == 3


def test_a_blocked_number_leaves_the_hopper_wherever_it_stands():
    hopper = filled(4)
    assert hopper.remove(number=lead(2).number) == (2,)
    assert hopper.remove(lead_id=0) == (0,)
    assert hopper.remove(number="+33199999999") == ()
    assert hopper.drain() == (1, 3)
    assert len(hopper) == 0


def test_the_floor_claims_for_its_campaign_at_the_first_tick():
    bench = Bench(hopper_size=50, claim_lease_s=120.0)
    assert bench.all(RefillHopper) == [RefillHopper(1, 50, 120.0)]


def test_the_engine_uses_a_lease_for_four_fifths_of_its_time():
    bench = Bench(claim_lease_s=100.0)
    bench.wait(0.5)
    bench.stock(n=1)
    assert bench.floor.hopper.pop(bench.now.mono + 79.9) is not None
    bench.stock(n=1)
    assert bench.floor.hopper.pop(bench.now.mono + 80.0) is None


def test_leads_that_come_to_a_paused_campaign_go_back_at_once():
    bench = Bench()
    bench.wait(0.5)
    bench.configure(state=CampaignState.PAUSED)
    assert only(ReleaseLeads, bench.stock(n=2)) == [ReleaseLeads(1, (1, 2), bench.now.utc)]


def test_a_blocked_number_is_released_as_blocked_and_a_withdrawn_lead_is_not():
    bench = Bench()
    bench.stock(n=3)
    now = bench.now.utc
    refusal = Refusal(RefusalReason.DO_NOT_CALL)
    assert bench.do(NumberBlocked(lead(2).number)) == [ReleaseLeads(1, (2,), now, refusal=refusal)]
    assert bench.do(LeadWithdrawn(1, 3)) == [ReleaseLeads(1, (3,), now)]
    assert bench.do(LeadWithdrawn(1, 3)) == []

"""The rehearsed day: who is met, who is abandoned, what is counted."""

import pytest

from dialer.model.campaign import PacingMode
from dialer.policy.picture import Seat, Sign
from dialer.sim.own_pacing import OwnPacing
from dialer.sim.pacer import Pacer
from dialer.sim.population import BENCHMARK, Population
from dialer.sim.rehearsal import Rehearsal, Work

SCREENED = (1.5, 2.5)


def alone(n_agents, **limits):
    return Work(((0.0, n_agents),), **limits)


class Notes(Pacer):
    """Keeps `n_lines` calls in flight and writes down what it hears."""

    def __init__(self, n_lines, beat_s=0.5, hears_events=True):
        self.n_lines, self.beat_s, self.hears_events = n_lines, beat_s, hears_events
        self.decided_at, self.fates, self.ends = [], {}, []
        self.n_seen = []

    def calls_to_place(self, floor):
        self.decided_at.append(floor.now)
        self.n_seen.append((sum(floor.staff.n_in.values()), floor.n_agents))
        return max(self.n_lines - floor.n_in_flight, 0)

    def answered(self, call, now):
        self.ends.append((call.key, round(now - call.dialed_at, 9), True))

    def ended_unanswered(self, call, now, is_carrier_fault):
        self.ends.append((call.key, round(now - call.dialed_at, 9), False))

    def abandoned(self, now):
        self.fates[now] = "abandoned"


def rehearse(pacer, work, seconds, seed=7):
    rehearsal = Rehearsal(Population(seed, BENCHMARK), work, pacer)
    rehearsal.run(seconds)
    return rehearsal


def test_the_same_seed_gives_the_same_day_and_another_seed_another():
    first, again, other = (
        rehearse(OwnPacing.cold(), alone(6, screening_s=SCREENED), 1200.0, seed).takings
        for seed in (7, 7, 8)
    )
    assert first == again
    assert first.n_live > 20
    assert first != other


def test_all_pacers_meet_the_same_people_in_the_order_of_dialling():
    fast, slow = Notes(40), Notes(10)
    rehearse(fast, alone(30), 600.0)
    rehearse(slow, alone(30), 2400.0)
    shared = min(len(fast.ends), len(slow.ends)) - 60  # late ends of either run are not in yet
    assert shared > 200
    assert sum(end in fast.ends for end in slow.ends[:shared]) == shared


def test_an_answer_without_agent_is_abandoned_when_patience_ends():
    notes = Notes(5)
    rehearsal = rehearse(notes, Work(((0.0, 0),), patience_s=2.0, screening_s=SCREENED), 300.0)
    takings = rehearsal.takings
    assert takings.total.n_served == 0
    assert takings.total.n_abandoned == len(notes.fates) > 5
    assert takings.abandon_rate == 1.0


def test_one_call_per_free_agent_abandons_nobody():
    pacer = OwnPacing.cold(mode=PacingMode.PROGRESSIVE)
    takings = rehearse(pacer, alone(20, screening_s=SCREENED), 7200.0).takings
    assert takings.total.n_abandoned == 0
    assert takings.wait_s == pytest.approx(66.5, abs=4.0)
    assert takings.talk_share == pytest.approx(0.58, abs=0.02)


def test_screening_keeps_machines_from_agents_and_without_it_agents_find_them():
    pacers = [OwnPacing.cold(), OwnPacing.cold()]
    screened = rehearse(pacers[0], alone(20, screening_s=SCREENED), 900.0).takings
    heard = rehearse(pacers[1], alone(20), 900.0).takings
    assert screened.n_machines == 0
    assert heard.n_machines > 25
    assert heard.n_live < heard.total.n_served + heard.total.n_abandoned
    for pacer, takings in zip(pacers, (screened, heard), strict=True):
        assert pacer.state.ledger.n_live == takings.n_live
        assert pacer.state.ledger.n_abandoned == takings.total.n_abandoned


def test_the_bank_is_target_times_live_less_abandoned():
    pacer = OwnPacing.cold(target=0.028)
    takings = rehearse(pacer, alone(10, screening_s=SCREENED), 1800.0).takings
    bank = 0.028 * takings.n_live - takings.total.n_abandoned
    assert pacer.state.ledger.bank == pytest.approx(bank, abs=1e-9)


def test_decisions_on_events_keep_a_tenth_of_a_second_and_beats_come_besides():
    notes = Notes(200)
    rehearse(notes, alone(100), 60.0)
    gaps = [b - a for a, b in zip(notes.decided_at, notes.decided_at[1:], strict=False)]
    beats = {round(at / 0.5) for at in notes.decided_at if at % 0.5 < 1e-9}
    assert beats == set(range(121))
    on_events = [gap for gap, at in zip(gaps, notes.decided_at[1:], strict=True) if at % 0.5 > 1e-9]
    assert min(on_events) >= 0.1 - 1e-9
    assert len(on_events) > 200


def test_a_pacer_that_hears_no_events_decides_on_its_beat_alone():
    notes = Notes(50, beat_s=2.5, hears_events=False)
    rehearse(notes, alone(10), 100.0)
    assert notes.decided_at == [2.5 * i for i in range(41)]


def test_agents_who_leave_finish_their_call_and_new_ones_begin_free():
    notes = Notes(30)
    work = Work(((0.0, 12), (600.0, 5), (1200.0, 9)))
    rehearsal = rehearse(notes, work, 599.0)
    assert len(rehearsal.floor.staff.agents) == 12
    rehearsal.run(600.0)
    busy = [agent for agent in rehearsal.floor.staff.agents if agent.is_leaving]
    assert busy and all(agent.seat is not Seat.FREE for agent in busy)
    rehearsal.run(1199.0)
    assert len(rehearsal.floor.staff.agents) == 5
    rehearsal.run(1500.0)
    assert len(rehearsal.floor.staff.agents) == 9
    assert all(seated == logged_in for seated, logged_in in notes.n_seen)


def test_every_second_of_every_agent_is_counted_once():
    takings = rehearse(OwnPacing.cold(), Work(((0.0, 8), (900.0, 8), (900.5, 3))), 1800.0).takings
    worked = sum(takings.seconds.values())
    assert 8 * 900.5 + 3 * 899.5 <= worked < 8 * 1800.0
    steady = rehearse(OwnPacing.cold(), alone(8), 1000.0).takings
    assert sum(steady.seconds.values()) == pytest.approx(8000.0)


def test_minutes_add_up_to_the_day():
    takings = rehearse(OwnPacing.cold(), alone(10, screening_s=SCREENED), 1800.0).takings
    parts = [takings.between(start, start + 600.0) for start in (0.0, 600.0, 1200.0)]
    assert sum(part.n_served for part in parts) == takings.total.n_served
    assert sum(part.wait_s for part in parts) == pytest.approx(takings.total.wait_s)


def test_a_person_with_early_media_is_seen_and_learnt_as_one():
    class Told(Population):
        def person(self, lead_id, attempt_number, number="", at_s=0.0):
            person = super().person(lead_id, attempt_number, number, at_s)
            return person._replace(has_early_media=int(lead_id) % 2 == 0)

    class Checker(OwnPacing):
        def calls_to_place(self, floor):
            for call, sign in zip(floor.lines._calls, floor.lines.in_flight().signs, strict=True):
                odd, even = Sign.RINGING, Sign.EARLY_MEDIA
                assert sign in (
                    Sign.NOTHING,
                    Sign.PICKED_UP,
                    even if int(call.key) % 2 == 0 else odd,
                )
            return super().calls_to_place(floor)

    pacer = Checker.cold()
    Rehearsal(Told(401, BENCHMARK), alone(10, screening_s=SCREENED), pacer).run(900.0)
    n_calls = pacer.state.learned.signs.n_calls
    assert n_calls[Sign.RINGING] > 50
    assert n_calls[Sign.EARLY_MEDIA] > 50


def test_the_arrays_that_pacing_sees_are_the_calls_and_agents_there_are():
    class Checker(Notes):
        def calls_to_place(self, floor):
            lines, staff = floor.lines, floor.staff
            seen = lines.in_flight()
            assert len(seen) == len(lines) == len(lines._calls)
            assert [call.dialed_at for call in lines._calls] == seen.dialed_at.tolist()
            assert [call.row for call in lines._calls] == list(range(len(lines)))
            rung = seen.signs == Sign.RINGING
            assert (seen.sign_at[rung] > seen.dialed_at[rung]).all()
            assert [agent.seat for agent in staff.agents] == staff.crew.seats.tolist()
            assert [agent.since for agent in staff.agents] == staff.crew.since.tolist()
            assert [not agent.is_leaving for agent in staff.agents] == (
                staff.crew.takes_calls.tolist()
            )
            return super().calls_to_place(floor)

    checker = Checker(100)
    rehearse(checker, Work(((0.0, 25), (200.0, 10), (300.0, 30)), screening_s=SCREENED), 500.0)
    assert len(checker.ends) > 500

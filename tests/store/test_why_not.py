"""An empty hopper is no mystery: each lead has its reason, and what has none is claimed."""

from sqlalchemy import text
from store_facts import NOON

from dialer.model.agent import AgentState
from dialer.model.commands import NoteAgent
from dialer.model.outcome import Outcome
from dialer.model.permit import Refusal, RefusalReason
from dialer.store import agents, campaigns, consents, dispositions, do_not_call, leads, why_not
from dialer.store.tables import LeadRow

DAY_S = 86_400.0


def reasons(world, now=NOON):
    with world.factory() as session:
        found = why_not.reasons_of_campaign(session, world.campaign_id, now)
    return {one.reason: (one.n_leads, one.first_at, one.last_at) for one in found}


def of_lead(world, lead_id, now=NOON):
    with world.factory() as session:
        return why_not.reason_of_lead(session, session.get_one(LeadRow, lead_id), now)


def configure(world, **settings):
    with world.transaction() as session:
        campaigns.update_settings(session, world.campaign_id, settings)


def test_leads_are_counted_by_reason_with_the_first_and_the_last_end(world):
    world.add_leads(2)
    world.add_leads(1, 10, due_at=NOON + 100)
    world.add_leads(1, 11, due_at=NOON + 900)
    world.add_leads(1, 12, state="DONE")
    world.add_leads(3, 20, list_id=world.add_list(is_active=False))
    with world.transaction() as session:
        do_not_call.add(session, "+33100000001", source="ADMIN")
    assert reasons(world) == {
        None: (1, None, None),
        RefusalReason.DO_NOT_CALL: (1, None, None),
        RefusalReason.RETRY_LATER: (2, NOON + 100, NOON + 900),
        RefusalReason.FINISHED: (1, None, None),
        RefusalReason.LIST_OFF: (3, None, None),
    }


def test_counted_by_pages_it_is_the_same(world, monkeypatch):
    """Two leads to a page, on two lists: no lead is left out, none counted twice."""
    monkeypatch.setattr(why_not, "PAGE", 2)
    world.add_leads(5)
    world.add_leads(3, 10, due_at=NOON + 100)
    world.add_leads(2, 20, due_at=NOON + 900, list_id=world.add_list())
    whole = reasons(world)
    pages = why_not.reasons_by_pages(world.factory, world.campaign_id, NOON)
    assert {one.reason: (one.n_leads, one.first_at, one.last_at) for one in pages} == whole
    assert whole[RefusalReason.RETRY_LATER] == (5, NOON + 100, NOON + 900)


def test_whether_there_are_many_leads_is_asked_of_few(world):
    world.add_leads(3)
    with world.factory() as session:
        assert why_not.has_more_than(session, world.campaign_id, 2)
        assert not why_not.has_more_than(session, world.campaign_id, 3)


def test_what_is_shown_as_callable_is_what_a_claim_takes(world):
    world.add_leads(5)
    world.add_leads(2, 10, time_zone="Pacific/Auckland")
    world.add_leads(1, 20, number="+33899123456")
    with world.transaction() as session:
        consents.record(
            session, ["+33100000000", "+33100000001"], given_at=NOON - DAY_S, source="FORM",
            evidence="form 3",
        )  # fmt: skip
        do_not_call.add(session, "+33100000001", source="AGENT")
    configure(world, rule_set="DE", windows=None)
    n_callable = reasons(world)[None][0]
    assert [lead.number for lead in world.claim(50)] == ["+33100000000"]
    assert n_callable == 1
    assert reasons(world)[RefusalReason.IN_HOPPER] == (1, None, None)
    held = world.get(LeadRow, 2)
    assert held.held_for == "DO_NOT_CALL", "a claim notes why it passed the lead over"
    assert of_lead(world, 3) == Refusal(RefusalReason.NO_CONSENT)


def test_a_claim_is_not_kept_from_those_behind_a_thousand_that_may_not_be_called(world):
    with world.transaction() as session:
        session.execute(
            text("""
            INSERT INTO leads (list_id, campaign_id, number, time_zone, name, fields, state,
                               priority, due_at, n_attempts, n_tries)
            SELECT :list, :campaign, '+338990' || 10000 + i, 'Europe/Paris', '', '{}', 'NEW',
                   50, to_timestamp(:now - 9999), 0, 0
            FROM generate_series(1, 3000) i"""),
            {"list": world.list_id, "campaign": world.campaign_id, "now": NOON},
        )
    (free,) = world.add_leads(1)
    assert [lead.lead_id for lead in world.claim(5)] == [free]
    configure(world, opened_destinations=["+3389"])
    assert len(world.claim(5)) == 5, "the campaign's rules changed: they are judged anew"


def test_a_refusal_silences_all_leads_of_the_person_until_it_is_taken_back(world):
    world.add_leads(1)
    (twin,) = world.add_leads(1, list_id=world.add_list())
    configure(world, rule_set="FR", basis="CONTRACT", windows=[
        {"weekdays": list(range(7)), "opens_min": 0, "closes_min": 1440}
    ])  # fmt: skip
    lead = world.dial()
    world.handled(lead)

    def say(code):
        with world.transaction() as session:
            dispositions.record(session, "a1", world.agent_id, code, "", None, NOON + 70)

    say("REFUS")
    ends = NOON + 10 + 61 * DAY_S
    assert of_lead(world, twin, NOON + DAY_S) == Refusal(RefusalReason.LATELY_REFUSED, ends)
    say("OK")
    assert of_lead(world, twin, NOON + DAY_S) is None


def test_a_call_that_no_network_made_is_not_charged_whatever_came_first(world):
    configure(world, cap_most=1, cap_within_s=3600.0)
    world.add_leads(1)
    (twin,) = world.add_leads(1, list_id=world.add_list())
    lead = world.dial()
    assert of_lead(world, twin).reason is RefusalReason.BEING_CALLED
    assert world.claim() == ()
    world.close(lead, outcome=Outcome.CONGESTION, retry_at=NOON + 5, ended_at=NOON + 1)
    assert of_lead(world, twin) is None, "the hold ended with the call"
    again = world.dial("a2", NOON + 6)
    world.close(again, "a2", Outcome.NO_ANSWER, retry_at=NOON + 10, ended_at=NOON + 8)
    assert of_lead(world, twin, NOON + 20) == Refusal(RefusalReason.CAPPED, NOON + 6 + 3600.0)


def test_a_promised_callback_is_the_one_call_of_its_person(world):
    world.add_leads(1)
    (twin,) = world.add_leads(1, list_id=world.add_list())
    lead = world.dial()
    with world.transaction() as session:
        dispositions.record(
            session, "a1", world.agent_id, "RAPPEL", "demain", NOON + DAY_S, NOON + 30,
            is_supervisor=True,
        )  # fmt: skip
    world.handled(lead)
    refusal = of_lead(world, twin, NOON + 60)
    assert refusal == Refusal(RefusalReason.PROMISED_ELSEWHERE, NOON + 2 * DAY_S)
    assert world.claim(5, NOON + 60) == ()
    assert [one.lead_id for one in world.claim(5, NOON + DAY_S)] == [lead.lead_id]


def test_a_callback_waits_for_its_agent_and_comes_at_once_when_he_logs_in(world):
    configure(world, callback_wait_s=900.0)
    (lead_id,) = world.add_leads(
        1, state="CALLBACK", priority=10, callback_agent_id=world.agent_id, due_at=NOON
    )
    assert world.claim() == ()
    assert of_lead(world, lead_id) == Refusal(RefusalReason.AWAITS_OWNER, NOON + 900.0)
    with world.transaction() as session:
        agents.note_agent(
            session,
            NoteAgent(world.agent_id, world.campaign_id, AgentState.READY, NOON, "", None, None,
                      is_phone_up=True),
        )  # fmt: skip
    assert [one.lead_id for one in world.claim()] == [lead_id]


def test_a_lead_in_the_hopper_is_asked_again_where_its_attempt_is_written(world):
    """A refusal on another list since the claim: no row, no call, and the lead is held."""
    configure(world, min_gap_s=600.0)
    world.add_leads(1)
    (lead,) = world.claim()
    with world.transaction() as session:
        session.execute(
            text(
                "INSERT INTO number_history (number, tries_at) VALUES (:n, ARRAY[to_timestamp(:t)])"
            ),
            {"n": lead.number, "t": NOON - 60},
        )
    assert world.open(lead) == set()
    assert world.get(LeadRow, lead.lead_id).held_for == "TOO_SOON"
    with world.transaction() as session:
        assert leads.release(session, [lead.lead_id], NOON) == 0

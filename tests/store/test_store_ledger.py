"""The abandon rate from the ledger equals the one from the attempts, whatever happened."""

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import text
from store_facts import NOON, World

from dialer.model.outcome import Outcome
from dialer.store import dispositions, ledger

CALLS = st.lists(
    st.fixed_dictionaries(
        {
            "bridged_after_s": st.sampled_from([None, 0.3, 1.9, 2.4, 5.0]),
            "is_answered": st.booleans(),
            "code": st.sampled_from([None, "OK", "MACHINE", "PAS_INT"]),
            "is_code_first": st.booleans(),
            "is_early_hangup": st.booleans(),
            "is_amended": st.booleans(),
        }
    ),
    max_size=6,
)


def fates(call):
    """Outcome and flags as the engine decides them for an answer limit of 2 s."""
    wait = call["bridged_after_s"]
    if not call["is_answered"]:
        return Outcome.NO_ANSWER, False, False
    if wait is not None:
        return Outcome.HANDLED, True, wait > 2.0
    if call["is_early_hangup"]:
        return Outcome.EARLY_HANGUP, False, False
    return Outcome.ABANDONED, True, True


def play(world, i, call):
    lead = world.dial(f"a{i}")
    outcome, is_live, is_abandoned = fates(call)
    is_bridged = outcome is Outcome.HANDLED
    facts = {
        "answered_at": NOON + 5 if call["is_answered"] else None,
        "bridged_at": NOON + 5 + call["bridged_after_s"] if is_bridged else None,
        "agent_id": world.agent_id if is_bridged else None,
        "is_live_answer": is_live,
        "is_abandoned": is_abandoned,
    }

    def say(code):
        with world.transaction() as session:
            dispositions.record(
                session, f"a{i}", world.agent_id, code, "", None, NOON + 70, is_supervisor=True
            )

    code = call["code"] if is_bridged else None
    if code and call["is_code_first"]:
        say(code)
    world.close(lead, f"a{i}", outcome, **facts)
    if code and not call["is_code_first"]:
        say(code)
    if code and call["is_amended"]:
        say("OK")


@settings(
    max_examples=15, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(CALLS)
def test_ledger_and_attempts_agree(session_factory, calls):
    with session_factory.begin() as session:
        session.execute(text("TRUNCATE campaigns, users, number_history RESTART IDENTITY CASCADE"))
    world = World(session_factory)
    world.add_leads(len(calls))
    for i, call in enumerate(calls):
        play(world, i, call)
    with world.factory() as session:
        window = (session, world.campaign_id, NOON - 1, NOON + 3600)
        by_ledger = ledger.abandon_by_ledger(*window)
        assert by_ledger == ledger.abandon_by_attempts(*window)
    assert by_ledger.n_abandoned == sum(fates(call)[2] for call in calls)


def test_rate_of_nothing_is_zero(world):
    with world.factory() as session:
        assert ledger.abandon_by_ledger(session, world.campaign_id, 0, NOON).rate == 0.0


DAY_S = 86_400.0
SERVED = {"is_live_answer": True, "is_abandoned": False}
ABANDONED = {"is_live_answer": True, "is_abandoned": True}


def test_answers_are_counted_by_the_days_of_the_zone(world):
    """An answer at 23.30 UTC is today's in London and tomorrow's in Paris."""
    world.add_leads(3)
    late = NOON + 11.5 * 3600
    for i, (at, fate) in enumerate([(NOON, SERVED), (NOON, ABANDONED), (late, ABANDONED)]):
        outcome = Outcome.ABANDONED if fate["is_abandoned"] else Outcome.HANDLED
        world.close(world.dial(f"a{i}"), f"a{i}", outcome, answered_at=at, **fate)
    with world.factory() as session:
        window = (NOON - 3 * DAY_S, NOON + DAY_S)
        london = ledger.answers_by_day(session, world.campaign_id, "Europe/London", *window)
        paris = ledger.answers_by_day(session, world.campaign_id, "Asia/Tokyo", *window)
    assert [(count.n_served, count.n_abandoned) for count in london] == [(1, 2)]
    assert [(count.n_served, count.n_abandoned) for count in paris] == [(1, 1), (0, 1)]
    assert paris[1].day == paris[0].day + 1


def test_an_abandoned_number_is_protected_in_every_list(world):
    world.add_leads(2)
    other = world.add_list(name="other")
    world.add_leads(1, list_id=other)
    lead = world.dial("a0")
    world.close(lead, "a0", Outcome.ABANDONED, answered_at=NOON + 5, **ABANDONED)
    by_number = {one.number: one for one in world.claim(2)}
    assert by_number[lead.number].abandoned_at == NOON + 60
    assert [one.abandoned_at for one in by_number.values() if one.number != lead.number] == [None]

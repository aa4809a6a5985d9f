"""SQL and policy say the same of every lead: the same reason, ending at the same instant."""

from dataclasses import replace

import pytest
from hypothesis import HealthCheck, event, given, settings
from hypothesis import strategies as st
from sqlalchemy import text
from store_facts import NOON, World

from dialer.model.campaign import Basis, CampaignState, PacingMode
from dialer.model.lead import Lead, LeadState
from dialer.model.permit import RefusalReason
from dialer.policy.compliance import CHECKS, Standing, why_not
from dialer.store.campaigns import get_campaign
from dialer.store.instants import instant
from dialer.store.tables import (
    AgentSession,
    AttemptRow,
    Consent,
    DoNotCall,
    LeadList,
    LeadRow,
    NumberHistory,
    User,
    Withdrawal,
)
from dialer.store.verdict import CONDITIONS, parameters, verdict

DAY_S = 86_400.0


def test_sql_asks_in_the_order_of_the_policy_and_of_the_vocabulary():
    order = [reason for reason, _, _ in CONDITIONS]
    assert order == list(CHECKS)
    assert order == [reason for reason in RefusalReason if reason in CHECKS]


def _past(most_days):
    """An instant of the past, on the edges of the rules more often than not."""
    edges = [
        at for at in (600.0, DAY_S, 3 * DAY_S, 30 * DAY_S, 61 * DAY_S) if at / DAY_S <= most_days
    ]
    near = st.builds(lambda edge, off: edge + off, st.sampled_from(edges), st.integers(-1, 1))
    return st.one_of(near, st.floats(0.0, most_days * DAY_S).map(round)).map(lambda ago: NOON - ago)


def mostly(usual, *seldom):
    """One answer that lets the later questions be asked, and others."""
    return st.sampled_from([usual] * 3 * max(len(seldom), 2) + list(seldom))


LEADS = st.fixed_dictionaries(
    {
        "number": mostly("+33612345678", "+33899123456", "+19001234567", "0612345678"),
        "state": st.one_of(st.just(LeadState.NEW), st.just(LeadState.CALLBACK),
                           st.sampled_from(list(LeadState))),
        "time_zone": st.sampled_from(
            ["Europe/Paris", "America/New_York", "Mars/Base", "Pacific/Auckland",
             "America/New_York America/Chicago"]
        ),
        "due_in": st.sampled_from([-2 * DAY_S, -1000.0, -900.0, -899.0, 0.0, 1.0, 9000.0]),
        "n_tries": mostly(0, 3, 4), "n_attempts": mostly(1, 12, 14),
        "has_owner": st.booleans(), "is_other_number": mostly(False, True),
    }
)  # fmt: skip
WORLDS = st.fixed_dictionaries(
    {
        "tries": st.one_of(st.just([]), st.lists(_past(61), max_size=7)),
        "refused_at": st.none() | _past(62),
        "abandoned_at": st.none() | _past(4),
        "is_owner_here": st.booleans(), "is_list_on": mostly(True, False),
        "in_call": mostly(False, True),
        "blocked": mostly("", "everywhere", "here", "elsewhere"),
        "consent": mostly("valid", "", "here", "elsewhere", "withdrawn", "expired", "future"),
        "wish": mostly("", "before", "after", "elsewhere"),
        "promised_in": st.none() | st.sampled_from([-DAY_S, 1.0 - DAY_S, -60.0, 3600.0]),
    }
)  # fmt: skip
RULES = st.fixed_dictionaries(
    {
        "rule_set": st.sampled_from(["FR", "US", "US_FL", "DE", "ANY", "BJ"]),
        "state": mostly(CampaignState.RUNNING, CampaignState.PAUSED),
        "basis": st.sampled_from(list(Basis)),
        "mode": mostly(PacingMode.PREDICTIVE, PacingMode.BROADCAST),
        "max_attempts": st.just(3), "min_gap_s": st.sampled_from([0.0, 600.0]),
        "cap_most": st.integers(0, 3), "cap_within_s": st.sampled_from([3600.0, DAY_S]),
        "opened_destinations": st.sampled_from([(), ("+3389",)]),
        "hour": st.integers(0, 23),
    }
)  # fmt: skip


@pytest.fixture
def two(session_factory):
    """Campaign 1, with an agent; campaign 2 beside it."""
    world = World(session_factory)
    with world.transaction() as session:
        world.other_id = world.another_campaign(session).id
    return world


@settings(
    max_examples=100, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(LEADS, WORLDS, RULES, st.booleans())
def test_sql_agrees_with_the_policy_on_any_lead(two, lead, world, rules, has_own_agent):
    now = NOON + rules["hour"] * 3600.0
    with two.factory() as session:
        facts = _store(session, two, lead, world, now)
        asked = {name: value for name, value in rules.items() if name != "hour"}
        campaign = replace(get_campaign(session, two.campaign_id), **asked)
        wanted = parameters(campaign, [lead["time_zone"]], now, has_own_agent=has_own_agent)
        found = session.execute(
            text(verdict("leads l") + " WHERE f.id = :id"), wanted | {"id": facts[0].lead_id}
        ).one()
        expected = why_not(*facts, campaign, now, has_own_agent=has_own_agent)
    said = None if expected is None else (expected.reason, expected.until)
    until = None if found.until is None else found.until.timestamp()
    event(str(found.reason))
    assert (None if found.reason is None else (found.reason, until)) == said


def _store(session, two, lead, world, now):
    """Put the lead and its number's facts into tables; the same as the policy's facts."""
    owner = two.agent_id if lead["has_owner"] else None
    due_at = now + lead["due_in"]
    first, other = lead["number"], None
    if lead["is_other_number"]:
        first, other = "+33699999999", lead["number"]
    session.add(
        row := LeadRow(
            list_id=two.list_id, campaign_id=two.campaign_id, number=first, next_number=other,
            time_zone=lead["time_zone"], state=lead["state"], due_at=instant(due_at),
            n_tries=lead["n_tries"], n_attempts=lead["n_attempts"], callback_agent_id=owner,
        )
    )  # fmt: skip
    session.get_one(LeadList, two.list_id).is_active = world["is_list_on"]
    tries = sorted(set(world["tries"]))
    session.add_all(_histories(first, other, tries, world))
    session.flush()
    _add_others(session, two, lead, world, now)
    is_before = world["promised_in"] is not None and (
        lead["state"] is not LeadState.CALLBACK or now + world["promised_in"] < due_at
    )
    is_kept = is_before and world["promised_in"] > -DAY_S
    return (
        Lead(
            row.id, two.list_id, lead["number"], lead["time_zone"], lead["n_attempts"],
            lead["n_tries"], tuple(tries), refused_at=world["refused_at"],
            abandoned_at=world["abandoned_at"],
            is_do_not_call=world["blocked"] in ("everywhere", "here"),
            has_consent=_agreed(world), is_withdrawn=_withdrew(world) and not _agreed(world),
            is_being_called=world["in_call"], callback_agent_id=owner,
            promised_at=now + world["promised_in"] if is_kept else None,
        ),
        Standing(lead["state"], due_at, world["is_list_on"],
                 owner is None or world["is_owner_here"]),
    )  # fmt: skip


def _histories(first, other, tries, world):
    """What is known of one number, or in parts of the lead's first and of the other one."""
    known = NumberHistory(
        number=first, tries_at=[instant(at) for at in tries[::2]] if other else [],
        refused_at=instant(world["refused_at"]), abandoned_at=instant(world["abandoned_at"]),
    )  # fmt: skip
    if other is None:
        known.tries_at = [instant(at) for at in tries]
        return [known]
    return [known, NumberHistory(number=other, tries_at=[instant(at) for at in tries[1::2]])]


def _add_others(session, two, lead, world, now):
    number, here, elsewhere = lead["number"], two.campaign_id, two.other_id
    far = LeadList(campaign_id=elsewhere, name="autre", state="READY")
    session.add_all([far, User(login="zoé", name="Zoé", password_hash="-", role="agent")])
    session.flush()
    if world["promised_in"] is not None or world["in_call"]:
        twin = LeadRow(
            list_id=far.id, campaign_id=elsewhere, number=number, time_zone="Europe/Paris",
            state="DONE" if world["promised_in"] is None else "CALLBACK",
            due_at=instant(now + (world["promised_in"] or 0.0)),
        )  # fmt: skip
        session.add(twin)
        session.flush()
    if world["in_call"]:
        session.add(
            AttemptRow(
                id="live", campaign_id=elsewhere, list_id=far.id, lead_id=twin.id, number=number,
                attempt_number=1, caller_id="", rule_set="FR", node="n1", leg_id="l",
                started_at=instant(now),
            )
        )  # fmt: skip
    if world["blocked"]:
        scope = {"everywhere": None, "here": here, "elsewhere": elsewhere}[world["blocked"]]
        session.add(DoNotCall(number=number, campaign_id=scope, source="ADMIN"))
    if world["consent"]:
        session.add(_consent(world["consent"], number, here, elsewhere, now))
    if world["wish"]:
        session.add(
            Withdrawal(
                number=number, source="REPLY", at=instant(now - WISHES[world["wish"]]),
                campaign_id=elsewhere if world["wish"] == "elsewhere" else None,
            )
        )  # fmt: skip
    if world["is_owner_here"] and lead["has_owner"]:
        session.add(
            AgentSession(
                agent_id=two.agent_id, campaign_id=here, started_at=instant(now), state="READY",
                state_since=instant(now), pause_code="",
            )
        )  # fmt: skip
    session.flush()


WISHES = {"before": 60.0, "after": -60.0, "elsewhere": -60.0}
"""How long before the consent somebody asked to be called no more."""


def _withdrew(world):
    return world["wish"] in ("before", "after")


def _agreed(world):
    return world["consent"] in ("valid", "here") and world["wish"] != "after"


def _consent(kind, number, here, elsewhere, now):
    return Consent(
        number=number, source="FORM", evidence="formulaire v3",
        campaign_id={"here": here, "elsewhere": elsewhere}.get(kind),
        given_at=instant(now + 1.0 if kind == "future" else now),
        withdrawn_at=instant(now) if kind == "withdrawn" else None,
        expires_at=instant(now) if kind == "expired" else None,
    )  # fmt: skip

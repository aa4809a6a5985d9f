"""The figures of each law at its edges: one row for each, in the called person's local time."""

from dataclasses import replace
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dialer.model.campaign import Basis, Campaign, CampaignState
from dialer.model.lead import Lead
from dialer.model.permit import Permit, Refusal, RefusalReason
from dialer.policy.compliance import may_dial, windows_of
from dialer.policy.rule_sets import RULE_SETS

ZONES = {
    "FR": "Europe/Paris", "US": "America/Chicago", "US_FL": "America/New_York",
    "UK": "Europe/London", "CA": "America/Toronto", "DE": "Europe/Berlin",
    "BJ": "Africa/Porto-Novo", "ANY": "Asia/Tokyo",
}  # fmt: skip
OPEN, CLOSED = None, RefusalReason.OUTSIDE_WINDOW
DAY = timedelta(days=1)


def asked(code, local, **facts):
    """The reason against a call at a local time, or OPEN."""
    zone = ZONES[code]
    at = datetime.fromisoformat(local).replace(tzinfo=ZoneInfo(zone)).timestamp()
    lead = Lead(1, 1, "+33612345678", zone, has_consent=True)
    campaign = Campaign(1, "c", state=CampaignState.RUNNING, rule_set=code)
    answer = may_dial(replace(lead, **facts), campaign, at)
    return answer.reason if isinstance(answer, Refusal) else OPEN


@pytest.mark.parametrize(
    ("code", "local", "expected"),
    [
        # Monday 21 September 2026
        ("FR", "2026-09-21T09:59:59", CLOSED), ("FR", "2026-09-21T10:00:00", OPEN),
        ("FR", "2026-09-21T12:59:59", OPEN), ("FR", "2026-09-21T13:00:00", CLOSED),
        ("FR", "2026-09-21T13:59:59", CLOSED), ("FR", "2026-09-21T14:00:00", OPEN),
        ("FR", "2026-09-21T19:59:59", OPEN), ("FR", "2026-09-21T20:00:00", CLOSED),
        ("FR", "2026-09-19T11:00:00", CLOSED), ("FR", "2026-09-20T11:00:00", CLOSED),
        ("FR", "2026-11-11T11:00:00", CLOSED), ("FR", "2026-11-12T11:00:00", OPEN),
        ("US", "2026-09-21T07:59:59", CLOSED), ("US", "2026-09-21T08:00:00", OPEN),
        ("US", "2026-09-20T20:59:59", OPEN), ("US", "2026-09-20T21:00:00", CLOSED),
        ("US", "2026-12-25T11:00:00", OPEN),
        ("US_FL", "2026-09-21T07:59:59", CLOSED), ("US_FL", "2026-09-21T08:00:00", OPEN),
        ("US_FL", "2026-09-20T19:59:59", OPEN), ("US_FL", "2026-09-20T20:00:00", CLOSED),
        ("UK", "2026-09-21T07:59:59", CLOSED), ("UK", "2026-09-21T08:00:00", OPEN),
        ("UK", "2026-09-21T20:59:59", OPEN), ("UK", "2026-09-21T21:00:00", CLOSED),
        ("UK", "2026-09-19T08:59:59", CLOSED), ("UK", "2026-09-19T09:00:00", OPEN),
        ("UK", "2026-09-20T12:00:00", CLOSED),
        ("CA", "2026-09-21T08:59:59", CLOSED), ("CA", "2026-09-21T09:00:00", OPEN),
        ("CA", "2026-09-21T21:29:59", OPEN), ("CA", "2026-09-21T21:30:00", CLOSED),
        ("CA", "2026-09-20T09:59:59", CLOSED), ("CA", "2026-09-20T10:00:00", OPEN),
        ("CA", "2026-09-20T17:59:59", OPEN), ("CA", "2026-09-20T18:00:00", CLOSED),
        ("DE", "2026-09-21T07:59:59", CLOSED), ("DE", "2026-09-21T08:00:00", OPEN),
        ("DE", "2026-09-19T19:59:59", OPEN), ("DE", "2026-09-19T20:00:00", CLOSED),
        ("DE", "2026-09-20T12:00:00", CLOSED), ("DE", "2026-10-03T12:00:00", CLOSED),
        ("BJ", "2026-09-21T07:59:59", CLOSED), ("BJ", "2026-09-21T08:00:00", OPEN),
        ("BJ", "2026-09-19T19:59:59", OPEN), ("BJ", "2026-09-20T12:00:00", CLOSED),
        ("ANY", "2026-09-20T03:00:00", OPEN),
    ],
)  # fmt: skip
def test_first_and_last_minute_sundays_and_holidays(code, local, expected):
    assert asked(code, local) is expected


def days_before(code, local, *days):
    """Instants so many days before a local time, in order."""
    at = datetime.fromisoformat(local).replace(tzinfo=ZoneInfo(ZONES[code]))
    return tuple(sorted((at - DAY * n).timestamp() for n in days))


NOON = "2026-09-21T11:00:00"


@pytest.mark.parametrize(
    ("code", "tries", "expected"),
    [
        ("FR", (3, 9, 12), OPEN), ("FR", (3, 9, 12, 29.99), RefusalReason.CAPPED),
        ("FR", (3, 9, 12, 30), OPEN), ("FR", (1, 3, 9, 12, 20), RefusalReason.CAPPED),
        ("US_FL", (0.3, 0.5), OPEN), ("US_FL", (0.3, 0.5, 0.9), RefusalReason.CAPPED),
        ("US_FL", (0.3, 0.5, 1), OPEN),
        ("DE", (0.3, 0.5, 0.9), RefusalReason.CAPPED), ("DE", (0.3, 0.5, 1), OPEN),
        ("US", (0.1, 0.2, 0.3, 0.4, 0.5), OPEN), ("UK", (0.1, 0.2, 0.3, 0.4), OPEN),
    ],
)  # fmt: skip
def test_the_fifth_try_of_thirty_days_and_the_fourth_of_one(code, tries, expected):
    assert asked(code, NOON, tries_at=days_before(code, NOON, *tries)) is expected


@pytest.mark.parametrize(
    ("code", "days", "expected"),
    [
        ("FR", 1, RefusalReason.LATELY_REFUSED), ("FR", 59, RefusalReason.LATELY_REFUSED),
        ("FR", 60, RefusalReason.LATELY_REFUSED), ("FR", 61, OPEN), ("US", 1, OPEN),
    ],
)  # fmt: skip
def test_sixty_whole_days_of_silence_after_a_refusal(code, days, expected):
    (refused_at,) = days_before(code, NOON, days)
    assert asked(code, NOON, refused_at=refused_at) is expected


@pytest.mark.parametrize(
    ("code", "local", "expected"),
    [
        ("FR", "2026-08-10T19:59:59", OPEN),
        ("FR", "2026-08-11T10:00:00", RefusalReason.NO_CONSENT),
        ("DE", "2020-09-21T11:00:00", RefusalReason.NO_CONSENT), ("US", NOON, OPEN),
        ("UK", NOON, OPEN), ("CA", NOON, OPEN), ("BJ", NOON, OPEN),
    ],
)  # fmt: skip
def test_whom_the_law_lets_be_called_without_consent_and_until_when(code, local, expected):
    assert asked(code, local, has_consent=False) is expected


def test_a_contract_in_force_stands_for_the_consent():
    lead = Lead(1, 1, "+33612345678", "Europe/Paris")
    campaign = Campaign(
        1, "c", state=CampaignState.RUNNING, rule_set="FR", basis=Basis.CONTRACT
    )  # fmt: skip
    assert isinstance(may_dial(lead, campaign, days_before("FR", NOON, 0)[0]), Permit)


def test_every_figure_has_its_source():
    plain = {"code", "calendar", "sources"}
    for rules in RULE_SETS.values():
        given_ones = {
            name for name in rules.__dataclass_fields__
            if name not in plain and getattr(rules, name) not in ("", (), 0.0, None)
        }  # fmt: skip
        if rules.opt_in_from == 0.0:
            given_ones.add("opt_in_from")
        assert rules.code == "ANY" or given_ones == set(rules.sources)


SOME_ZONES = (
    "Europe/Paris", "America/New_York", "America/Santiago", "Australia/Lord_Howe", "Asia/Kolkata",
    "Africa/Casablanca", "Pacific/Apia", "America/Guadeloupe", "Asia/Tehran", "Europe/London",
    "America/New_York America/Los_Angeles", "Europe/Lisbon Europe/Paris",
)  # fmt: skip
CHANGES = (1_774_746_000, 1_792_890_000, 1_772_953_200, 1_793_512_800, 1_775_311_200)
"""Instants near which clocks are changed somewhere, in 2026."""


@given(
    st.sampled_from(sorted(RULE_SETS)), st.sampled_from(SOME_ZONES),
    st.one_of(
        st.integers(1_767_225_600, 1_830_297_600),
        st.builds(lambda at, off: at + off, st.sampled_from(CHANGES), st.integers(-90_000, 90_000)),
    ),
)  # fmt: skip
def test_no_permit_outside_the_hours_of_any_zone_across_changes_of_the_clock(code, zone, utc):
    campaign = Campaign(
        1, "c", state=CampaignState.RUNNING, rule_set=code, basis=Basis.CONTRACT
    )  # fmt: skip
    lead = Lead(1, 1, "+33612345678", zone, has_consent=True)
    answer = may_dial(lead, campaign, float(utc))
    locals_ = [datetime.fromtimestamp(utc, ZoneInfo(one)) for one in zone.split()]
    is_within = all(
        any(
            local.weekday() in window.weekdays
            and window.opens_min <= local.hour * 60 + local.minute < window.closes_min
            for window in windows_of(campaign)
        )
        for local in locals_
    )
    if isinstance(answer, Permit):
        assert is_within
    else:
        assert answer.reason is RefusalReason.OUTSIDE_WINDOW
        assert answer.until is None or answer.until > utc
        again = answer.until and may_dial(lead, campaign, answer.until)
        assert again is None or isinstance(again, Permit), "the end of the reason is its end"

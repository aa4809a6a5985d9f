from dataclasses import replace

import pytest

from dialer.model.campaign import Campaign, CampaignState, PacingMode
from dialer.model.lead import Lead
from dialer.model.permit import Permit, Refusal, RefusalReason
from dialer.policy.broadcast import FREE, NEEDS_CONSENT, why_no_broadcast
from dialer.policy.compliance import may_dial
from dialer.policy.rule_sets import RULE_SETS

BROADCAST = Campaign(
    1, "c", state=CampaignState.RUNNING, mode=PacingMode.BROADCAST, broadcast_message="m",
    rule_set="ANY",
)  # fmt: skip


def test_each_rule_set_says_whether_it_needs_consent():
    assert set(RULE_SETS) == NEEDS_CONSENT | FREE
    assert not NEEDS_CONSENT & FREE


@pytest.mark.parametrize(
    ("changes", "setting"),
    [
        ({}, ""),
        ({"broadcast_message": ""}, "broadcast_message"),
        ({"rule_set": "FR"}, "has_consent"),
        ({"rule_set": "US"}, "has_consent"),
        ({"rule_set": "FR", "has_consent": True}, ""),
        ({"rule_set": "MARS", "has_consent": True}, "rule_set"),
    ],
)
def test_a_recorded_message_needs_a_recording_and_the_laws_leave(changes, setting):
    assert why_no_broadcast(replace(BROADCAST, **changes)).partition(":")[0] == setting


def test_without_leave_there_is_no_permit():
    lead = Lead(1, 1, "+33612345678", "Europe/Paris")
    always = {"windows": None, "rule_set": "ANY"}
    assert isinstance(may_dial(lead, replace(BROADCAST, **always), 1.79e9), Permit)
    silent = replace(BROADCAST, broadcast_message="")
    assert may_dial(lead, silent, 1.79e9) == Refusal(RefusalReason.NO_CONSENT)

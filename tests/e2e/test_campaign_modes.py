"""Every mode in turn, in one campaign that goes on."""

import time

import pytest

pytestmark = pytest.mark.timeout(300)

ATTEMPTS = "SELECT count(*) FROM attempts WHERE campaign_id = :campaign_id"
LIVE = f"{ATTEMPTS} AND ended_at IS NULL"
UNOWNED = f"{ATTEMPTS} AND agent_id IS NULL"
HEARD = f"{ATTEMPTS} AND outcome = 'MESSAGE_PLAYED'"
SKIPS = "SELECT count(*) FROM lead_skips WHERE campaign_id = :campaign_id"
LOGINS = "SELECT count(*) FROM agent_sessions WHERE campaign_id = :campaign_id"


def test_the_mode_is_changed_live_and_nobody_is_logged_out(floor):
    floor.configure(mode="PREVIEW", preview_limit_s=20)
    floor.open()
    floor.wait_for_bridges(8)
    logins = floor.count(LOGINS)
    assert floor.count(UNOWNED) == 0, "each call was its agent's own"
    for mode in ("RATIO", "PROGRESSIVE", "PREVIEW", "PREDICTIVE"):
        floor.configure(mode=mode)
        floor.wait_for_bridges(floor.n_bridged + 4)
    floor.configure(mode="BROADCAST", broadcast_message="hello")
    floor.wait("messages heard", lambda: floor.count(HEARD) >= 2)
    floor.configure(mode="MANUAL")
    floor.wait("no call goes on", lambda: floor.count(LIVE) == 0)
    n_before = floor.count(ATTEMPTS)
    time.sleep(1.5)  # three beats of pacing
    assert floor.count(ATTEMPTS) == n_before, "nobody asked for a call"
    floor.configure(mode="PREVIEW")
    floor.wait_for_bridges(floor.n_bridged + 4)
    floor.close()
    floor.assert_whole()
    assert floor.count(LOGINS) == logins
    assert floor.count(SKIPS) > 0

"""What happens in mid-campaign when the controller, the link or the switch dies."""

import time

import pytest

pytestmark = pytest.mark.timeout(180)

LOGINS = "SELECT count(*) FROM agent_sessions WHERE campaign_id = :campaign_id"
ORPHANS = """SELECT count(*) FROM attempts WHERE campaign_id = :campaign_id
             AND ended_at IS NULL AND started_at < now() - interval '35 seconds'"""


def test_a_killed_controller_is_replaced_without_a_second_dial_or_a_lost_disposition(floor):
    floor.open()
    floor.wait_for_bridges(10)
    floor.kill("controller")
    logins = floor.count(LOGINS)
    floor.start_controller()
    floor.wait("the calls of before the crash ended", lambda: floor.count(ORPHANS) == 0)
    floor.wait_for_bridges(floor.n_bridged + 10)
    floor.close()
    floor.assert_whole()
    assert floor.count(LOGINS) == logins  # nobody had to log in again


def test_a_link_pulled_for_five_seconds_dials_nobody_twice_and_loses_no_disposition(floor):
    floor.open()
    floor.wait_for_bridges(10)
    logins = floor.count(LOGINS)
    with floor.cable.pulled():
        time.sleep(5.0)
    floor.wait("the calls of before the gap ended", lambda: floor.count(ORPHANS) == 0)
    floor.wait_for_bridges(floor.n_bridged + 10)
    floor.close()
    floor.assert_whole()
    assert floor.count(LOGINS) == logins


def test_a_restarted_switch_ends_its_calls_and_the_agents_are_called_back(floor):
    floor.open()
    floor.wait_for_bridges(8)
    logins = floor.count(LOGINS)
    floor.kill("switch")
    floor.start_switch()
    floor.wait("the calls of before the restart ended", lambda: floor.count(ORPHANS) == 0)
    floor.wait_for_bridges(floor.n_bridged + 8)
    floor.close()
    floor.assert_whole()
    assert floor.count(LOGINS) == logins

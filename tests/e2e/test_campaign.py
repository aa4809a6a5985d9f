"""The main job, end to end, in real processes: and what happens when one of them dies."""

import time

import pytest

pytestmark = pytest.mark.timeout(180)


def test_live_answers_reach_agents_and_nothing_is_left_over(floor):
    floor.open()
    floor.wait_for_bridges(20)
    floor.close()
    figures = floor.figures()
    assert figures.agents_bridged == len(floor.stage.agent_logins)
    assert figures.answer_to_bridge_ms["p50"] < 2000
    floor.assert_whole()


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


def test_the_mode_is_changed_live_and_nobody_is_logged_out(floor):
    floor.configure(mode="PREVIEW", preview_limit_s=20)
    floor.open()
    floor.wait_for_bridges(8)
    logins = floor.count(LOGINS)
    assert floor.count(UNOWNED) == 0, "each call was its agent's own"
    for mode in ("RATIO", "PREVIEW", "PREDICTIVE", "MANUAL", "PREVIEW"):
        floor.configure(mode=mode)
        if mode == "MANUAL":
            floor.wait("no call goes on", lambda: floor.count(LIVE) == 0)
            n_before = floor.count(ATTEMPTS)
            time.sleep(3.0)
            assert floor.count(ATTEMPTS) == n_before, "nobody asked for a call"
        else:
            floor.wait_for_bridges(floor.n_bridged + 6)
    floor.close()
    floor.assert_whole()
    assert floor.count(LOGINS) == logins
    assert floor.count(SKIPS) > 0


ATTEMPTS = "SELECT count(*) FROM attempts WHERE campaign_id = :campaign_id"
LIVE = f"{ATTEMPTS} AND ended_at IS NULL"
UNOWNED = f"{ATTEMPTS} AND agent_id IS NULL"
SKIPS = "SELECT count(*) FROM lead_skips WHERE campaign_id = :campaign_id"
LOGINS = "SELECT count(*) FROM agent_sessions WHERE campaign_id = :campaign_id"
ORPHANS = """SELECT count(*) FROM attempts WHERE campaign_id = :campaign_id
             AND ended_at IS NULL AND started_at < now() - interval '35 seconds'"""

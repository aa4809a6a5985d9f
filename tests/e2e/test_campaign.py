"""The main job, end to end, in real processes: and what happens when one of them dies."""

import pytest

pytestmark = pytest.mark.timeout(180)


def test_live_answers_reach_agents_and_nothing_is_left_over(floor):
    floor.open()
    floor.wait_for_bridges(20)
    floor.close()
    figures = floor.figures()
    assert figures.agents_bridged == len(floor.stage.agent_logins)
    assert figures.errors == []  # the ledger's abandon rate equals that of the attempts
    assert floor.stuck() == []
    assert floor.children.errors() == []
    assert figures.answer_to_bridge_ms["p50"] < 2000
    assert floor.count(UNDISPOSED) == 0


def test_a_killed_controller_is_replaced_without_a_second_dial_or_a_lost_disposition(floor):
    floor.open()
    floor.wait_for_bridges(10)
    floor.kill("controller")
    logins = floor.count(LOGINS)
    floor.start_controller()
    floor.wait("the calls of before the crash ended", lambda: floor.count(ORPHANS) == 0)
    floor.wait_for_bridges(floor.n_bridged + 10)
    floor.close()
    assert floor.stuck() == []
    assert floor.children.errors() == []
    assert floor.figures().errors == []
    assert floor.count(REDIALLED) == 0
    assert floor.count(UNDISPOSED) == 0
    assert floor.count(LOGINS) == logins  # nobody had to log in again


def test_a_restarted_switch_ends_its_calls_and_the_agents_are_called_back(floor):
    floor.open()
    floor.wait_for_bridges(8)
    logins = floor.count(LOGINS)
    floor.kill("switch")
    floor.start_switch()
    floor.wait("the calls of before the restart ended", lambda: floor.count(ORPHANS) == 0)
    floor.wait_for_bridges(floor.n_bridged + 8)
    floor.close()
    assert floor.stuck() == []
    assert floor.children.errors() == []
    assert floor.count(REDIALLED) == 0
    assert floor.count(LOGINS) == logins


UNDISPOSED = """SELECT count(*) FROM attempts WHERE campaign_id = :campaign_id
                AND bridged_at IS NOT NULL AND disposition IS NULL"""
LOGINS = "SELECT count(*) FROM agent_sessions WHERE campaign_id = :campaign_id"
ORPHANS = """SELECT count(*) FROM attempts WHERE campaign_id = :campaign_id
             AND ended_at IS NULL AND started_at < now() - interval '35 seconds'"""
REDIALLED = """SELECT count(*) FROM (SELECT lead_id FROM attempts
               WHERE campaign_id = :campaign_id GROUP BY lead_id HAVING count(*) > 1) AS twice"""

"""The main job, end to end, in real processes."""

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

"""Answers that are listened to, end to end: tap, listening process, engine, agents and store."""

import pytest

pytestmark = [pytest.mark.timeout(300), pytest.mark.slow]

LISTENED = "SELECT count(*) FROM attempts WHERE campaign_id = :campaign_id AND amd_verdict {what}"
UNHEARD = """SELECT count(*) FROM attempts WHERE campaign_id = :campaign_id AND amd_verdict IS NULL
             AND answered_at IS NOT NULL AND outcome <> 'EARLY_HANGUP'"""
NOBODY_LISTENED = """SELECT count(*) FROM attempts WHERE campaign_id = :campaign_id
                     AND amd_cause = 'NO_LISTENER'"""
WRONGLY_BRIDGED = """SELECT count(*) FROM attempts WHERE campaign_id = :campaign_id
                     AND bridged_at IS NOT NULL
                     AND amd_verdict = 'MACHINE' AND NOT amd_is_checked"""


def test_who_answers_is_known_before_an_agent_hears_him_and_no_tap_stays(floor, tmp_path):
    floor.configure(amd="CONSUMER")
    floor.open()
    floor.wait_for_bridges(12)
    heard = LISTENED.format(what="IS NOT NULL")
    floor.wait("20 answers heard", lambda: floor.count(heard) >= 20, limit_s=90.0)
    floor.close()
    assert floor.count(UNHEARD) == 0
    assert floor.count(NOBODY_LISTENED) == 0, "the first answers of a cold start, too"
    assert floor.count(WRONGLY_BRIDGED) == 0
    assert floor.count(LISTENED.format(what="= 'HUMAN'")) >= 5
    assert sum(floor.figures().verdicts.values()) == floor.count(heard)
    floor.assert_whole()
    assert [path for path in tmp_path.rglob("*.r8")] == []

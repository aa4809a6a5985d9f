"""Order of events while dialling: as recorded from FreeSWITCH 1.10.12."""

import pytest

from dialer.sim.dialing import Limits

BORN = ["CHANNEL_OUTGOING", "CHANNEL_CREATE", "CHANNEL_ORIGINATE"]
DEAD = ["CHANNEL_HANGUP", "CHANNEL_HANGUP_COMPLETE", "CHANNEL_DESTROY"]


def test_an_answered_call_parks(bench):
    bench.dial("c", "33612345601")
    bench.wait(1.99)
    assert "CHANNEL_ANSWER" not in bench.events("c")
    bench.wait(0.02)
    assert bench.answers["c"] == "+OK c"
    assert bench.events("c") == [
        *BORN, "CHANNEL_PROGRESS", "CHANNEL_ANSWER", "CHANNEL_EXECUTE", "CHANNEL_PARK"
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("digits", "cause", "status", "rings"),
    [
        ("03", "USER_BUSY", 486, True),
        ("04", "UNALLOCATED_NUMBER", 404, False),
        ("06", "NORMAL_TEMPORARY_FAILURE", 503, False),
        ("10", "CALL_REJECTED", 603, True),
    ],
)
def test_a_refused_call_ends_once_with_the_cause_of_its_sip_answer(
    bench, digits, cause, status, rings
):
    bench.dial("c", "336123456" + digits)
    leg = bench.switch.leg("c")
    bench.wait(2.0)
    assert bench.events("c") == [*BORN, *(["CHANNEL_PROGRESS"] if rings else []), *DEAD]
    assert bench.answers["c"] == f"-ERR {cause}"
    assert (leg.cause, leg.sip_status, leg.disposition) == (cause, status, "recv_refuse")
    assert bench.switch.leg("c") is None


def test_ring_out_is_ours_and_ends_the_job_before_the_leg(bench):
    bench.dial("c", "33612345605", timeout_s=8.0)
    leg = bench.switch.leg("c")
    bench.wait(7.9)
    assert not bench.answers
    bench.wait(0.2)
    assert (leg.cause, leg.sip_status, leg.disposition) == ("NO_ANSWER", None, "send_cancel")
    assert bench.answers["c"] == "-ERR NO_ANSWER"


def test_early_media_comes_instead_of_ringing(bench):
    bench.dial("c", "33612345607")
    bench.wait(7.0)
    assert "CHANNEL_PROGRESS_MEDIA" in bench.events("c")
    assert "CHANNEL_PROGRESS" not in bench.events("c")


def test_early_media_that_is_not_ignored_answers_the_originate(bench):
    bench.dial("c", "33612345607", ignores_early_media=False)
    assert bench.answers["c"] == "+OK c"
    bench.wait(7.0)
    assert bench.events("c")[-3:] == ["CHANNEL_EXECUTE", "CHANNEL_PARK", "CHANNEL_ANSWER"]


def test_answer_and_goodbye_at_once_never_tells_an_answer(bench):
    bench.dial("c", "33612345609")
    leg = bench.switch.leg("c")
    bench.wait(2.0)
    assert bench.events("c") == [*BORN, "CHANNEL_PROGRESS", *DEAD]
    assert (leg.cause, leg.sip_status) == ("NORMAL_CLEARING", 200)
    assert bench.answers["c"] == "-ERR NORMAL_CLEARING"


def test_the_far_end_hangs_up_a_parked_call(bench):
    bench.dial("c", "33612345611")
    leg = bench.switch.leg("c")
    bench.wait(5.0)
    tail = ["CHANNEL_HANGUP", "CHANNEL_UNPARK", "CHANNEL_EXECUTE_COMPLETE", *DEAD[1:]]
    assert bench.events("c")[-5:] == tail
    assert leg.disposition == "recv_bye"


def test_keys_pressed_are_told(bench):
    bench.dial("c", "33612345612")
    bench.wait(3.0)
    digits = [h["DTMF-Digit"] for h in bench.headers if "DTMF-Digit" in h]
    assert digits == ["1", "2", "#"]


def test_a_call_killed_while_ringing(bench):
    bench.dial("c", "33612345605")
    leg = bench.switch.leg("c")
    bench.wait(1.0)
    bench.kill("c")
    assert bench.answers["c"] == "-ERR NORMAL_CLEARING"
    assert leg.disposition == "send_cancel"
    told = len(bench.told)
    bench.wait(100.0)
    assert bench.names("HANGUP")[-1:] == [("CHANNEL_HANGUP", "c")]
    assert {name for name, _ in bench.told[told:]} == {"HEARTBEAT"}


def test_local_refusals_tell_no_event(make_bench):
    bench = make_bench(Limits(max_sessions=1))
    assert bench.dial("a", "33612345601") is None
    told = len(bench.told)
    assert bench.dial("b", "33612345601") == "DESTINATION_OUT_OF_ORDER"
    bench.switch.limits.max_sessions = 10
    assert bench.dial("a", "33612345601") == "DESTINATION_OUT_OF_ORDER"
    bench.switch.limits.is_outbound_paused = True
    assert bench.dial("c", "33612345601") == "DESTINATION_OUT_OF_ORDER"
    assert len(bench.told) == told


def test_sessions_per_second_admits_one_less_each_second(make_bench):
    bench = make_bench(Limits(sessions_per_s=4))
    refusals = [bench.dial(f"a{i}", "33612345601") for i in range(5)]
    assert refusals == [None, None, None, "DESTINATION_OUT_OF_ORDER", "DESTINATION_OUT_OF_ORDER"]
    bench.wait(1.0)
    assert bench.dial("b", "33612345601") is None

import math

import pytest

from dialer.sim.sounds import seconds_of


@pytest.mark.parametrize(
    ("path", "seconds"),
    [
        ("tone_stream://%(300,0,600)", 0.3),
        ("tone_stream://%(400,200,425);loops=2", 1.2),
        ("tone_stream://%(300", 0.0),
        ("tone_stream://%(400,200,425);loops=-1", math.inf),
        ("silence_stream://500", 0.5),
        ("local_stream://moh", math.inf),
        ("/sounds/notice.wav", 6.0),
    ],
)
def test_how_long_a_path_plays(path, seconds):
    assert seconds_of(path, 6.0) == pytest.approx(seconds)


@pytest.fixture
def parked(bench):
    bench.dial("a", "agent1001", parks_after_bridge=True)
    bench.wait(0.5)
    bench.told.clear()
    bench.headers.clear()
    return bench


def test_a_broadcast_plays_over_the_park_and_leaves_it(parked):
    leg = parked.switch.leg("a")
    parked.switch.sounds.broadcast(leg, "tone_stream://%(400,200,425);loops=2")
    assert parked.events("a") == ["CHANNEL_EXECUTE", "PLAYBACK_START"]
    parked.wait(1.3)
    assert parked.events("a")[2:] == ["PLAYBACK_STOP", "CHANNEL_EXECUTE_COMPLETE"]
    assert parked.headers[2]["Playback-Status"] == "done"
    assert leg.app == "park"


def test_a_broken_file_says_break(parked):
    leg = parked.switch.leg("a")
    parked.switch.sounds.broadcast(leg, "local_stream://moh")
    parked.switch.sounds.stop(leg)
    assert parked.headers[2]["Playback-Status"] == "break"
    assert leg.playing is None


def test_a_leg_that_dies_under_a_file_ends_the_file_first(parked):
    parked.switch.sounds.broadcast(parked.switch.leg("a"), "notice.wav")
    parked.told.clear()
    parked.kill("a")
    assert parked.events("a") == [
        "CHANNEL_HANGUP", "PLAYBACK_STOP", "CHANNEL_EXECUTE_COMPLETE", "CHANNEL_UNPARK",
        "CHANNEL_EXECUTE_COMPLETE", "CHANNEL_HANGUP_COMPLETE", "CHANNEL_DESTROY",
    ]  # fmt: skip


def test_an_inline_script_plays_then_hangs_up(parked):
    leg = parked.switch.leg("a")
    script = (("playback", "tone_stream://%(300,0,500)"), ("hangup", "NORMAL_CLEARING"))
    parked.switch.sounds.transfer(leg, script)
    parked.wait(0.2)
    assert leg.is_up
    parked.wait(0.2)
    assert (leg.cause, leg.disposition) == ("NORMAL_CLEARING", "send_bye")
    assert parked.events("a")[-5:] == [
        "CHANNEL_EXECUTE", "CHANNEL_HANGUP", "CHANNEL_EXECUTE_COMPLETE",
        "CHANNEL_HANGUP_COMPLETE", "CHANNEL_DESTROY",
    ]  # fmt: skip


def test_a_transfer_of_a_bridged_leg_lets_the_other_follow_its_variables(bench):
    for leg_id in ("a", "b"):
        bench.dial(leg_id, "agent1001", parks_after_bridge=True)
    bench.wait(0.5)
    bench.bridge("a", "b")
    bench.switch.sounds.transfer(bench.switch.leg("a"), (("park", ""),), is_both=True)
    assert bench.switch.leg("a").partner is bench.switch.leg("b").partner is None
    assert bench.switch.leg("b").app == "park"


def test_recordings_end_with_their_leg(parked):
    leg = parked.switch.leg("a")
    parked.switch.sounds.record(leg, "one.wav")
    parked.switch.sounds.record(leg, "two.wav")
    assert parked.switch.sounds.stop_record(leg, "one.wav")
    assert not parked.switch.sounds.stop_record(leg, "one.wav")
    parked.kill("a")
    stops = [h for h in parked.headers if "Record-File-Path" in h]
    assert [h["Record-File-Path"] for h in stops] == ["one.wav", "two.wav", "one.wav", "two.wav"]

"""The door: the same verdicts whatever the blocks and the company, and bad audio is no accident."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from dialer.amd.batch import Batch
from dialer.model.amd import AmdProfile, Cause, StreamFault, Verdict
from dialer.policy.amd import Decided, Listener
from dialer.policy.amd_profiles import settings_of
from tests.unit.amd.audio import Talkative, heard, line, noise, pcm, silence, tone, voice

CALL = pcm(line(silence(0.3), voice(0.5), silence(0.3), tone(1000.0, 0.15), silence(0.15)))


def told(brought):
    """All that was heard, in one piece: what a tick brings depends on when it comes."""
    return (
        [score for one in brought for score in one.scores],
        [tone for one in brought for tone in one.tones],
        [one.fault for one in brought if one.fault],
    )


WHOLE = told(heard(CALL, trees=Talkative()))


@settings(max_examples=12, deadline=None)
@given(st.lists(st.integers(0, 3000), min_size=1, max_size=60))
def test_what_is_heard_does_not_depend_on_the_blocks(sizes):
    batch, at, brought, turn = Batch(trees=Talkative()), 0, [], 0
    batch.open("s", 0.0)
    while at < len(CALL):
        size = sizes[turn % len(sizes)] or 1
        batch.feed("s", CALL[at : at + size])
        at, turn = at + size, turn + 1
        brought += batch.tick(at / 16_000)
    assert told(brought) == WHOLE


@settings(max_examples=6, deadline=None)
@given(st.integers(1, 20), st.integers(0, 2**16))
def test_what_is_heard_does_not_depend_on_the_streams_beside_it(n_others, seed):
    batch, brought = Batch(trees=Talkative()), []
    batch.open("s", 0.0)
    for other in range(n_others):
        batch.open(f"other {other}", 0.0)
    others = pcm(noise(2.0, 0.05, seed))
    for at in range(0, len(CALL), 640):
        batch.feed("s", CALL[at : at + 640])
        for other in range(n_others):
            batch.feed(f"other {other}", others[at : at + 500 + other])
        brought += [one for one in batch.tick(1e6) if one.stream_id == "s"]
    assert told(brought) == WHOLE


def test_a_slot_that_was_used_before_is_as_new():
    batch = Batch(trees=Talkative())
    batch.open("before", 0.0)
    batch.feed("before", pcm(noise(2.0, 0.1)))
    batch.tick(2.0)
    batch.close("before")
    batch.open("s", 2.0)
    batch.feed("s", CALL)
    assert told(batch.tick(9.0)) == WHOLE
    assert len(batch) == 1


def test_after_a_restart_time_begins_at_zero_and_what_was_before_is_told_first():
    batch = Batch(trees=Talkative())
    batch.open("s", 0.0)
    batch.feed("s", pcm(line(silence(0.3), tone(425.0, 1.0), silence(0.3))))
    batch.restart("s", 1.6)
    batch.feed("s", CALL)
    early, after = batch.tick(9.0)
    assert [tone.kind.value for tone in early.tones] == ["RINGBACK"]
    assert told([after]) == WHOLE


def test_a_stream_is_opened_once_and_fed_while_it_is_open():
    batch = Batch(trees=Talkative())
    batch.open("s", 0.0)
    with pytest.raises(ValueError, match="s is open already"):
        batch.open("s", 0.0)
    batch.close("s")
    batch.close("s")
    with pytest.raises(KeyError):
        batch.feed("s", b"\0\0")
    with pytest.raises(KeyError):
        batch.restart("s", 0.0)


def test_more_streams_than_there_were_slots():
    batch = Batch(trees=Talkative())
    for number in range(70):
        batch.open(str(number), 0.0)
        batch.feed(str(number), CALL)
    results = batch.tick(9.0)
    assert len(results) == 70
    assert all(told([one]) == WHOLE for one in results)


def test_nothing_fed_brings_nothing():
    batch = Batch(trees=Talkative())
    assert batch.tick(0.0) == []
    batch.open("s", 0.0)
    batch.feed("s", b"")
    batch.feed("s", b"\0" * 319)
    assert batch.tick(1.0) == []


def verdict(audio, per_second=16_000, until_s=8.0):
    """The policy's verdict on audio that comes at so many bytes a second, then no more."""
    batch, ear = Batch(), Listener(settings_of(AmdProfile.CONSUMER))
    batch.open("s", 0.0)
    found = []
    step = per_second // 50
    for tick in range(round(until_s * 50)):
        now = (tick + 1) / 50
        batch.feed("s", audio[tick * step : (tick + 1) * step])
        for one in batch.tick(now):
            found += ear.hear(one)
        if found:
            break
    (decided,) = [one for one in found or ear.give_up() if isinstance(one, Decided)]
    return decided.verdict, decided.cause


def test_audio_at_16_khz_is_unsure_with_its_cause():
    wide = np.repeat(line(silence(0.5), voice(3.0), silence(3.0)), 2)
    assert verdict(pcm(wide), 32_000) == (Verdict.UNSURE, Cause.WRONG_RATE)


def test_stereo_is_unsure_with_its_cause():
    mono = line(silence(0.5), voice(3.0), silence(3.0))
    both = np.stack([mono, 0.0 * mono], axis=1).ravel()
    assert verdict(pcm(both), 32_000) == (Verdict.UNSURE, Cause.WRONG_RATE)


@pytest.mark.parametrize("seed", range(2))
def test_garbage_is_unsure_with_its_cause(seed):
    garbage = np.random.default_rng(seed).integers(0, 256, 160_000, dtype=np.uint8).tobytes()
    assert verdict(garbage) == (Verdict.UNSURE, Cause.GARBAGE)


def test_bytes_in_the_wrong_order_are_unsure_with_their_cause():
    samples = line(silence(0.2), voice(6.0, amplitude=0.6), silence(2.0))
    swapped = np.frombuffer(pcm(samples), dtype="<i2").byteswap().tobytes()
    found, cause = verdict(swapped)
    assert found is Verdict.UNSURE
    assert cause in (Cause.GARBAGE, Cause.NO_SPEECH)


def test_silence_and_audio_that_ends_are_unsure_with_their_causes():
    assert verdict(pcm(silence(9.0))) == (Verdict.UNSURE, Cause.DIGITAL_SILENCE)
    assert verdict(pcm(noise(9.0, 3e-4))) == (Verdict.UNSURE, Cause.NO_SPEECH)
    assert verdict(b"") == (Verdict.UNSURE, Cause.NO_AUDIO)
    assert verdict(pcm(line(silence(0.3), voice(1.0)))) == (Verdict.UNSURE, Cause.NO_AUDIO)


HELLO = line(silence(0.6), voice(0.6), silence(3.0))


@pytest.mark.parametrize(
    "samples",
    [HELLO, np.clip(HELLO * 20.0, -1.0, 1.0), HELLO * 0.8 + 0.1],
    ids=["as it is", "clipped", "direct current"],
)
def test_a_short_greeting_is_a_person_clipped_and_with_direct_current_too(samples):
    assert verdict(pcm(samples)) == (Verdict.HUMAN, Cause.PAUSE)


@settings(max_examples=12, deadline=None)
@given(st.binary(max_size=12_000), st.floats(0.0, 10.0))
def test_no_bytes_whatever_raise_anything(audio, now):
    batch = Batch(trees=Talkative())
    batch.open("s", 0.0)
    batch.feed("s", audio)
    for one in batch.tick(now):
        assert one.fault in (None, *StreamFault)
        assert all(0.0 <= score.p_machine <= 1.0 for score in one.scores)
        assert all(np.isfinite(score.snr_db) for score in one.scores)

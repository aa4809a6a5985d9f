"""Scores over time become a verdict; its errors are on the agent's side, never on the person's."""

from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from dialer.model.amd import (
    AmdProfile,
    Cause,
    Heard,
    PrintMatch,
    PrintMeaning,
    Score,
    StreamFault,
    Tone,
    ToneKind,
    Verdict,
)
from dialer.policy.amd import (
    Cue,
    Decided,
    LateMachine,
    Listener,
    MessageCue,
    Stage,
    TurnedOutScreened,
)
from dialer.policy.amd_profiles import AmdSettings, Stair, settings_of

CONSUMER = AmdSettings(
    machine_p=0.95, machine_scores=2, least_speech_s=1.0, least_snr_db=6.0,
    stairs=(Stair(0.22, 0.57), Stair(0.5, 0.89)), forced_silence_s=1.2, forced_machine_p=0.87,
    forced_speech_s=1.0, limit_machine_p=0.90,
)  # fmt: skip
"""The rules are proved for these numbers, however the profile is tuned."""
BUSINESS = settings_of(AmdProfile.BUSINESS)


def course(p, begin_s=0.5, end_s=1.5, until_s=8.0):
    """Scores of one stretch of speech; `p` a number or a function of the time."""
    scores = []
    for tenth in range(4, round(until_s * 10) + 1):
        at = tenth / 10
        is_before = at <= begin_s
        chance = p(at) if callable(p) else p
        speech = max(0.0, min(at, end_s) - begin_s)
        silence = max(0.0, round(at - end_s, 6))
        scores.append(Score(at, chance, None if is_before else begin_s, silence, speech, 1, 20.0))
    return scores


def hear(scores, tones=(), prints=(), numbers=CONSUMER, fault=None):
    """What a listener finds when each score comes in a tick of its own, tones in their place."""
    ear = Listener(numbers)
    found = []
    for score in scores:
        due = [t for t in tones if score.at_s - 0.1 < t.told_s <= score.at_s]
        known = [m for m in prints if score.at_s - 0.1 < m.told_s <= score.at_s]
        found += ear.hear(Heard("s", (score,), tuple(due), tuple(known)))
    if fault is not None:
        found += ear.hear(Heard("s", fault=fault))
    return found


def beep(at, kind=ToneKind.BEEP):
    return Tone(kind, at - 0.5, at - 0.05, at, 1000.0)


def verdict(found):
    (decided,) = [one for one in found if isinstance(one, Decided)]
    return decided


@pytest.mark.parametrize(
    ("p", "silence_s"), [(0.01, 0.6), (0.2, 0.6), (0.3, 0.9), (0.5, 0.9), (0.6, 1.2), (0.86, 1.2)]
)
def test_the_surer_of_a_person_the_shorter_the_silence_that_is_awaited(p, silence_s):
    decided = verdict(hear(course(p)))
    assert (decided.verdict, decided.cause) == (Verdict.HUMAN, Cause.PAUSE)
    assert decided.at_s == pytest.approx(1.5 + silence_s)
    assert decided.greeting_end_s == pytest.approx(1.5)


def test_who_falls_silent_is_answered_within_the_forced_silence_whatever_the_doubt():
    decided = verdict(hear(course(0.935)))
    assert (decided.verdict, decided.at_s) == (Verdict.MACHINE, 2.7)
    assert verdict(hear(course(0.935), numbers=BUSINESS)).verdict is Verdict.HUMAN


def test_who_has_fallen_silent_shows_by_less_speech_what_he_is():
    brief = course(0.94, end_s=1.3)  # 0.8 s of speech, and not sure enough while it went on
    assert verdict(hear(brief)).verdict is Verdict.HUMAN
    decided = verdict(hear(brief, numbers=replace(CONSUMER, forced_speech_s=0.7)))
    assert (decided.verdict, decided.at_s) == (Verdict.MACHINE, pytest.approx(2.5))


def test_one_high_score_is_no_machine_and_two_in_a_row_are():
    once = course(lambda at: 0.99 if at == 2.0 else 0.3, end_s=3.0)
    assert verdict(hear(once)).verdict is Verdict.HUMAN
    twice = course(lambda at: 0.99 if at in (2.0, 2.1) else 0.3, end_s=3.0)
    decided = verdict(hear(twice))
    assert (decided.verdict, decided.cause, decided.at_s) == (Verdict.MACHINE, Cause.SPEECH, 2.1)


@pytest.mark.parametrize(("speech_s", "told"), [(0.9, Verdict.HUMAN), (1.1, Verdict.MACHINE)])
def test_who_has_hardly_spoken_is_no_machine_however_sure_the_trees_are(speech_s, told):
    sure = course(0.999, end_s=0.5 + speech_s)
    assert verdict(hear(sure)).verdict is told


def test_business_wants_surer_scores():
    twice = course(lambda at: 0.999 if at in (1.0, 1.1) else 0.3)
    assert verdict(hear(twice, numbers=BUSINESS)).verdict is Verdict.HUMAN
    weak = course(0.94, end_s=20.0)
    assert verdict(hear(weak, numbers=BUSINESS)).verdict is Verdict.UNSURE
    strong = course(0.999, end_s=20.0)
    assert verdict(hear(strong, numbers=BUSINESS)).verdict is Verdict.MACHINE


@pytest.mark.parametrize(
    ("p", "expected"),
    [(0.94, Verdict.MACHINE), (0.7, Verdict.UNSURE), (0.4, Verdict.HUMAN)],
)
def test_speech_without_an_end_is_judged_when_time_is_up(p, expected):
    decided = verdict(hear(course(p, end_s=20.0)))
    assert decided.verdict is expected
    assert decided.at_s == CONSUMER.limit_s


def test_no_speech_is_unsure_and_says_whether_anything_but_zeros_came():
    silent = [Score(t / 10, 0.5, None, 0.0, 0.0, 0, 0.0, True) for t in range(4, 60)]
    assert verdict(hear(silent)).cause is Cause.DIGITAL_SILENCE
    noisy = [Score(t / 10, 0.5, None, 0.0, 0.0, 0, 0.0) for t in range(4, 60)]
    decided = verdict(hear(noisy))
    assert (decided.verdict, decided.cause, decided.at_s) == (
        Verdict.UNSURE,
        Cause.NO_SPEECH,
        CONSUMER.no_speech_s,
    )


@pytest.mark.parametrize(
    ("kind", "cause"),
    [
        (ToneKind.BEEP, Cause.BEEP),
        (ToneKind.SIT, Cause.SIT),
        (ToneKind.FAX, Cause.FAX),
        (ToneKind.BUSY, Cause.BUSY),
        (ToneKind.CONGESTION, Cause.BUSY),
    ],
)
def test_a_machines_tone_decides_at_once(kind, cause):
    decided = verdict(hear(course(0.3), [beep(1.6, kind)]))
    assert (decided.verdict, decided.cause, decided.at_s) == (Verdict.MACHINE, cause, 1.6)


def test_ringing_after_the_answer_says_nothing():
    assert verdict(hear(course(0.3), [beep(1.0, ToneKind.RINGBACK)])).verdict is Verdict.HUMAN


def test_a_message_is_left_at_the_beep_or_after_silence_or_never():
    long = course(0.99, end_s=4.0, until_s=12.0)
    assert hear(long, [beep(4.6)])[1:] == [MessageCue(Cue.BEEP, 4.6)]
    talk = course(0.99, end_s=14.0, until_s=20.0)
    assert hear(talk)[1:] == [MessageCue(Cue.SILENCE, 16.0)]
    endless = course(0.99, end_s=99.0, until_s=80.0)
    assert hear(endless)[1].cue is Cue.NONE
    assert hear(course(0.3), [beep(1.6)])[1:] == [MessageCue(Cue.BEEP, 1.6)]
    assert hear(long, [beep(4.6, ToneKind.BUSY)])[1:] == [MessageCue(Cue.NONE, 4.6)]


def test_a_recordings_question_then_silence_turns_out_to_be_an_assistant():
    found = hear(course(0.99, end_s=4.5, until_s=12.0))
    assert found[1:] == [TurnedOutScreened(6.5), MessageCue(Cue.SILENCE, 6.5)]


def test_a_known_recording_says_what_it_is():
    prompt = PrintMatch("assistant", PrintMeaning.SCREENING, 0.2, 1.4)
    decided = verdict(hear(course(0.3, end_s=5.0), prints=[prompt]))
    assert (decided.verdict, decided.cause) == (Verdict.SCREENED, Cause.FINGERPRINT)
    assert decided.print_name == "assistant"
    mailbox = PrintMatch("mailbox", PrintMeaning.VOICEMAIL, 0.2, 1.4)
    assert verdict(hear(course(0.3, end_s=5.0), prints=[mailbox])).verdict is Verdict.MACHINE
    off = PrintMatch("switched off", PrintMeaning.UNREACHABLE, 0.2, 1.4)
    assert hear(course(0.3, end_s=5.0), prints=[off])[1:] == [MessageCue(Cue.NONE, 1.4)]
    music = PrintMatch("music", PrintMeaning.COMFORT, 0.2, 1.4)
    assert verdict(hear(course(0.3, end_s=2.0), prints=[music])).verdict is Verdict.HUMAN


def test_the_second_look_finds_the_recording_behind_a_short_hello():
    p = lambda at: 0.01 if at < 3.0 else 0.99  # noqa: E731
    found = hear(course(p, end_s=1.5))
    assert found[0].verdict is Verdict.HUMAN
    assert found[1:] == [LateMachine(Cause.SPEECH, 3.2, 0.99)]
    assert hear(course(0.01), [beep(4.0)])[1:] == [LateMachine(Cause.BEEP, 4.0, 0.01)]


def test_the_second_look_ends():
    late = lambda at: 0.01 if at < 8.5 else 0.99  # noqa: E731
    assert len(hear(course(late, until_s=20.0))) == 1


@pytest.mark.parametrize("fault", list(StreamFault))
def test_audio_that_cannot_be_judged_is_unsure_with_its_cause(fault):
    decided = verdict(hear(course(0.5, end_s=9.0, until_s=2.0), fault=fault))
    assert (decided.verdict, decided.cause.value) == (Verdict.UNSURE, fault.value)


def test_audio_that_does_not_come_is_unsure():
    (decided,) = Listener(CONSUMER).give_up()
    assert (decided.verdict, decided.cause) == (Verdict.UNSURE, Cause.NO_AUDIO)


def test_audio_that_stops_while_a_message_waits_gives_the_message_up():
    ear = Listener(CONSUMER)
    for score in course(0.99, end_s=20.0, until_s=3.0):
        ear.hear(Heard("s", (score,)))
    assert ear.stage is Stage.AFTER_MACHINE
    assert ear.give_up() == [MessageCue(Cue.NONE, 3.0)]
    assert ear.stage is Stage.DONE


def test_off_has_no_settings():
    assert settings_of(AmdProfile.OFF) is None


@pytest.mark.parametrize("profile", [AmdProfile.CONSUMER, AmdProfile.BUSINESS])
def test_whatever_is_tuned_a_silent_person_has_an_agent_well_within_two_seconds(profile):
    numbers = settings_of(profile)
    assert numbers.forced_silence_s <= 1.25
    assert all(stair.silence_s < numbers.forced_silence_s for stair in numbers.stairs)


chances = st.floats(0.0, 1.0)


@settings(deadline=None)
@given(st.lists(chances, min_size=100, max_size=100), st.floats(0.2, 3.9), st.floats(0.1, 9.0))
def test_one_verdict_always_in_time_and_never_more_than_one(ps, begin_s, length_s):
    end_s = begin_s + length_s
    scores = [
        Score(at, p, begin_s if at > begin_s else None, max(0.0, at - end_s), 1.0, 1, 9.0)
        for at, p in ((t / 10, p) for t, p in enumerate(ps, start=4))
    ]
    found = hear(scores)
    decided = verdict(found)
    assert decided.at_s <= CONSUMER.limit_s
    if decided.verdict is not Verdict.MACHINE:
        assert decided.at_s <= max(end_s + CONSUMER.forced_silence_s + 0.11, CONSUMER.no_speech_s)


def test_speech_that_hardly_stands_out_from_noise_tells_no_machine():
    clear = replace(CONSUMER, least_snr_db=8.0)
    muffled = [score._replace(snr_db=7.9) for score in course(0.999, end_s=20.0)]
    assert verdict(hear(muffled, numbers=clear)).cause is Cause.TIME_LIMIT
    assert verdict(hear(course(0.999, end_s=20.0), numbers=clear)).verdict is Verdict.MACHINE


def silence(until_s):
    return [Score(t / 10, 0.5, None, 0.0, 0.0, 0, 0.0) for t in range(4, round(until_s * 10) + 1)]


def burst(end_s, hz=425.0, kind=ToneKind.BEEP):
    return Tone(kind, end_s - 0.5, end_s, end_s + 0.06, hz)


def test_the_bursts_of_a_busy_signal_are_no_beeps():
    bursts = [burst(1.0), burst(2.0), burst(3.0, kind=ToneKind.BUSY)]
    assert verdict(hear(silence(4.0), bursts)).cause is Cause.BUSY
    assert not any(isinstance(f, MessageCue) for f in hear(silence(4.0), bursts))


@pytest.mark.parametrize("hz", [425.0, 914.0, 1000.0, 1428.0])
def test_a_beep_before_hardly_anything_was_said_is_believed_when_nothing_follows(hz):
    found = hear(silence(6.0), [burst(3.5, hz)])
    assert verdict(found).cause is Cause.BEEP
    assert verdict(found).at_s == pytest.approx(3.5 + CONSUMER.burst_gap_s)
    assert isinstance(found[1], MessageCue)


def test_who_speaks_after_a_beep_is_beside_what_beeps():
    found = hear(course(0.1, begin_s=1.2, end_s=2.2), [burst(1.0, 1000.0)])
    assert (verdict(found).verdict, verdict(found).cause) == (Verdict.HUMAN, Cause.PAUSE)


def test_what_beeps_again_and_again_is_no_recorder():
    beeps = [burst(end_s, 1100.0) for end_s in (0.8, 1.8, 2.8, 3.8)]
    assert verdict(hear(silence(6.0), beeps)).cause is Cause.NO_SPEECH
    others = [*beeps, burst(3.9, 1500.0)]
    assert verdict(hear(silence(6.0), others)).cause is Cause.BEEP


def test_pieces_of_one_beep_are_one_beep():
    pieces = [
        Tone(ToneKind.BEEP, 1.0, 1.3, 1.36, 1100.0),
        Tone(ToneKind.BEEP, 1.4, 1.7, 1.76, 1100.0),
    ]
    assert verdict(hear(silence(4.0), pieces)).cause is Cause.BEEP


@pytest.mark.parametrize("said", [silence(4.0), course(0.1, 0.3, 0.9, until_s=4.0)])
def test_the_steps_of_a_sit_are_no_beeps_though_a_television_speaks_behind_them(said):
    steps = [burst(1.2, 914.0), burst(1.5, 1371.0), burst(1.9, 1777.0, kind=ToneKind.SIT)]
    found = hear(said, steps)
    assert verdict(found).cause is Cause.SIT
    assert verdict(found).at_s == pytest.approx(1.96)
    assert not any(isinstance(f, MessageCue) for f in found)


def test_a_beep_after_speech_is_believed_at_once():
    assert verdict(hear(course(0.3, until_s=4.0), [burst(1.7)])).at_s == pytest.approx(1.76)


def test_tones_are_not_judged_as_speech():
    loud = [score._replace(p_machine=0.999) for score in silence(4.5)]
    assert verdict(hear(loud)).cause is Cause.NO_SPEECH

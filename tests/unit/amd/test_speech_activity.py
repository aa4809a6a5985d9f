"""When somebody speaks, and when what is heard is only noise, neighbours, clicks or tones."""

import numpy as np
import pytest

from tests.unit.amd.audio import line, noise, scores_of, silence, tone, voice


def last(samples):
    return scores_of(samples)[-1]


def test_speech_begins_and_ends_when_it_does():
    score = last(line(silence(0.7), voice(1.5), silence(0.8)))
    assert score.onset_s == pytest.approx(0.7, abs=0.08)
    assert score.silence_s == pytest.approx(0.8, abs=0.12)
    assert score.speech_s == pytest.approx(1.5, abs=0.25)
    assert score.n_phrases == 1


def test_pauses_of_half_a_second_part_phrases_and_short_ones_do_not():
    three = last(line(silence(0.5), *[voice(1.0), silence(0.7)] * 3))
    assert three.n_phrases == 3
    one = last(line(silence(0.5), *[voice(1.0), silence(0.2)] * 3))
    assert one.n_phrases == 1


@pytest.mark.parametrize("snr_db", [30, 20, 12])
def test_speech_is_found_in_noise(snr_db):
    speech = voice(2.0)
    level = np.sqrt(np.mean(speech**2)) * 10 ** (-snr_db / 20)
    samples = np.concatenate([silence(1.0), speech, silence(1.0)]) + noise(4.0, level)
    score = last(samples)
    assert score.onset_s == pytest.approx(1.0, abs=0.2)
    assert score.silence_s == pytest.approx(1.0, abs=0.4)


@pytest.mark.parametrize("level", [0.001, 0.01, 0.03])
def test_steady_noise_is_no_speech(level):
    assert last(noise(3.0, level)).onset_s is None


def test_noise_that_begins_is_no_speech():
    samples = np.concatenate([noise(1.0, 0.0005), noise(2.5, 0.02, seed=2)])
    assert last(samples).onset_s is None


def test_clicks_are_no_speech():
    clicks = silence(3.0)
    clicks[8000:8080] = noise(0.01, 0.5)
    clicks[16000:16040] = noise(0.005, 0.5)
    assert last(line(clicks)).onset_s is None


def test_tones_are_no_speech():
    assert last(line(silence(0.5), tone(1000.0, 1.0), silence(1.0))).speech_s <= 0.1
    assert last(line(silence(0.5), tone(440.0, 1.5), silence(1.0))).speech_s <= 0.1


def test_who_talks_far_behind_the_speaker_is_no_speech():
    near, far = voice(1.5, amplitude=0.5), voice(2.0, f0=210.0, amplitude=0.5 * 10 ** (-26 / 20))
    score = last(line(silence(0.5), near, silence(0.1), far))
    assert score.silence_s > 1.7


def behind(db, near_s=1.5, far_s=2.0):
    """Somebody, and a television `db` below him that goes on when he stops."""
    near = voice(near_s, amplitude=0.5)
    far = voice(near_s + far_s, f0=210.0, amplitude=0.5 * 10 ** (-db / 20), syllables_hz=5.0)
    return line(silence(0.5), far + np.concatenate([near, silence(far_s)]))


def test_a_television_behind_the_speaker_hides_for_a_second_that_he_stopped():
    scores = scores_of(behind(12))
    at = [score for score in scores if score.at_s > 2.2]
    assert all(score.silence_s < 0.5 for score in at if score.at_s < 2.8)
    assert at[-1].silence_s == pytest.approx(2.0, abs=0.35)


def test_who_speaks_near_his_loudest_is_never_hushed():
    assert all(score.silence_s < 0.5 for score in scores_of(behind(12, 3.0, 0.0)))


def test_the_level_of_the_line_does_not_matter():
    samples = line(silence(0.5), voice(1.0), silence(0.5), floor=1e-5)
    loud, faint = last(samples), last(samples * 0.1)
    assert loud.onset_s == pytest.approx(faint.onset_s, abs=0.06)


def test_zeros_are_known_as_such():
    scores = scores_of(silence(2.0))
    assert all(score.is_digital_silence for score in scores)
    assert scores_of(np.full(16_000, 8 / 32768))[-1].is_digital_silence
    assert not last(line(silence(2.0))).is_digital_silence


def test_scores_come_ten_times_a_second_from_the_fourth_tenth_on():
    times = [score.at_s for score in scores_of(silence(2.0))]
    assert times == pytest.approx([t / 10 for t in range(4, 21)])

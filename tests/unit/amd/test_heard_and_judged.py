"""From samples to what the dialer does: early media, assistants, recordings that are known."""

import pytest

from dialer.amd.fingerprints import PrintBook, learn
from dialer.model.amd import AmdProfile, Cause, PrintMeaning, SitCategory, Verdict
from dialer.model.outcome import Outcome
from dialer.policy.amd import Listener
from dialer.policy.amd_profiles import settings_of
from dialer.policy.early_media import EarlyKind, EarlyListener, outcome_of
from tests.unit.amd.audio import heard, line, pcm, silence, tone, voice


def early(samples):
    listener = EarlyListener()
    return [found for one in heard(pcm(samples)) for found in listener.hear(one)]


def test_ringing_before_the_answer_is_ringing_and_decides_nothing():
    (found,) = early(line(silence(0.2), tone(440.0, 1.5), silence(0.6)))
    assert (found.kind, outcome_of(found)) == (EarlyKind.RINGBACK, None)


def test_a_busy_tone_before_the_answer_is_busy():
    (found,) = early(line(*[tone(425.0, 0.5), silence(0.5)] * 3))
    assert (found.kind, outcome_of(found)) == (EarlyKind.BUSY, Outcome.BUSY)


@pytest.mark.parametrize(
    ("first", "second", "category", "outcome"),
    [
        ((985.2, 0.38), (1370.6, 0.274), SitCategory.VACANT, Outcome.WRONG_NUMBER),
        ((985.2, 0.38), (1428.5, 0.38), SitCategory.NO_CIRCUIT, Outcome.CONGESTION),
    ],
)
def test_only_the_networks_word_makes_a_number_wrong(first, second, category, outcome):
    steps = tone(*first), tone(*second), tone(1776.7, 0.38)
    (found,) = early(line(silence(0.3), *steps, silence(0.2)))
    assert (found.category, outcome_of(found)) == (category, outcome)


def test_speech_before_the_answer_is_an_announcement():
    (found,) = early(line(silence(0.3), voice(2.6), silence(0.2)))
    assert (found.kind, outcome_of(found)) == (EarlyKind.ANNOUNCEMENT, None)


def test_an_assistant_that_is_known_is_told_while_it_speaks():
    prompt = line(voice(1.2, f0=190.0), voice(1.4, f0=130.0, syllables_hz=5.5), seed=8)
    book = PrintBook([learn("assistant", PrintMeaning.SCREENING, pcm(prompt))])
    ear = Listener(settings_of(AmdProfile.CONSUMER))
    for one in heard(pcm(line(silence(0.4), prompt, silence(0.3))), prints=book):
        ear.hear(one)
    assert (ear.decided.verdict, ear.decided.cause) == (Verdict.SCREENED, Cause.FINGERPRINT)
    assert ear.decided.print_name == "assistant"
    assert ear.decided.at_s < 3.1

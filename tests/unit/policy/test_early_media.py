"""What is heard before the answer, and when a number may be called wrong."""

import pytest

from dialer.model.amd import Heard, PrintMatch, PrintMeaning, Score, SitCategory, Tone, ToneKind
from dialer.model.outcome import TRAITS, Outcome
from dialer.policy.early_media import EarlyKind, EarlyListener, outcome_of


def tone(kind, category=None, at=2.0):
    return Tone(kind, 0.5, at, at, 425.0, category)


def heard(*tones, prints=(), scores=()):
    return Heard("s", tuple(scores), tones, tuple(prints))


@pytest.mark.parametrize(
    ("kind", "expected", "outcome"),
    [
        (ToneKind.RINGBACK, EarlyKind.RINGBACK, None),
        (ToneKind.BUSY, EarlyKind.BUSY, Outcome.BUSY),
        (ToneKind.CONGESTION, EarlyKind.CONGESTION, Outcome.CONGESTION),
    ],
)
def test_call_progress_tones_are_what_they_are(kind, expected, outcome):
    (found,) = EarlyListener().hear(heard(tone(kind)))
    assert (found.kind, outcome_of(found)) == (expected, outcome)


@pytest.mark.parametrize("category", list(SitCategory))
def test_only_intercept_and_vacant_make_a_wrong_number(category):
    (found,) = EarlyListener().hear(heard(tone(ToneKind.SIT, category)))
    is_wrong = category in (SitCategory.INTERCEPT, SitCategory.VACANT)
    expected = Outcome.WRONG_NUMBER if is_wrong else Outcome.CONGESTION
    assert (found.kind, outcome_of(found)) == (EarlyKind.INTERCEPT, expected)
    assert TRAITS[expected].is_final is is_wrong


@pytest.mark.parametrize(
    ("meaning", "outcome"),
    [
        (PrintMeaning.WRONG_NUMBER, Outcome.WRONG_NUMBER),
        (PrintMeaning.UNREACHABLE, Outcome.NO_ANSWER),
        (PrintMeaning.CONGESTION, Outcome.CONGESTION),
        (PrintMeaning.VOICEMAIL, None),
        (PrintMeaning.COMFORT, None),
    ],
)
def test_a_known_announcement_says_its_meaning(meaning, outcome):
    (found,) = EarlyListener().hear(heard(prints=[PrintMatch("x", meaning, 0.1, 1.5)]))
    assert (found.print_name, outcome_of(found)) == ("x", outcome)
    is_ringing = meaning is PrintMeaning.COMFORT
    assert found.kind is (EarlyKind.RINGBACK if is_ringing else EarlyKind.ANNOUNCEMENT)


def test_unknown_speech_is_an_announcement_that_decides_nothing():
    listener = EarlyListener()
    assert listener.hear(heard(scores=[Score(1.0, 0.5, 0.2, 0.0, 0.8, 1, 20.0)])) == []
    (found,) = listener.hear(heard(scores=[Score(3.0, 0.5, 0.2, 0.0, 2.4, 1, 20.0)]))
    assert (found.kind, outcome_of(found)) == (EarlyKind.ANNOUNCEMENT, None)


def test_each_kind_is_told_once():
    listener = EarlyListener()
    assert len(listener.hear(heard(tone(ToneKind.RINGBACK), tone(ToneKind.RINGBACK, at=4.0)))) == 1
    assert listener.hear(heard(tone(ToneKind.RINGBACK, at=6.0))) == []


def test_a_beep_or_fax_before_the_answer_is_no_progress_tone():
    assert EarlyListener().hear(heard(tone(ToneKind.BEEP), tone(ToneKind.FAX))) == []

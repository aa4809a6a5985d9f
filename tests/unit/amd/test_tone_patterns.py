"""Which tones are told, as what, and when."""

import numpy as np
import pytest

from dialer.amd.beep import is_beep
from dialer.amd.keys import COLUMNS_HZ, ROWS_HZ
from dialer.amd.tones import Run
from dialer.model.amd import SitCategory, ToneKind
from tests.unit.amd.audio import line, silence, tone, tones_of, voice


def sit(*parts):
    return [tone(hz, seconds) for hz, seconds in parts]


def kinds(samples):
    return [heard.kind for heard in tones_of(samples)]


@pytest.mark.parametrize("hz", [520.0, 1000.0, 1987.0])
@pytest.mark.parametrize("seconds", [0.13, 0.4, 1.2])
def test_any_steady_tone_of_a_beeps_length_is_a_beep(hz, seconds):
    (beep,) = tones_of(line(silence(0.7), tone(hz, seconds), silence(0.5)))
    assert beep.kind is ToneKind.BEEP
    assert beep.frequency_hz == pytest.approx(hz, abs=3.0)
    assert beep.begin_s == pytest.approx(0.7, abs=0.03)
    assert beep.end_s == pytest.approx(0.7 + seconds, abs=0.03)
    assert beep.told_s <= 0.7 + seconds + 0.1


def test_a_beep_of_two_tones_is_one_beep():
    both = tone(800.0, 0.5, 0.1) + tone(1200.0, 0.5, 0.1)
    (beep,) = tones_of(line(silence(0.5), both, silence(0.5)))
    assert (beep.kind, round(beep.frequency_hz / 10)) == (ToneKind.BEEP, 80)


def test_a_tone_that_lost_a_packet_is_one_beep():
    damaged = tone(1000.0, 0.6)
    damaged[2000:2160] = 0.0
    assert kinds(line(silence(0.5), damaged, silence(0.5))) == [ToneKind.BEEP]


@pytest.mark.parametrize(
    "samples",
    [tone(1000.0, 0.05), tone(1000.0, 2.6), tone(200.0, 0.5)],
    ids=["too short", "too long", "too low"],
)
def test_tones_of_other_lengths_or_heights_are_no_beep(samples):
    assert kinds(line(silence(0.5), samples, silence(0.5))) == []


@pytest.mark.parametrize("low", ROWS_HZ)
@pytest.mark.parametrize("high", COLUMNS_HZ)
@pytest.mark.parametrize("seconds", [0.1, 0.4])
def test_a_telephones_key_is_no_beep(low, high, seconds):
    key = tone(low * 1.012, seconds, 0.1) + tone(high * 0.988, seconds, 0.1)
    assert kinds(line(silence(0.5), key, silence(0.5))) == []


@pytest.mark.parametrize(("below_db", "is_one"), [(10.0, True), (24.0, False)])
def test_what_beeps_far_below_the_voice_before_it_is_in_the_room(below_db, is_one):
    loud = voice(1.5)
    level = np.sqrt(2.0 * np.mean(loud**2)) * 10 ** (-below_db / 20.0)
    heard = kinds(line(silence(0.5), loud, silence(0.7), tone(1000.0, 0.4, level), silence(0.5)))
    assert heard == [ToneKind.BEEP] * is_one


def test_what_beeps_again_is_told_each_time_though_its_first_beep_lost_a_packet():
    """The policy knows by its repeats that something in the room beeps: none may be missing."""
    broken = tone(1200.0, 0.5)
    broken[1600:2080] = 0.0
    again = [silence(0.5), tone(1200.0, 0.5), silence(0.7), tone(1200.0, 0.5)]
    told = tones_of(line(silence(0.4), broken, *again, silence(0.5)))
    assert [round(heard.begin_s, 1) for heard in told] == [0.4, 0.7, 1.4, 2.6]


@pytest.mark.parametrize("hz", [2150.0, 2900.0, 3150.0])
def test_an_alarm_of_the_home_is_no_beep(hz):
    beeps = [piece for _ in range(4) for piece in (tone(hz, 0.4), silence(0.4))]
    assert kinds(line(silence(0.5), *beeps)) == []


def test_a_sweep_is_no_beep():
    t = np.arange(4000) / 8000
    sweep = 0.2 * np.sin(2 * np.pi * (600 * t + 900 * t**2))
    assert kinds(line(silence(0.5), sweep, silence(0.5))) == []


@pytest.mark.parametrize("hz", [870.0, 1400.0, 1950.0])
@pytest.mark.parametrize("seconds", [0.11, 0.3])
def test_a_beep_over_the_voice_is_told_in_steady_noise(hz, seconds):
    samples = np.concatenate([silence(1.0), tone(hz, seconds, 0.1), silence(0.5)])
    (beep,) = tones_of(line(samples, floor=0.035))  # 6 dB below the beep
    assert beep.kind is ToneKind.BEEP
    assert beep.begin_s == pytest.approx(1.0, abs=0.03)


@pytest.mark.parametrize("floor", [0.002, 0.01, 0.04])
def test_neither_a_voice_in_steady_noise_nor_the_noise_has_tones(floor):
    assert kinds(line(silence(1.0), voice(4.0), silence(1.0), floor=floor)) == []


def test_a_voice_has_no_tones():
    assert kinds(line(silence(0.5), voice(4.0), silence(0.5))) == []
    assert kinds(line(silence(0.5), voice(4.0, f0=230.0), silence(0.5))) == []


def sits(samples):
    return [heard for heard in tones_of(samples) if heard.kind is ToneKind.SIT]


@pytest.mark.parametrize(("hz_sd", "is_one"), [(2.0, True), (3.0, False)])
def test_a_brief_low_tone_must_keep_its_height(hz_sd, is_one):
    """A vowel sung on one note keeps it for a tenth of a second nearly as well as a recorder."""
    run = Run(1.0, 1.12, 450.0, hz_sd, -20.0, 0.5, 0.98, is_dual=False)
    assert is_beep(run, -20.0) is is_one


@pytest.mark.parametrize(("hz", "is_one"), [(825.0, False), (950.0, True)])
def test_what_wavers_as_a_partial_of_a_voice_does_is_a_beep_only_above_it(hz, is_one):
    wavering = Run(
        1.0, 1.1, hz, hz_sd=4.7, level_db=-20.0, level_sd_db=2.6, purity=0.87, is_dual=False
    )
    steady = Run(
        1.0, 1.1, hz, hz_sd=0.5, level_db=-20.0, level_sd_db=0.5, purity=0.99, is_dual=False
    )
    assert (is_beep(wavering, -20.0), is_beep(steady, -20.0)) == (is_one, True)


SITS = [
    ([(950.0, 0.33), (1400.0, 0.33), (1800.0, 0.33)], SitCategory.UNCODED),
    ([(913.8, 0.274), (1370.6, 0.274), (1776.7, 0.38)], SitCategory.INTERCEPT),
    ([(985.2, 0.38), (1370.6, 0.274), (1776.7, 0.38)], SitCategory.VACANT),
    ([(913.8, 0.274), (1428.5, 0.38), (1776.7, 0.38)], SitCategory.REORDER),
    ([(985.2, 0.274), (1370.6, 0.38), (1776.7, 0.38)], SitCategory.REORDER),
    ([(985.2, 0.38), (1428.5, 0.38), (1776.7, 0.38)], SitCategory.NO_CIRCUIT),
    ([(913.8, 0.38), (1370.6, 0.38), (1776.7, 0.38)], SitCategory.NO_CIRCUIT),
]


@pytest.mark.parametrize(("parts", "category"), SITS, ids=lambda value: str(value)[:12])
@pytest.mark.parametrize("gap_s", [0.0, 0.03])
def test_three_rising_tones_are_a_sit_of_their_category(parts, category, gap_s):
    spaced = [piece for part in sit(*parts) for piece in (part, silence(gap_s))]
    found = tones_of(line(silence(0.6), *spaced, silence(0.5)))
    (told,) = [one for one in found if one.kind is ToneKind.SIT]
    assert told.category is category
    if gap_s == 0.0:
        assert found == [told]


def lost(samples, *spans):
    """With nothing where packets were lost: seconds from, to."""
    damaged = samples.copy()
    for begin, end in spans:
        damaged[round(begin * 8000) : round(end * 8000)] = 0.0
    return damaged


@pytest.mark.parametrize(
    "spans",
    [[(0.38, 0.50)], [(0.62, 0.72)], [(0.22, 0.32)], [(0.08, 0.18), (0.54, 0.64), (0.7, 0.78)]],
    ids=["between", "in the third", "before the second", "in each"],
)
def test_a_sit_that_lost_packets_is_one_with_its_category(spans):
    steps = np.concatenate(sit((985.2, 0.38), (1370.6, 0.274), (1776.7, 0.38)))
    (told,) = sits(line(silence(0.6), lost(steps, *spans), silence(0.5)))
    assert told.category is SitCategory.VACANT


STEPS = {
    SitCategory.UNCODED: SITS[0][0],
    SitCategory.INTERCEPT: SITS[1][0],
    SitCategory.VACANT: SITS[2][0],
    SitCategory.NO_CIRCUIT: SITS[5][0],
}


@pytest.mark.parametrize("of", STEPS)
@pytest.mark.parametrize("without", [0, 1])
def test_two_steps_that_fit_are_a_sit_without_category(of, without):
    parts = sit(*STEPS[of])
    parts[without] = silence(len(parts[without]) / 8000)
    (told,) = sits(line(silence(0.6), *parts, silence(0.5)))
    assert told.category is SitCategory.UNCODED


@pytest.mark.parametrize(
    "parts",
    [
        [tone(985.2, 0.38), tone(1428.5, 0.38), silence(0.6)],
        [tone(1390.0, 0.33), tone(1830.0, 0.33)],
        [tone(1400.0, 0.33), silence(0.25), tone(1800.0, 0.33)],
        [tone(1400.0, 0.8), tone(1800.0, 0.33)],
        [tone(950.0, 0.33), silence(0.05), tone(1800.0, 0.33)],
        [tone(1400.0, 0.12), tone(1800.0, 0.1)],
    ],
    ids=["first two", "frequencies", "apart", "too long", "no room between", "too little left"],
)
def test_two_tones_that_do_not_fit_are_no_sit(parts):
    assert sits(line(silence(0.6), *parts, silence(0.5))) == []


def test_a_sit_is_told_though_only_a_rest_of_one_step_is_left():
    steps = np.concatenate(sit((913.8, 0.274), (1370.6, 0.274), (1776.7, 0.38)))
    (told,) = sits(line(silence(0.6), lost(steps, (0.34, 0.6)), silence(0.5)))
    assert told.begin_s == pytest.approx(0.6, abs=0.03)


def test_a_sit_is_told_though_its_third_step_begins_late():
    steps = np.concatenate(sit((985.2, 0.38), (1428.5, 0.38), (1776.7, 0.38)))
    (told,) = sits(line(silence(0.6), lost(steps, (0.76, 1.02)), silence(0.5)))
    assert told.category is SitCategory.NO_CIRCUIT


def test_what_follows_a_hole_in_the_last_step_is_no_beep_of_its_own():
    steps = np.concatenate(sit((985.2, 0.38), (1370.6, 0.274), (1776.7, 0.38)))
    found = tones_of(line(silence(0.6), lost(steps, (0.74, 0.84)), silence(0.5)))
    assert [one.kind for one in found] == [ToneKind.SIT]


def test_a_late_begun_first_step_keeps_its_category():
    steps = np.concatenate(sit((985.2, 0.38), (1370.6, 0.274), (1776.7, 0.38)))
    (told,) = sits(line(silence(0.6), lost(steps, (0.0, 0.2)), silence(0.5)))
    assert told.category is SitCategory.VACANT


def test_a_hole_between_the_steps_that_fits_two_codes_leaves_none():
    """Its end may be the first step's (vacant) or the second's (reorder)."""
    steps = np.concatenate(sit((985.2, 0.274), (1370.6, 0.38), (1776.7, 0.38)))
    (told,) = sits(line(silence(0.6), lost(steps, (0.26, 0.44)), silence(0.5)))
    assert told.category is SitCategory.UNCODED


def test_who_sends_the_plain_third_tone_codes_nothing_in_the_others():
    steps = sit((914.0, 0.28), (1372.0, 0.28), (1800.0, 0.33))
    (told,) = tones_of(line(silence(0.6), *steps, silence(0.5)))
    assert (told.kind, told.category) == (ToneKind.SIT, SitCategory.UNCODED)


def test_falling_tones_are_no_sit():
    falling = sit((1800.0, 0.33), (1400.0, 0.33), (950.0, 0.33))
    assert ToneKind.SIT not in kinds(line(silence(0.5), *falling, silence(0.5)))


def test_fax_is_told_after_half_a_second_of_its_tone():
    (fax,) = tones_of(line(silence(0.5), tone(2100.0, 3.0), silence(0.5)))
    assert fax.kind is ToneKind.FAX
    assert fax.told_s == pytest.approx(1.0, abs=0.05)


def test_fax_is_told_though_it_turns_over_and_loses_packets():
    t = np.arange(8000) / 8000
    turns = np.where((t / 0.45).astype(int) % 2, -0.2, 0.2) * np.sin(2 * np.pi * 2100.0 * t)
    told = tones_of(line(silence(0.5), lost(turns, (0.2, 0.3), (0.6, 0.7)), silence(0.5)))
    assert [one.kind for one in told if one.kind is not ToneKind.BEEP] == [ToneKind.FAX]


def test_fax_lasts_longer_than_an_alarm_of_its_height():
    assert kinds(line(silence(0.5), tone(2100.0, 0.3), silence(0.5))) == []


@pytest.mark.parametrize(
    ("parts", "on_s", "kind"),
    [
        ((440.0,), 0.5, ToneKind.BUSY),
        ((425.0,), 0.5, ToneKind.BUSY),
        ((480.0, 620.0), 0.5, ToneKind.BUSY),
        ((400.0,), 0.375, ToneKind.BUSY),
        ((440.0,), 0.25, ToneKind.CONGESTION),
        ((480.0, 620.0), 0.25, ToneKind.CONGESTION),
        ((425.0,), 0.167, ToneKind.CONGESTION),
    ],
)
def test_three_even_bursts_are_busy_or_at_twice_the_pace_congestion(parts, on_s, kind):
    burst = sum(tone(hz, on_s, 0.1) for hz in parts)
    found = kinds(line(silence(0.3), *[burst, silence(on_s)] * 5))
    assert [one for one in found if one is not ToneKind.BEEP] == [kind]


def test_british_congestion_is_long_and_short_by_turns():
    pair = [tone(400.0, 0.4), silence(0.35), tone(400.0, 0.225), silence(0.525)]
    assert ToneKind.CONGESTION in kinds(line(silence(0.3), *pair * 2, silence(0.3)))


def test_busy_is_told_though_one_burst_was_lost_and_another_is_in_pieces():
    bursts = np.concatenate([tone(440.0, 0.5), silence(0.5)] * 4)
    damaged = lost(bursts, (1.1, 1.4), (2.2, 2.28))
    assert ToneKind.BUSY in kinds(line(silence(0.3), damaged))


def test_uneven_bursts_are_not_busy():
    bursts = [tone(440.0, 0.5), silence(0.5), tone(440.0, 0.2), silence(0.3), tone(440.0, 0.6)]
    assert ToneKind.BUSY not in kinds(line(silence(0.3), *bursts, silence(0.5)))


@pytest.mark.parametrize(
    "rhythm",
    [
        (((440.0,), 1.5), ((), 3.5)),
        (((425.0,), 1.0), ((), 4.0)),
        (((440.0, 480.0), 2.0), ((), 4.0)),
        (((400.0, 450.0), 0.4), ((), 0.2), ((400.0, 450.0), 0.4), ((), 2.0)),
    ],
    ids=["French", "German", "American", "British"],
)
def test_ringing_is_known_by_its_first_burst(rhythm):
    parts = [sum((tone(hz, s, 0.1) for hz in hzs), start=silence(s)) for hzs, s in rhythm]
    found = tones_of(line(silence(0.4), *parts))
    assert ToneKind.RINGBACK in [one.kind for one in found]
    assert ToneKind.BUSY not in [one.kind for one in found]


def test_a_low_tone_of_no_rings_length_is_a_beep():
    assert kinds(line(silence(0.5), tone(440.0, 1.2), silence(0.5))) == [ToneKind.BEEP]

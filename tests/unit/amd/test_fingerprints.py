"""A recording that was learnt is recognised through noise and codecs, and nothing else ever is."""

import numpy as np
import pytest

from dialer.amd.batch import Batch
from dialer.amd.fingerprints import PrintBook, PrintError, learn
from dialer.model.amd import PrintMeaning
from tests.unit.amd.audio import Even, heard, line, noise, pcm, silence, voice


def announcement(seed, seconds=5.0):
    """Something like speech: syllables of changing pitch and formants, each recording its own."""
    draw = np.random.default_rng(seed)
    parts = []
    while sum(map(len, parts)) < seconds * 8000:
        t = np.arange(round(draw.uniform(0.09, 0.25) * 8000)) / 8000
        f0, first, second = draw.uniform(90, 220), draw.uniform(300, 850), draw.uniform(900, 2600)
        wave = sum(
            (np.exp(-(((f0 * k - first) / 120) ** 2)) + np.exp(-(((f0 * k - second) / 180) ** 2)))
            * np.sin(2 * np.pi * f0 * k * t)
            for k in range(1, int(3300 / f0))
        )
        parts += [0.15 * wave * np.sin(np.pi * np.arange(len(t)) / len(t)), silence(0.02)]
    return np.concatenate(parts)[: round(seconds * 8000)]


def book(*seeds):
    return PrintBook(
        learn(f"recording {seed}", PrintMeaning.VOICEMAIL, pcm(announcement(seed)))
        for seed in seeds
    )


def matches(samples, prints):
    return [match for one in heard(pcm(samples), prints=prints) for match in one.prints]


KNOWN = book(1, 2, 3)


@pytest.mark.parametrize("shift", [0, 37, 80, 121])
def test_a_learnt_recording_is_recognised_wherever_it_begins(shift):
    call = line(silence(1.0 + shift / 8000), announcement(2), silence(0.5))
    (match,) = matches(call, KNOWN)
    assert (match.name, match.meaning) == ("recording 2", PrintMeaning.VOICEMAIL)
    assert match.begin_s == pytest.approx(1.0, abs=0.1)
    assert match.told_s < 4.5


def test_it_is_recognised_in_noise_at_another_level_and_companded():
    call = line(silence(0.5), announcement(1), silence(0.5)) * 0.2
    noisy = call + noise(len(call) / 8000, 0.1 * np.sqrt(np.mean(call**2)))
    coded = np.sign(noisy) * np.round(np.log1p(255 * np.abs(noisy)) / np.log(256) * 127) / 127
    back = np.sign(coded) * np.expm1(np.abs(coded) * np.log(256)) / 255
    assert [match.name for match in matches(back, KNOWN)] == ["recording 1"]


def test_a_recording_that_is_heard_from_its_middle_on_is_recognised():
    (match,) = matches(line(announcement(3)[12_000:], silence(0.5)), KNOWN)
    assert match.name == "recording 3"
    assert match.begin_s == pytest.approx(-1.5, abs=0.1)


def test_nothing_else_is_recognised():
    batch = Batch(KNOWN, Even())
    others = [announcement(seed, 6.0) for seed in range(100, 130)]
    for number, samples in enumerate([*others, voice(6.0), noise(6.0, 0.1), silence(6.0)]):
        batch.open(str(number), 0.0)
        batch.feed(str(number), pcm(line(samples)))
    assert [one.prints for one in batch.tick(6.0) if one.prints] == []


def test_a_stream_is_matched_once_and_only_near_its_beginning():
    twice = line(announcement(1), silence(0.2), announcement(1))
    assert len(matches(twice, KNOWN)) == 1
    late = line(silence(15.1), announcement(1, 3.5))
    assert matches(late, KNOWN) == []


def test_a_book_is_kept_and_read_again():
    again = PrintBook.loads(KNOWN.dumps())
    assert [one.name for one in again.prints] == [one.name for one in KNOWN.prints]
    call = line(silence(0.5), announcement(2), silence(0.5))
    assert matches(call, again) == matches(call, KNOWN)
    assert len(PrintBook.loads(PrintBook([]).dumps())) == 0


def test_what_is_no_book_is_refused():
    for bad in (b"", b"garbage", KNOWN.dumps()[:200]):
        with pytest.raises(PrintError):
            PrintBook.loads(bad)


@pytest.mark.parametrize(
    ("samples", "why"),
    [(announcement(1, 1.0), "shorter"), (silence(4.0), "too little sound")],
    ids=["short", "silent"],
)
def test_what_could_not_be_recognised_is_not_learnt(samples, why):
    with pytest.raises(PrintError, match=why):
        learn("bad", PrintMeaning.VOICEMAIL, pcm(samples))


def test_no_prints_cost_nothing_and_find_nothing():
    assert matches(line(announcement(1)), PrintBook([])) == []

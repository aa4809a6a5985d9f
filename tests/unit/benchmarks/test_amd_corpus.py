"""The corpus is the same each time it is made, and says truly what it holds."""

import re
import shutil
from itertools import product
from random import Random

import numpy as np
import pytest

from benchmarks.amd.corpus import channel, files, sounds, texts
from benchmarks.amd.corpus.calls import STRATA, Scene, corner_of, draw_call
from benchmarks.amd.corpus.prompts import DIGIT_SPEAKERS
from benchmarks.amd.corpus.readers import READERS
from benchmarks.amd.corpus.texts import Corner, Part
from benchmarks.amd.corpus.timeline import Kind, Timeline, Truth
from benchmarks.amd.corpus.voices import RATE_HZ, VARIANTS, Voice


class Hummers:
    """Speakers who hum each text, a tenth of a second for each word."""

    def say(self, voice, text):
        return sounds.tone((200.0,), 0.1 * len(text.split()))


def scene(stratum, seed=0, language="fr"):
    kind, _, act = STRATA[stratum]
    line = Timeline(Truth(0, kind, stratum, language))
    act(Scene(line, Random(seed), Voice("none", "hum"), Hummers(), Corner(Part.TRAIN)))
    return line


@pytest.mark.parametrize("stratum", list(STRATA))
def test_every_kind_of_call_can_be_made_and_is_what_it_says(stratum):
    line = scene(stratum)
    truth, sound = line.truth, line.sound()
    assert len(sound) == line.n > RATE_HZ / 2
    assert all(0 <= begin < end <= line.now_s for begin, end in truth.speech_s)
    if truth.beep:
        begin, end = (round(t * RATE_HZ) for t in truth.beep)
        assert np.abs(sound[begin:end]).max() > 0
        assert np.abs(sound[end:]).max(initial=0) == 0
    if truth.kind.is_person:
        assert truth.beep is None and truth.tone == ""


def test_what_is_cut_off_an_over_long_call_is_not_said_to_be_there():
    line = Timeline(Truth(0, Kind.MACHINE, "personal", "fr"))
    line.say(np.ones(2 * RATE_HZ))
    line.say(np.ones(2 * RATE_HZ))
    line.greeted()
    line.beep(np.ones(RATE_HZ))
    line.cut(3.0)
    truth = line.truth
    assert len(line.sound()) == line.n == 3 * RATE_HZ
    assert truth.speech_s == [(0.0, 2.0), (2.0, 3.0)]
    assert truth.greeting_end_s is None and truth.beep is None


def test_a_double_hello_ends_its_greeting_with_the_first():
    truth = scene("double hello").truth
    assert truth.greeting_end_s == pytest.approx(truth.speech_s[0][1])


def names(language):
    return {*texts.TEXTS[language], *texts.WORDS[language], *texts.STUDIED[language]}


def as_said(entry):
    return re.sub(r"[^\w{}]+", " ", entry.casefold()).strip()


@pytest.mark.parametrize("language", ["fr", "en"])
def test_no_two_parts_share_a_text_a_name_or_a_phrase(language):
    for name in names(language):
        of_part = [
            {
                entry
                for entry in texts.entries(language, name, Corner(part, is_studied=True))
                if has_words(entry)
            }
            for part in Part
        ]
        assert len(set().union(*of_part)) == sum(map(len, of_part))


@pytest.mark.parametrize("language", ["fr", "en"])
def test_the_two_sides_of_what_is_trained_on_share_no_text_and_miss_none(language):
    for name in names(language):
        whole = texts.entries(language, name, Corner(Part.TRAIN, is_studied=True))
        sides = [
            texts.entries(language, name, Corner(Part.TRAIN, side, is_studied=True))
            for side in (0, 1)
        ]
        assert all(sides)
        assert sorted([*sides[0], *sides[1]]) == sorted(whole)


def test_most_calls_that_are_not_tested_say_what_is_studied_besides():
    corners = {split: [corner_of(split, n) for n in range(8)] for split in ("train", "val", "test")}
    assert [sum(corner.is_studied for corner in some) for some in corners.values()] == [6, 4, 0]
    assert {(c.side, c.is_studied) for c in corners["train"]} == set(product((0, 1), (False, True)))


def has_words(entry):
    return re.search(r"\w", re.sub(r"{\w+}", "", entry))


@pytest.mark.parametrize("language", ["fr", "en"])
def test_nothing_that_is_studied_besides_is_said_in_the_test(language):
    tested = {
        as_said(entry)
        for name in names(language)
        for entry in texts.entries(language, name, Corner(Part.TEST, is_studied=True))
        if has_words(entry)
    }
    studied = {as_said(entry) for entries in texts.STUDIED[language].values() for entry in entries}
    assert len(tested) > 150
    assert not tested & studied


def test_both_languages_have_the_same_texts_and_lists():
    for one in (texts.TEXTS, texts.WORDS):
        assert list(one["fr"]) == list(one["en"])
    assert set(texts.STUDIED["fr"]) == set(texts.STUDIED["en"])


@pytest.mark.parametrize("language", ["fr", "en"])
@pytest.mark.parametrize("part", list(Part))
def test_texts_are_filled_with_everything_and_cut_into_sentences(language, part):
    for what in texts.TEXTS[language]:
        for seed in range(20):
            said = texts.sentences(what, language, Corner(part, is_studied=seed % 2), Random(seed))
            assert all(one and not set(one) & set("{}|") for one in said)


def test_no_two_parts_share_a_voice_or_a_recorded_person():
    for of_part in (
        {part: set(names.split()) for part, names in VARIANTS.items()},
        {part: {reader.folder for reader in some} for part, some in READERS.items()},
        {part: set(names) for part, names in DIGIT_SPEAKERS.items()},
    ):
        assert len(set().union(*of_part.values())) == sum(map(len, of_part.values()))


def test_a_call_is_the_same_whenever_it_is_drawn():
    once, again = (draw_call(7, "val", 1, Hummers()) for _ in range(2))
    assert once.truth == again.truth
    assert (once.sound() == again.sound()).all()
    assert draw_call(7, "val", 2, Hummers()).truth != once.truth


@pytest.mark.parametrize("is_a_law", [True, False])
def test_companding_loses_little(is_a_law):
    samples = 0.3 * np.sin(np.arange(8000) / 5.0)
    back = channel.g711(samples, is_a_law)
    assert 10 * np.log10(np.mean(samples**2) / np.mean((samples - back) ** 2)) > 30


@pytest.mark.parametrize("kind", sounds.NOISES)
def test_every_noise_has_the_same_level(kind):
    neighbours = [sounds.tone((300.0,), 1.0), sounds.tone((500.0,), 1.5)]
    made = sounds.noise(kind, 20_000, neighbours, Random(1))
    assert len(made) == 20_000
    assert np.sqrt(np.mean(made**2)) == pytest.approx(1.0)


def test_people_and_machines_get_the_same_channel():
    """The draws of level and noise do not look at who is calling."""
    drawn = []
    for kind in (Kind.HUMAN, Kind.MACHINE):
        call = channel.OnTheLine(
            Truth(0, kind, "any", "fr"), sounds.tone((300.0,), 2.0), Random("same")
        )
        channel.into_the_room(call, [sounds.tone((300.0,), 3.0)] * 2)
        drawn.append((call.truth.level_db, call.truth.snr_db, call.truth.noise))
    assert drawn[0] == drawn[1]


@pytest.mark.skipif(shutil.which("sox") is None, reason="sox is not installed")
def test_the_line_keeps_the_length_and_a_split_is_read_as_written(tmp_path):
    calls = []
    for number in range(12):
        line = scene("personal", seed=number)
        truth = Truth(number, line.truth.kind, "personal", "fr", beep=line.truth.beep)
        calls.append(channel.OnTheLine(truth, line.sound(), Random(number)))
    lengths = [len(call.samples) for call in calls]
    for call in calls:
        channel.into_the_room(call, [sounds.tone((300.0,), 3.0)] * 2)
    channel.over_the_line(calls)
    assert [len(call.samples) for call in calls] == lengths
    files.write(tmp_path, "val", calls)
    split = files.read(tmp_path, "val")
    assert [truth.n_samples for truth in split.truths] == lengths
    assert split.pcm(split.truths[3]) == channel.to_pcm(calls[3].samples)
    assert split.truths[3].kind is Kind.MACHINE

"""A crowd's recordings answer as people and as machines."""

import wave
from pathlib import Path
from random import Random

import numpy as np
import pytest

from benchmarks.amd.corpus.__main__ import main
from benchmarks.amd.corpus.crowd import LEAST_GREETING_S, Crowd
from benchmarks.amd.corpus.readers import NoPrompts
from benchmarks.amd.corpus.texts import Corner, Part
from benchmarks.amd.corpus.voices import RATE_HZ


@pytest.fixture(scope="module")
def folders(tmp_path_factory):
    words, orders = (tmp_path_factory.mktemp(name) for name in ("words", "orders"))
    (words / "audio" / "computer").mkdir(parents=True)
    (orders / "data" / "speech" / "clean").mkdir(parents=True)
    for number in range(6):
        (words / "audio" / "computer" / f"{number}.flac").touch()
        tone(orders / "data" / "speech" / "clean" / f"{number}.wav", 1.0 + 0.7 * number)
    return words, orders


def tone(path: Path, length_s: float) -> None:
    with wave.open(str(path), "wb") as file:
        file.setnchannels(1)
        file.setsampwidth(2)
        file.setframerate(16_000)
        file.writeframes((8000 * np.sin(np.arange(length_s * 16_000) / 5)).astype("<i2").tobytes())


def test_a_greeting_is_one_recording_and_the_two_sides_share_none(folders):
    crowd, random = Crowd.of(*folders), Random(1)
    said = [
        {crowd.greeting(Corner(Part.TRAIN, side), random) for _ in range(200)} for side in (0, 1)
    ]
    assert not said[0] & said[1]
    assert said[0] | said[1] == {*crowd.words, *crowd.orders}


def test_a_machine_says_one_order_until_no_person_greets_for_so_long(folders):
    crowd = Crowd.of(*folders)
    for seed in range(30):
        sentences = crowd.recording(Corner(Part.TRAIN), Random(seed))
        assert len(sentences) >= 2
        assert sum(len(sentence) for (sentence,) in sentences) >= LEAST_GREETING_S * RATE_HZ
        assert all(sentence[0] is sentences[0][0] for sentence in sentences)


def test_a_folder_without_recordings_is_named(folders, tmp_path):
    with pytest.raises(NoPrompts, match=str(tmp_path)):
        Crowd.of(folders[0], tmp_path)


def test_a_wrong_folder_ends_the_making_before_it_begins(folders, tmp_path, monkeypatch, capsys):
    wrong = ["--crowd", str(tmp_path), str(folders[1])]
    monkeypatch.setattr("sys.argv", ["corpus", "--out", str(tmp_path / "out"), *wrong])
    with pytest.raises(SystemExit, match="2"):
        main()
    assert f"no recordings of a crowd in {tmp_path}" in capsys.readouterr().err
    assert not (tmp_path / "out").exists()

"""Listening: each leg ends in one verdict, whatever becomes of its tap; nothing stays behind."""

import pytest

from dialer.model.amd import (
    AmdProfile,
    Cause,
    Heard,
    Score,
    SitCategory,
    Tone,
    ToneKind,
    Verdict,
)
from dialer.model.events import LegAnnounced, LegAwaitsMessage, LegLooksMachine, LegScreened
from dialer.model.outcome import Outcome
from dialer.policy.amd_profiles import settings_of
from dialer.run.ears import hearing
from dialer.run.ears.hearing import BURST_S, Hearing
from dialer.run.ears.words import Forget, Heedless, Listen, ListenEarly, PortOpen

FRAME = b"\x01\x00" * 160
LATE_S = settings_of(AmdProfile.CONSUMER).audio_late_s


class Detector:
    """Says what the test has it hear; keeps what it was fed."""

    def __init__(self):
        self.streams, self.fed, self.says = {}, {}, []

    def open(self, stream_id, now):
        assert stream_id not in self.streams
        self.streams[stream_id] = now
        self.fed[stream_id] = b""

    def feed(self, stream_id, pcm):
        self.fed[stream_id] += pcm

    def tick(self, now):
        says, self.says = self.says, []
        return says

    def close(self, stream_id):
        self.streams.pop(stream_id, None)


class Room:
    """One Hearing under a clock that the test moves, with a folder of taps."""

    def __init__(self, folder):
        self.folder, self.now, self.told = folder, 100.0, []
        self.detector = Detector()
        self.hearing = Hearing(self.detector, self.told.append)

    def path(self, leg, kind="answer"):
        return self.folder / f"{leg}-{kind}.r8"

    def listen(self, leg="leg", profile=AmdProfile.CONSUMER):
        self.hearing.obey(Listen(leg, profile, str(self.path(leg))))

    def record(self, leg="leg", n=1, kind="answer"):
        with self.path(leg, kind).open("ab") as file:
            file.write(FRAME * n)

    def hear(self, leg="leg", **what):
        self.detector.says.append(Heard(leg, **what))
        self.tick()

    def tick(self, seconds=0.02):
        self.now += seconds
        self.hearing.tick(self.now)

    def wait(self, seconds):
        """Awake: tick by tick."""
        for _ in range(round(seconds / 0.02)):
            self.tick()

    def of(self, kind):
        return [word for word in self.told if isinstance(word, kind)]


@pytest.fixture
def room(tmp_path):
    return Room(tmp_path)


def score(at_s, p, silence_s=0.0, onset_s=0.3):
    return Score(at_s, p, onset_s, silence_s, 3.0, 1, 20.0)


def tone(kind, at_s, category=None):
    return Tone(kind, at_s - 0.5, at_s, at_s, 1000.0, category)


def test_the_audio_of_the_answer_reaches_the_detector_whole(room):
    room.record(n=3)
    room.listen()
    room.tick()
    assert room.detector.fed["leg"] == FRAME * 3
    assert list(room.folder.iterdir()) == []


def test_a_person_is_told_with_times_and_listened_to_once_more(room):
    room.record()
    room.listen()
    room.hear(scores=(score(1.5, 0.01, silence_s=0.7),))
    (told,) = room.of(LegScreened)
    assert (told.verdict, told.cause, told.at_s) == (Verdict.HUMAN, Cause.PAUSE, 1.5)
    assert (told.onset_s, told.greeting_end_s) == (0.3, pytest.approx(0.8))
    assert "leg" in room.detector.streams
    room.hear(scores=tuple(score(2.0 + i / 10, 0.99) for i in range(3)))
    assert room.of(LegLooksMachine) == [LegLooksMachine("leg", Cause.SPEECH, 2.2, 0.99)]
    assert room.of(Heedless) == [Heedless("leg")]
    assert len(room.hearing) == 0 and room.detector.streams == {}


def test_a_machine_is_listened_to_until_its_beep(room):
    room.record()
    room.listen()
    room.hear(scores=tuple(score(2.9 + i / 10, 0.99) for i in range(3)))
    assert room.of(LegScreened)[0].verdict is Verdict.MACHINE
    room.hear(tones=(tone(ToneKind.BEEP, 6.0),))
    assert room.of(LegAwaitsMessage) == [LegAwaitsMessage("leg", may_speak=True)]
    assert room.of(Heedless) == [Heedless("leg")]


def test_the_category_of_a_special_information_tone_comes_with_the_verdict(room):
    room.record()
    room.listen()
    room.hear(tones=(tone(ToneKind.SIT, 1.1, SitCategory.VACANT),))
    (told,) = room.of(LegScreened)
    assert (told.verdict, told.cause, told.sit) == (
        Verdict.MACHINE, Cause.SIT, SitCategory.VACANT,
    )  # fmt: skip


def test_a_file_that_never_comes_is_unsure_after_a_second(room):
    room.listen()
    room.tick()
    room.wait(LATE_S - 0.04)
    assert room.told == []
    room.wait(0.06)
    (told,) = room.of(LegScreened)
    assert (told.verdict, told.cause) == (Verdict.UNSURE, Cause.NO_AUDIO)


def test_a_file_that_stops_growing_is_unsure_and_its_second_look_ends_too(room):
    room.record()
    room.listen()
    room.hear(scores=(score(0.5, 0.5),))
    room.wait(1.6)
    assert [t.verdict for t in room.of(LegScreened)] == [Verdict.UNSURE]
    assert room.of(Heedless) == [Heedless("leg")]
    assert len(room.hearing) == 0


def test_a_late_order_is_no_other_rate(room):
    """On a busy machine the file is a second old when somebody begins to read it."""
    room.record(n=60)
    room.listen()
    room.tick()
    assert room.detector.streams["leg"] == pytest.approx(room.now - 1.2 - BURST_S)


def test_who_has_fallen_behind_hears_what_has_come_before_he_gives_up(room):
    with room.path("leg").open("wb", buffering=0) as switch:
        switch.write(FRAME)
        room.listen()
        room.tick()
        switch.write(FRAME * 150)
        for _ in range(4):  # a second of audio in each, which takes longer than a second
            room.tick(LATE_S)
        assert room.told == [], "there was more to read"
        room.wait(LATE_S)
    assert [told.verdict for told in room.of(LegScreened)] == [Verdict.UNSURE]


def test_audio_that_comes_at_half_its_pace_keeps_nobody_waiting(room):
    with room.path("leg").open("wb", buffering=0) as switch:
        room.listen()
        for _ in range(round(2 * LATE_S / 0.04) - 2):
            switch.write(FRAME)
            room.tick(0.04)
        assert room.told == []
        for _ in range(5):
            switch.write(FRAME)
            room.tick(0.04)
    assert [told.cause for told in room.of(LegScreened)] == [Cause.NO_AUDIO]


def test_a_machine_that_stood_still_uses_up_nobody_s_patience(room):
    """The switch on it stood still, too: what it owes comes after it."""
    with room.path("leg").open("wb", buffering=0) as switch:
        switch.write(FRAME)
        room.listen("leg")
        room.listen("unheard")
        room.tick()
        for _ in range(3):
            room.tick(3.0 * LATE_S)
        assert room.told == []
        switch.write(FRAME)
        room.tick()
    assert room.detector.fed["leg"] == FRAME * 2
    room.wait(LATE_S)
    assert {told.cause for told in room.of(LegScreened)} == {Cause.NO_AUDIO}


def test_a_tap_that_breaks_costs_its_own_leg_the_verdict_and_no_other(room):
    room.path("bad").symlink_to("/dev/zero")
    room.record("good")
    room.listen("bad")
    room.listen("good")
    room.tick()
    assert [(t.leg_id, t.cause) for t in room.of(LegScreened)] == [("bad", Cause.NO_AUDIO)]
    assert list(room.detector.streams) == ["good"]


def test_a_leg_that_ends_is_forgotten_with_its_file(room):
    room.listen()
    room.record()
    room.hearing.obey(Forget("leg"))
    room.hearing.obey(Forget("leg"))
    room.tick(5.0)
    assert (room.told, room.detector.streams) == ([], {})
    assert list(room.folder.iterdir()) == []


def test_an_order_said_twice_is_obeyed_once(room):
    room.record()
    room.listen()
    room.tick()
    room.listen()
    room.tick()
    assert len(room.hearing) == 1


def test_off_listens_to_nobody(room):
    room.listen(profile=AmdProfile.OFF)
    room.tick(5.0)
    assert (len(room.hearing), room.told) == (0, [])


def test_before_the_answer_a_wrong_number_is_announced(room):
    room.hearing.obey(ListenEarly("leg", str(room.path("leg", "early"))))
    room.record(kind="early")
    room.hear(tones=(tone(ToneKind.SIT, 1.1, SitCategory.INTERCEPT),))
    assert room.told == [LegAnnounced("leg", Outcome.WRONG_NUMBER)]


def test_the_answer_begins_a_new_count_of_time_and_its_own_file(room):
    room.hearing.obey(ListenEarly("leg", str(room.path("leg", "early"))))
    with room.path("leg", "early").open("ab", buffering=0) as switch:
        switch.write(FRAME * 2)
        room.tick()
        switch.write(FRAME)
        room.record()
        room.listen()
        room.tick()
    assert room.detector.fed["leg"] == FRAME
    assert list(room.folder.iterdir()) == []


def test_more_than_a_core_can_hear_are_unsure_at_once(room, monkeypatch):
    monkeypatch.setattr(hearing, "MOST_LEGS", 1)
    room.listen("first")
    room.listen("second")
    assert [(t.leg_id, t.verdict) for t in room.of(LegScreened)] == [("second", Verdict.UNSURE)]


def test_datagrams_are_heard_at_the_port_that_is_told(room):
    import socket

    room.hearing.obey(Listen("leg", AmdProfile.CONSUMER))
    (port,) = room.of(PortOpen)
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as switch:
        switch.sendto(FRAME, ("127.0.0.1", port.port))
        room.tick()
    assert room.detector.fed["leg"] == FRAME
    room.hearing.close()
    assert len(room.hearing) == 0

"""Arming legs: what a switch is told for each that is to be heard, and that nothing else is."""

import pytest

from dialer.model.amd import AmdProfile, Cause, Verdict
from dialer.model.events import (
    LegAnswered,
    LegEnded,
    LegRinging,
    LegScreened,
    NodeRestarted,
    OriginateFailed,
)
from dialer.switch.tapping import Tapping
from esl import LinkLost, LossStage
from esl.commands import Api

CONSUMER = AmdProfile.CONSUMER
ANSWER = "/tap/c1/leg-1-answer.r8"
EARLY = "/tap/c1/leg-1-early.r8"


class Ears:
    def __init__(self):
        self.said = []

    def wake(self):
        self.said.append("wake")

    def listen(self, leg_id, profile, path, tapping):
        self.said.append(("listen", leg_id, profile, path))

    def listen_early(self, leg_id, path, tapping):
        self.said.append(("early", leg_id, path))

    def forget(self, leg_id):
        self.said.append(("forget", leg_id))


class Story:
    def __init__(self, tap="/tap/c1", *, has_ears=True):
        self.ears, self.asked, self.told = Ears() if has_ears else None, [], []
        self.tapping = Tapping(
            tap, self.ears, self.ask, lambda do, *what: do(*what), self.told.append
        )

    def ask(self, command):
        self.asked.append(command.command.render() if isinstance(command, Api) else command.lines())

    def happens(self, *events):
        for event in events:
            self.tapping.follow(event)


def test_a_leg_is_armed_with_its_dial_and_heard_from_its_answer():
    story = Story()
    armed = story.tapping.arm("leg-1", CONSUMER)
    assert armed.render().startswith(f"uuid_record leg-1 start {ANSWER} ")
    story.happens(LegRinging("leg-1"), LegAnswered("leg-1"), LegEnded("leg-1", "NORMAL_CLEARING"))
    assert story.ears.said == ["wake", ("listen", "leg-1", CONSUMER, ANSWER), ("forget", "leg-1")]
    assert story.asked == []


def test_early_media_are_heard_from_a_file_of_their_own_until_the_answer():
    story = Story()
    story.tapping.arm("leg-1", CONSUMER)
    story.happens(LegRinging("leg-1", has_early_media=True), LegRinging("leg-1", True))
    assert story.asked[0].startswith(f"uuid_record leg-1 start {EARLY} ")
    assert len(story.asked) == 1, "told twice by the switch, begun once"
    assert story.ears.said[1:] == [("early", "leg-1", EARLY)]
    story.happens(LegAnswered("leg-1"))
    assert story.asked[1:] == [f"uuid_record leg-1 stop {EARLY}"]


def test_when_nobody_listens_any_more_the_switch_stops_writing():
    story = Story()
    story.tapping.arm("leg-1", CONSUMER)
    story.happens(LegAnswered("leg-1"))
    story.tapping.heedless("leg-1")
    assert story.asked == [f"uuid_record leg-1 stop {ANSWER}"]
    story.happens(LegEnded("leg-1", "NORMAL_CLEARING"))
    story.tapping.heedless("leg-1")
    assert len(story.asked) == 1, "a leg that is gone writes nothing"


def test_a_tap_that_nobody_opened_is_removed_with_its_leg(tmp_path):
    story = Story(str(tmp_path))
    for leg in ("leg-1", "leg-2"):
        story.tapping.arm(leg, CONSUMER)
        (tmp_path / f"{leg}-answer.r8").write_bytes(b"1234")
    story.happens(LegAnswered("leg-1"), LegAnswered("leg-2"))
    story.tapping.heedless("leg-1")
    assert [path.name for path in tmp_path.iterdir()] == ["leg-2-answer.r8"]
    story.happens(LegEnded("leg-2", "NORMAL_CLEARING"))
    assert list(tmp_path.iterdir()) == []


def test_datagrams_are_sent_to_the_port_that_the_listener_opened():
    story = Story("udp")
    assert story.tapping.arm("leg-1", CONSUMER) is None
    story.happens(LegRinging("leg-1", has_early_media=True), LegAnswered("leg-1"))
    assert story.ears.said == ["wake", ("listen", "leg-1", CONSUMER, "")]
    story.tapping.port_open("leg-1", 4711)
    ((first, *rest),) = story.asked
    assert first == "sendmsg leg-1" and "remote-port: 4711" in rest


@pytest.mark.parametrize(
    "story",
    [Story("none"), Story(has_ears=False)],
    ids=["no tap", "no ears"],
)
def test_where_nobody_can_listen_the_answer_is_unsure_at_once(story):
    assert story.tapping.arm("leg-1", CONSUMER) is None
    story.happens(LegRinging("leg-1", has_early_media=True))
    assert story.told == []
    story.happens(LegAnswered("leg-1"), LegEnded("leg-1", "NORMAL_CLEARING"))
    assert story.told == [LegScreened("leg-1", Verdict.UNSURE, Cause.NO_LISTENER)]
    assert story.asked == []


def test_a_leg_that_is_not_to_be_heard_is_left_alone():
    story = Story()
    assert story.tapping.arm("leg-1", AmdProfile.OFF) is None
    story.happens(LegRinging("leg-1", True), LegAnswered("leg-1"), LegEnded("leg-1", "X"))
    assert (story.asked, story.ears.said) == ([], [])


def test_a_dial_that_failed_and_a_switch_that_restarted_leave_no_leg_armed():
    story = Story()
    for leg in ("leg-1", "leg-2"):
        story.tapping.arm(leg, CONSUMER)
    story.happens(OriginateFailed("leg-1", "NO_ANSWER", is_local=False), NodeRestarted("n1"))
    assert story.ears.said[2:] == [("forget", "leg-1"), ("forget", "leg-2")]
    story.happens(NodeRestarted("n1"), LegAnswered("leg-2"))
    assert len(story.ears.said) == 4


def test_a_link_that_is_lost_costs_no_more_than_the_tap():
    story = Story()

    def lost(command):
        raise LinkLost(LossStage.NOT_SENT, "pulled")

    story.tapping._ask = lost
    story.tapping.arm("leg-1", CONSUMER)
    story.happens(LegRinging("leg-1", has_early_media=True), LegAnswered("leg-1"))
    assert ("listen", "leg-1", CONSUMER, ANSWER) in story.ears.said


def test_ears_are_woken_before_the_first_dial_where_there_are_any():
    story = Story()
    story.tapping.wake()
    assert story.ears.said == ["wake"]
    Story("none").tapping.wake()
    Story(has_ears=False).tapping.wake()

"""The words on the pipe: each arrives as it was said; what is no word is refused."""

import pytest

from dialer.model.amd import AmdProfile, Cause, SitCategory, Verdict
from dialer.model.errors import BadInput
from dialer.model.events import LegAnnounced, LegAwaitsMessage, LegLooksMachine, LegScreened
from dialer.model.outcome import Outcome
from dialer.run.ears.words import (
    Alive,
    Forget,
    Heedless,
    Listen,
    ListenEarly,
    PortOpen,
    say,
    understand,
)

WORDS = (
    Listen("leg", AmdProfile.BUSINESS, "/t/leg.r8"),
    ListenEarly("leg", "/t/leg.r8"),
    Forget("leg"),
    Alive(3),
    PortOpen("leg", 4711),
    Heedless("leg"),
    LegScreened("leg", Verdict.MACHINE, Cause.SIT, 1.5, 0.99, 0.2, None, SitCategory.VACANT),
    LegScreened("leg", Verdict.UNSURE, Cause.NO_LISTENER),
    LegLooksMachine("leg", Cause.BEEP, 4.0, 0.5),
    LegAwaitsMessage("leg", may_speak=True),
    LegAnnounced("leg", Outcome.WRONG_NUMBER),
)


@pytest.mark.parametrize("word", WORDS, ids=lambda word: type(word).__name__)
def test_a_word_arrives_as_it_was_said(word):
    line = say(word)
    assert line.endswith(b"\n") and line.count(b"\n") == 1
    assert understand(line) == word


@pytest.mark.parametrize(
    "line",
    [
        b"", b"{", b"[]", b"7", b'{"is":"Forget"}', b'{"is":"Rise","says":{}}',
        b'{"is":"Forget","says":{"leg":"x"}}', b'{"is":"Forget","says":[]}', b"\xff\xfe",
        b'{"is":"Listen","says":{"leg_id":"l","profile":"EAR"}}',
    ],
)  # fmt: skip
def test_what_is_no_word_is_refused(line):
    with pytest.raises(BadInput):
        understand(line)

"""The laboratory's number plan: the last two digits dialled decide the far end's behaviour.

The same plan as the far end of the FreeSWITCH laboratory, with the times measured there, so a
test can run against either. Must not know of chance.
"""

from dialer.sim.person import Answer, Person

_GREETING_S = 3.05
"""Length of the recorded greeting that a live far end plays before its 20 s of silence."""

AGENT = Person(Answer.LIVE, 0.0, 0.3)
"""An agent's softphone: picks up by itself and stays for the whole login."""

OUTSIDE_AGENT = AGENT._replace(answer_after_s=4.0, dtmf=((2.0, "1"),))
"""An agent at home: picks up, and presses the key that was asked for."""

PLAN: dict[str, Person] = {
    "01": Person(Answer.LIVE, 0.0, 2.0, leaves_after_s=20.0 + _GREETING_S),
    "02": Person(Answer.VOICEMAIL, 0.0, 1.5, leaves_after_s=24.9),
    "03": Person(Answer.BUSY, 0.0, 1.0, 486),
    "04": Person(Answer.FAIL, None, 0.0, 404),
    "05": Person(Answer.NO_ANSWER, 0.0, 60.0, 480),
    "06": Person(Answer.FAIL, None, 0.0, 503),
    "07": Person(Answer.LIVE, 0.0, 6.0, has_early_media=True, leaves_after_s=23.1),
    "08": Person(Answer.FAIL, 0.0, 6.4, 404, has_early_media=True),
    "09": Person(Answer.LIVE, 0.0, 1.0, leaves_after_s=0.0),
    "10": Person(Answer.BUSY, 0.0, 1.0, 603),
    "11": Person(Answer.LIVE, 0.0, 1.0, leaves_after_s=3.0),
    "12": Person(
        Answer.LIVE, None, 0.0, leaves_after_s=5.5, dtmf=((0.7, "1"), (1.2, "2"), (1.66, "#"))
    ),
    "13": Person(Answer.LIVE, 0.0, 1.0, leaves_after_s=21.7, dtmf=((1.7, "9"),)),
}

UNKNOWN = Person(Answer.FAIL, None, 0.0, 404)


def far_end(number: str) -> Person:
    """Who answers `number` in the laboratory; a number outside the plan is unallocated."""
    return PLAN.get(number[-2:], UNKNOWN)

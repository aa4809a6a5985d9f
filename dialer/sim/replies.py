"""What people answer to a message: most nothing, some a question, a few that they want no more.

Seeded by person, as everything of the simulation: whoever opts out in one run does so in the next.
"""

from dataclasses import dataclass

from dialer.sim import chance

OPT_OUT_SHARE = 0.04
OTHER_SHARE = 0.04
FASTEST_S, SLOWEST_S = 3.0, 20.0
OPT_OUTS = ("STOP", "Stop svp", "ARRÊT", "stop !", "Merci de me désabonner")
OTHERS = (
    "Qui êtes-vous ?", "Rappelez-moi demain matin", "Je suis en réunion", "Ne stoppez rien, merci",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Reply:
    """What comes back, and how long after the message."""

    text: str
    after_s: float


def reply_of(seed: int, number: str) -> Reply | None:
    """What the person of a number answers to a message; None for nothing."""
    u, v, w, *_ = chance.draws(seed, number, "reply")
    if u >= OPT_OUT_SHARE + OTHER_SHARE:
        return None
    texts = OPT_OUTS if u < OPT_OUT_SHARE else OTHERS
    return Reply(texts[int(v * len(texts))], chance.between(FASTEST_S, SLOWEST_S, w))

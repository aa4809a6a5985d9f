"""How long a switch's calls stay unknown after its links are back.

2,000 live calls on the simulated switch (a process of its own), 100 of which end while nobody is
connected. Measured from the reconnected event link to NodeUp, with what was missed told before
it; each call must come out in exactly one state. Rival: the same questions, one after another.

Bounds (--check):
  resync_s         2,000 calls       <= 2.0
  n_wrong_calls    told twice, not at all, or wrongly   <= 0
"""

import sys
import time
import uuid
from collections import Counter

import gevent
from gevent.event import Event
from gevent.pool import Pool

from benchmarks.common import Report, cpu_time, parser
from benchmarks.switch import simulated
from dialer.config import SwitchSettings
from dialer.model.events import LegAnswered, LegEnded, LegRinging, NodeUp, SwitchEvent
from dialer.model.ids import LegId
from dialer.switch.node import SwitchNode
from dialer.switch.survey import look_at
from esl.backoff import Backoff
from esl.verbs import UuidKill

N_CALLS, N_ENDED = 2000, 100
PATIENCE_S = 60.0
GAP_S = 1.0
"""How long the event link stays away: the calls that end do so meanwhile."""


class Witness:
    """Takes the node's events."""

    def __init__(self) -> None:
        self.told: list[SwitchEvent] = []
        self.is_up = Event()

    def emit(self, event: SwitchEvent) -> None:
        self.told.append(event)
        if isinstance(event, NodeUp):
            self.is_up.set()

    def wait(self) -> None:
        if not self.is_up.wait(PATIENCE_S):
            raise RuntimeError("the node does not come up")


def place(node: SwitchNode, n_calls: int) -> list[LegId]:
    """Calls that somebody answers and that stay."""
    legs = [LegId(str(uuid.uuid4())) for _ in range(n_calls)]

    def dial(leg_id: LegId) -> None:
        node.api(f"bgapi uuid:{leg_id} originate {{origination_uuid={leg_id}}}null/x &park()")

    Pool(64).map(dial, legs)
    with gevent.Timeout(PATIENCE_S):
        while f"\n{n_calls} total" not in node.api("show channels count"):
            gevent.sleep(0.1)
    return legs


def measure(settings: SwitchSettings, n_calls: int, n_ended: int) -> dict[str, float]:
    """Cut the event link, end some calls in the dark, and see what is told."""
    witness, legs = Witness(), list[LegId]()
    node = SwitchNode(settings, witness.emit, lambda: legs)
    node.start()
    witness.wait()
    legs += place(node, n_calls)
    gevent.sleep(0.5)
    began = time.monotonic()
    for leg_id in legs:
        look_at(node.api, leg_id)
    one_by_one_s = time.monotonic() - began
    witness.is_up.clear()
    witness.told.clear()
    back_at: list[float] = []
    node._events.register_handle("CONNECTED", lambda event: back_at.append(time.monotonic()))
    node._events._backoff = Backoff(first_s=GAP_S, cap_s=GAP_S, draw=lambda low, high: high)
    with cpu_time() as spent:
        node._events._link.close("benchmark")  # type: ignore[union-attr]
        Pool(64).map(lambda leg_id: node.api(UuidKill(leg_id)), legs[:n_ended])
        witness.wait()
        resync_s, cpu_s = time.monotonic() - back_at[0], spent()
    wrong = n_wrong(witness.told, legs, n_ended)
    node.stop()
    return {"resync_s": resync_s, "one_by_one_s": one_by_one_s, "cpu_s": cpu_s, "n_wrong": wrong}


def n_wrong(told: list[SwitchEvent], legs: list[LegId], n_ended: int) -> int:
    """Calls that did not come out in exactly one state, the right one."""
    ended = Counter(event.leg_id for event in told if isinstance(event, LegEnded))
    lives = Counter(event.leg_id for event in told if isinstance(event, (LegAnswered, LegRinging)))
    return sum(
        (ended[leg_id], lives[leg_id]) != ((1, 0) if i < n_ended else (0, 1))
        for i, leg_id in enumerate(legs)
    )


def main() -> int:
    chosen = parser(__doc__).parse_args()
    report = Report(chosen.json)
    for n_calls, n_ended in ((200, 10), (N_CALLS, N_ENDED)):
        with simulated() as settings:
            found = measure(settings, n_calls, n_ended)
        report.row(
            n_calls=n_calls, n_ended_meanwhile=n_ended, resync_s=round(found["resync_s"], 3),
            cpu_s=round(found["cpu_s"], 3), one_by_one_s=round(found["one_by_one_s"], 3),
            faster_than_one_by_one=round(found["one_by_one_s"] / found["resync_s"], 1),
            n_wrong=int(found["n_wrong"]),
        )  # fmt: skip
    report.bound("resync_s", found["resync_s"], 2.0)
    report.bound("n_wrong_calls", found["n_wrong"], 0)
    return report.end(chosen.check)


if __name__ == "__main__":
    sys.exit(main())

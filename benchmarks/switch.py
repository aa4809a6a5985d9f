"""From the answer to the bridge: what the product adds to a client with nothing in it.

The switch is a process of its own: the simulated one, or a real FreeSWITCH named by --switch (or
RELANCE_BENCH_SWITCH), whose far end must answer numbers of the lab's plan (freeswitch/README.md).
The minimal client (raw sockets, no engine) is the limit; both run in turns in the same run. The
product is the engine's loop and a SwitchNode, with its store held in memory.

Delays in ms, from the time stamp of the switch's CHANNEL_ANSWER (1 ms steps in FreeSWITCH with the
configuration of freeswitch/conf): `written` until the bytes of uuid_bridge are written, `bridged`
until the time stamp of CHANNEL_BRIDGE. 20 agents at 4 answers/s, 100 agents at 20 answers/s.

Bounds (--check), for each load, of `bridged`:
  added_p50_ms   product - minimal   <= 5
  added_p99_ms   product - minimal   <= 15
"""

import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace

import gevent

from benchmarks.common import Report, cpu_time, parser
from benchmarks.switch_arms import Load, Minimal, Product, Watch
from dialer.config import SwitchSettings, read_switches
from dialer.run.clocks import SystemClock
from dialer.run.heap import settle_heap
from dialer.sim import portrait
from dialer.sim.dialing import Limits
from dialer.sim.population import BENCHMARK, Population
from dialer.sim.server import SwitchServer
from dialer.sim.wire import WireSwitch

PASSWORD = "benchmark-password"
LOADS = ((20, 4.0), (100, 20.0))
PLAN = "336{:06d}01"
PEOPLE = replace(
    BENCHMARK, live=1.0, voicemail=0.0, no_answer=0.0, busy=0.0, fail=0.0, ring_mean_s=1.5,
    talk_mean_s=600.0,
)  # fmt: skip
"""Everybody answers, and nobody hangs up before we do."""
ARMS = {"minimal": Minimal, "product": Product}
ADDED_P50_MS, ADDED_P99_MS = 5.0, 15.0


def serve() -> None:
    """A simulated switch until standard input ends; prints its port."""
    portrait.microseconds = lambda utc: round(utc * 1e6)  # the recorded one steps by 20 ms
    clock = SystemClock()
    switch = WireSwitch(Population(1, PEOPLE), clock.now(), PASSWORD, limits=Limits(10_000, 10_000))
    server = SwitchServer(("127.0.0.1", 0), switch, clock)
    server.start()
    print(server.port, flush=True)
    gevent.signal_handler(signal.SIGTERM, lambda: gevent.spawn(server.stop))
    server._stopped.wait()


@contextmanager
def simulated() -> Iterator[SwitchSettings]:
    """A fresh simulated switch in a process of its own."""
    command = [sys.executable, "-m", "benchmarks.switch", "--serve"]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        try:
            port = int(process.stdout.readline())
            yield read_switches(f"esl://sim:{PASSWORD}@127.0.0.1:{port}")[0]
        finally:
            process.terminate()
            process.wait(10.0)


@contextmanager
def named(address: str) -> Iterator[SwitchSettings]:
    """The switch of that address, or a simulated one."""
    if address:
        yield read_switches(address)[0]
    else:
        with simulated() as settings:
            yield settings


def play(arm: str, address: str, n_agents: int, rate: float, seconds: float) -> tuple[Watch, float]:
    """One turn of one arm; CPU seconds with it."""
    with named(address) as settings, cpu_time() as spent:
        watch = ARMS[arm](Load(settings, n_agents, rate, seconds, PLAN)).run()
        return watch, spent()


def percentile(values: list[float], share: float) -> float:
    """The smallest value that at least `share` of all do not exceed."""
    ranked = sorted(values)
    return ranked[min(int(share * len(ranked)), len(ranked) - 1)] if ranked else float("nan")


def figures(
    report: Report, arm: str, n_agents: int, rate: float, seconds: float,
    watches: list[tuple[Watch, float]],
) -> tuple[float, float]:  # fmt: skip
    """A row; p50 and p99 of answer to bridge."""
    written = [ms for watch, _ in watches for ms in watch.delays_ms(watch.written)]
    bridged = [ms for watch, _ in watches for ms in watch.delays_ms(watch.bridged)]
    cpu_s = sum(spent for _, spent in watches)
    p50, p99 = percentile(bridged, 0.5), percentile(bridged, 0.99)
    report.row(
        n_agents=n_agents, answers_per_s=rate, client=arm, n_bridged=len(bridged),
        calls_per_s=round(len(bridged) / (seconds * len(watches)), 2),
        written_p50_ms=round(percentile(written, 0.5), 2),
        written_p99_ms=round(percentile(written, 0.99), 2),
        bridged_p50_ms=round(p50, 2), bridged_p99_ms=round(p99, 2),
        cpu_ms_per_call=round(1e3 * cpu_s / max(len(bridged), 1), 2),
    )  # fmt: skip
    return p50, p99


def main() -> int:
    options = parser(__doc__)
    options.add_argument("--serve", action="store_true", help="for this program's own use")
    options.add_argument(
        "--switch", default=os.environ.get("RELANCE_BENCH_SWITCH", ""),
        help="esl://name:password@host:port of a real switch (default: a simulated one)",
    )  # fmt: skip
    options.add_argument("--turns", type=int, default=2, help="of each client at each load")
    options.add_argument("--seconds", type=float, default=30.0, help="of dialling in each turn")
    chosen = options.parse_args()
    if chosen.serve:
        serve()
        return 0
    if chosen.quick:
        chosen.turns, chosen.seconds = 1, 6.0
    settle_heap()  # as the controller does
    report = Report(chosen.json)
    report.summary["switch"] = "real" if chosen.switch else "simulated"
    for n_agents, rate in LOADS:
        turns: dict[str, list[tuple[Watch, float]]] = {arm: [] for arm in ARMS}
        for _ in range(chosen.turns):
            for arm, done in turns.items():
                done.append(play(arm, chosen.switch, n_agents, rate, chosen.seconds))
        found = {
            arm: figures(report, arm, n_agents, rate, chosen.seconds, done)
            for arm, done in turns.items()
        }
        (limit_p50, limit_p99), (p50, p99) = found["minimal"], found["product"]
        report.bound(f"added_p50_ms_{n_agents}_agents", p50 - limit_p50, ADDED_P50_MS)
        report.bound(f"added_p99_ms_{n_agents}_agents", p99 - limit_p99, ADDED_P99_MS)
    return report.end(chosen.check)


if __name__ == "__main__":
    sys.exit(main())

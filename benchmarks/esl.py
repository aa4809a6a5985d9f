"""What an event of the switch costs us, beside greenswitch 0.0.19, in one run.

A peer process sends the recorded events of `tests/wire/transcripts` over loopback; each client is
measured in a fresh process of its own, in turns, and the best of the turns counts (other programs
only add). A handler reads four headers of each event it gets. CPU is of the client's process.

  all      every event is decoded and handled (a handler for `*`)
  wanted   the same stream; handlers only for the names that the dialer subscribes to. greenswitch
           decodes all of them before it looks for a handler, we drop unwanted ones undecoded
  narrow   only those names are sent, as a real switch does for our subscription; all are decoded
  bgapi    reply and BACKGROUND_JOB awaited; one at a time, and 50 at once
  memory   resident bytes that 10,000 events hold while a handler is stuck

Bounds (--check); 0.125 is eight times cheaper:
  wanted_cpu_of_greenswitch_ratio   ours / greenswitch, CPU per event of the stream   <= 0.125
  all_cpu_of_greenswitch_ratio      ours / greenswitch                               <= 0.35
  narrow_cpu_of_greenswitch_ratio   ours / greenswitch                               <= 0.35
  memory_of_greenswitch_ratio       ours / greenswitch                               <= 1.0
bgapi has no bound: it costs us more, since each of our waits has a deadline and a loss stage, and
greenswitch waits for ever; FreeSWITCH itself gives 850 a second on a connection.
"""

import json
import subprocess
import sys
import time
import uuid
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import gevent
import psutil
from gevent.event import Event
from gevent.pool import Pool
from greenswitch import InboundESL

from benchmarks.common import Report, cpu_time, parser
from benchmarks.esl_peer import WANTED, recorded
from esl import EslClient

CLIENTS = ("greenswitch", "ours")
FLOODS = ("all", "wanted", "narrow")
N_HELD = 10_000
PATIENCE_S = 120.0
READ = ("Event-Name", "Unique-ID", "Answer-State", "variable_relance_attempt")


# --- one measurement, in a process of its own ----------------------------------------------------


class Subject:
    """A client under measurement, connected to the peer."""

    def __init__(self, name: str, port: int) -> None:
        self.is_ours = name == "ours"
        if self.is_ours:
            # What is asked for is the peer's affair; 8 names or ALL make no difference to it.
            self.client: Any = EslClient(
                "127.0.0.1", port, "x", subscriptions=("ALL",), keepalive_s=0,
                reply_deadline_s=PATIENCE_S,
            )  # fmt: skip
            self.client.connect()
        else:
            self.client = InboundESL("127.0.0.1", port, "x")
            self.client.connect()
            self.client.send("event plain ALL")
        self.n_heard = 0
        self.n_awaited = 0
        self.is_done = Event()

    def hear(self, names: tuple[str, ...]) -> None:
        for name in names:
            self.client.register_handle(name, self._on_event)

    def _on_event(self, event: Any) -> None:
        headers = event.headers
        for name in READ:
            headers.get(name)
        self.n_heard += 1
        if self.n_heard == self.n_awaited:
            self.is_done.set()

    def flood(self, command: str, n_events: int, n_heard: int) -> None:
        """Have events sent, and wait until the last is handled."""
        self.n_heard, self.n_awaited = 0, n_heard
        self.is_done.clear()
        self.client.send(f"api {command} {n_events}")
        if not self.is_done.wait(PATIENCE_S):
            raise RuntimeError(f"{self.n_heard} of {n_heard} events heard")


def n_wanted(n_events: int) -> int:
    """Wanted events among the first `n_events` of the stream."""
    names = [name for name, _ in recorded()]
    rounds, rest = divmod(n_events, len(names))
    return rounds * sum(n in WANTED for n in names) + sum(n in WANTED for n in names[:rest])


def measure_flood(subject: Subject, case: str, n_events: int) -> dict[str, float]:
    names = ("*",) if case == "all" else tuple(sorted(WANTED))
    command = "flood_wanted" if case == "narrow" else "flood"
    subject.hear(names)

    n_first = n_events // 10
    is_part = case == "wanted"
    n_heard = n_wanted(n_events) if is_part else n_events
    subject.flood(command, n_first, n_wanted(n_first) if is_part else n_first)  # fills caches
    began = time.monotonic()
    with cpu_time() as spent:
        subject.flood(command, n_events, n_heard)
        cpu_s = spent()
    wall_s = time.monotonic() - began
    return {"cpu_us": 1e6 * cpu_s / n_events, "per_s": n_events / wall_s}


def measure_bgapi(subject: Subject, n_jobs: int, at_once: int) -> dict[str, float]:
    """Round trips; a job is over when both its reply and its BACKGROUND_JOB have come."""
    run = _our_job(subject) if subject.is_ours else _greenswitch_job(subject)
    pool = Pool(at_once)
    began = time.monotonic()
    with cpu_time() as spent:
        for _ in range(n_jobs):
            pool.spawn(run)
        pool.join(PATIENCE_S)
        cpu_s = spent()
    return {"cpu_us": 1e6 * cpu_s / n_jobs, "per_s": n_jobs / (time.monotonic() - began)}


def _our_job(subject: Subject) -> Callable[[], None]:
    def run() -> None:
        subject.client.run_job("version", job_deadline_s=PATIENCE_S)

    return run


def _greenswitch_job(subject: Subject) -> Callable[[], None]:
    """greenswitch has no word for it: what its users write."""
    waiting: dict[str, Event] = {}

    def on_job(event: Any) -> None:
        waiting[event.headers["Job-UUID"]].set()

    subject.client.register_handle("BACKGROUND_JOB", on_job)

    def run() -> None:
        job = str(uuid.uuid4())
        done = waiting[job] = Event()
        subject.client.send(f"bgapi version\nJob-UUID: {job}")
        done.wait(PATIENCE_S)
        del waiting[job]

    return run


def measure_memory(subject: Subject, n_held: int) -> dict[str, float]:
    """Resident bytes per event that waits behind a stuck handler. One call's events only wait
    behind each other in our client, so the handler gets stuck on whatever comes."""
    stuck = Event()

    def on_event(event: Any) -> None:
        stuck.wait()

    subject.client.register_handle("*", on_event)
    process = psutil.Process()
    before = process.memory_info().rss
    subject.client.send(f"api flood_wanted {n_held}")
    until = time.monotonic() + PATIENCE_S
    while _n_waiting(subject) < 0.95 * n_held and time.monotonic() < until:
        gevent.sleep(0.01)
    held = process.memory_info().rss - before
    n_waiting = _n_waiting(subject)
    stuck.set()
    return {"held_bytes": held / n_waiting, "held_mb": held / 1e6, "n_waiting": n_waiting}


def _n_waiting(subject: Subject) -> int:
    if subject.is_ours:
        return int(subject.client.waiting_events)
    return int(subject.client._esl_event_queue.qsize())


def measure(name: str, case: str, n: int, port: int) -> dict[str, float]:
    subject = Subject(name, port)
    if case in FLOODS:
        return measure_flood(subject, case, n)
    if case == "memory":
        return measure_memory(subject, n)
    return measure_bgapi(subject, n, int(case.removeprefix("bgapi_")))


# --- the run -------------------------------------------------------------------------------------


@contextmanager
def peer() -> Iterator[int]:
    """The port of a talking peer."""
    command = [sys.executable, "-m", "benchmarks.esl_peer"]
    with subprocess.Popen(
        command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    ) as process:
        assert process.stdout is not None and process.stdin is not None
        try:
            yield int(process.stdout.readline())
        finally:
            process.stdin.close()
            process.wait(10.0)


def in_a_process(name: str, case: str, n: int, port: int) -> dict[str, float]:
    """A measurement in a fresh interpreter: memory of one client is not another's."""
    command = [sys.executable, "-m", "benchmarks.esl", "--one", f"{name},{case},{n},{port}"]
    done = subprocess.run(command, capture_output=True, text=True, timeout=2 * PATIENCE_S)
    if done.returncode:
        raise RuntimeError(done.stderr)
    found: dict[str, float] = json.loads(done.stdout.splitlines()[-1])
    return found


def best(case: str, n: int, turns: int, port: int) -> dict[str, dict[str, float]]:
    """Each client's cheapest turn; turns alternate, so a busy minute meets both."""
    found: dict[str, list[dict[str, float]]] = {name: [] for name in CLIENTS}
    for _ in range(turns):
        for name in CLIENTS:
            found[name].append(in_a_process(name, case, n, port))
    key = "held_bytes" if case == "memory" else "cpu_us"
    return {name: min(runs, key=lambda run: run[key]) for name, runs in found.items()}


def compare(report: Report, case: str, n: int, turns: int, port: int) -> float:
    """Rows of one case; ours over greenswitch's."""
    figures = best(case, n, turns, port)
    key = "held_bytes" if case == "memory" else "cpu_us"
    theirs, ours = figures["greenswitch"], figures["ours"]
    for name, one in figures.items():
        if case == "memory":
            report.row(case=case, client=name, n=n, held_mb=round(one["held_mb"], 1),
                       bytes_per_event=round(one["held_bytes"]))  # fmt: skip
        else:
            report.row(
                case=case, client=name, n=n, cpu_us_each=round(one["cpu_us"], 2),
                per_s=round(one["per_s"]), cheaper_than_greenswitch=round(
                    theirs["cpu_us"] / one["cpu_us"], 1
                ),
            )  # fmt: skip
    report.summary[f"{case}_{key}"] = round(ours[key], 2)
    report.summary[f"{case}_greenswitch_{key}"] = round(theirs[key], 2)
    return ours[key] / theirs[key]


BOUNDS = {"all": 0.35, "wanted": 0.125, "narrow": 0.35}


def main() -> int:
    options = parser(__doc__)
    options.add_argument("--one", default="", help="for this program's own use")
    chosen = options.parse_args()
    if chosen.one:
        name, case, n, port = chosen.one.split(",")
        print(json.dumps(measure(name, case, int(n), int(port))), flush=True)
        return 0
    report = Report(chosen.json)
    n_events, n_jobs, turns = (10_000, 2000, 3) if chosen.quick else (50_000, 10_000, 5)
    with peer() as port:
        for case, at_most in BOUNDS.items():
            ratio = compare(report, case, n_events, turns, port)
            report.bound(f"{case}_cpu_of_greenswitch_ratio", ratio, at_most)
        compare(report, "bgapi_1", n_jobs, turns, port)
        compare(report, "bgapi_50", n_jobs, turns, port)
        ratio = compare(report, "memory", N_HELD, 1, port)
        report.bound("memory_of_greenswitch_ratio", ratio, 1.0)
    return report.end(chosen.check)


if __name__ == "__main__":
    sys.exit(main())

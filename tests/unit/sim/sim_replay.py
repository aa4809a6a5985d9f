"""Replays the commands of a recorded session against the simulated switch, in virtual time."""

import re
from collections import defaultdict
from dataclasses import dataclass, field
from pathlib import Path

from dialer.model.moment import Moment
from dialer.sim.population import LAB, Population
from dialer.sim.wire import WireSwitch
from esl.events import EslEvent, parse_event
from esl.frames import Frame, FrameReader

TRANSCRIPTS = Path(__file__).parents[2] / "wire" / "transcripts"
PASSWORD = "ClueCon"  # what the recorded sessions send
START = Moment(0.0, 1_800_000_000.0)
_AT = re.compile(r"^# t=([\d.]+)\n", re.MULTILINE)


@dataclass
class Session:
    """What a client received: replies in order, and events per leg in order."""

    replies: list[str] = field(default_factory=list)
    events: list[EslEvent] = field(default_factory=list)

    def add(self, frame: Frame) -> None:
        if frame.content_type.startswith("text/event"):
            self.events.append(parse_event(frame.content_type, frame.body))
        elif frame.content_type == "command/reply":
            self.replies.append(frame.headers["Reply-Text"])
        else:
            self.replies.append(f"{frame.content_type} {frame.body.decode()}")

    def per_leg(self) -> dict[str, list[EslEvent]]:
        """Events of each leg; the job of an originate belongs to the leg that it asked for."""
        legs: dict[str, list[EslEvent]] = defaultdict(list)
        for event in self.events:
            uuid = event.uuid or _originated(event)
            if uuid:
                legs[uuid].append(event)
        return legs


def _originated(event: EslEvent) -> str:
    found = re.search(r"origination_uuid=([0-9a-f-]+)", event.get("Job-Command-Arg"))
    return found.group(1) if found else ""


def recorded(name: str) -> Session:
    """What FreeSWITCH sent."""
    session = Session()
    for frame in FrameReader().feed((TRANSCRIPTS / f"{name}.esl").read_bytes()):
        session.add(frame)
    return session


def commands(name: str) -> list[tuple[float, bytes]]:
    """(seconds since connect, bytes) of each command."""
    parts = _AT.split((TRANSCRIPTS / f"{name}.sent").read_text())[1:]
    return [
        (float(at), text.rstrip("\n").encode() + b"\n\n" if "content-length" not in text
         else text.strip("\n").encode())
        for at, text in zip(parts[::2], parts[1::2], strict=True)
    ]  # fmt: skip


def replayed(name: str) -> Session:
    """What the simulated switch sends to the same commands at the same times."""
    switch = WireSwitch(Population(1, LAB), START, PASSWORD)
    client = switch.connect()
    session, reader = Session(), FrameReader()
    for at, data in commands(name):
        run_until(switch, at)
        switch.handle(client, data, START.plus(at))
    for frame in reader.feed(client.take()):
        session.add(frame)
    return session


def run_until(switch: WireSwitch, at: float) -> None:
    while (due := switch.next_deadline()) is not None and due < at:
        switch.expire(START.plus(due))
    switch.expire(START.plus(at))

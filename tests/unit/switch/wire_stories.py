"""The recorded conversations as this product would have held them, told in short words."""

import re
import sys
from collections.abc import Callable
from pathlib import Path

from dialer.model.events import (
    LegAnswered,
    LegEnded,
    LegJoined,
    LegParked,
    LegPlayed,
    LegPressed,
    LegRinging,
    LegsBridged,
    NodeBeat,
    OriginateFailed,
    SwitchEvent,
)
from dialer.switch.translate import translate
from esl.events import EslEvent, parse_json, parse_plain
from esl.frames import FrameReader

PLAIN = {LegAnswered: "answer", LegParked: "park", LegPlayed: "played", LegJoined: "room"}
FOLDER = Path(__file__).parents[2] / "wire" / "transcripts"
NAMES = sorted(path.stem for path in FOLDER.glob("*.esl"))
_JOB = re.compile(
    r"bgapi originate \{[^}]*origination_uuid=([0-9a-f-]{36}).*\nJob-UUID: ([0-9a-f-]+)"
)


def events(name: str) -> list[EslEvent]:
    """Every event of a recording, each originate's job named after its leg, as we name it."""
    raw = (FOLDER / f"{name}.esl").read_bytes()
    sent = FOLDER / f"{name}.sent"
    for leg, job in _JOB.findall(sent.read_text() if sent.exists() else ""):
        raw = raw.replace(job.encode(), leg.encode())
    parsers = {"text/event-plain": parse_plain, "text/event-json": parse_json}
    kinds = [(f.headers.get("Content-Type", ""), f.body) for f in FrameReader().feed(raw)]
    return [parsers[kind](body) for kind, body in kinds if kind in parsers]


def replies(name: str) -> dict[str, str]:
    """What the switch answered to each `api` line of a recording."""
    lines = (FOLDER / f"{name}.sent").read_text().split("\n")
    asked = [line.removeprefix("api ") for line in lines if line.startswith("api ")]
    frames = FrameReader().feed((FOLDER / f"{name}.esl").read_bytes())
    bodies = [f.body.decode() for f in frames if f.headers.get("Content-Type") == "api/response"]
    return dict(zip(asked, bodies, strict=True))


def story(name: str) -> list[str]:
    """The model events of a recording; legs are A, B and so on in order of appearance."""
    names: dict[str, str] = {}

    def leg(identity: str) -> str:
        return names.setdefault(identity, chr(ord("A") + len(names)))

    found = [translate(event, "n1") for event in events(name)]
    return [told(event, leg) for event in found if not isinstance(event, NodeBeat | None)]


def told(event: SwitchEvent, leg: Callable[[str], str]) -> str:
    """One event in short words."""
    if isinstance(event, LegsBridged):
        return f"bridge {leg(event.leg_id)} {leg(event.other_leg_id)}"
    one = leg(event.leg_id)
    if isinstance(event, LegRinging):
        return f"{'media' if event.has_early_media else 'ring'} {one}"
    if isinstance(event, LegEnded):
        words = [str(event.sip_status or ""), "far" if event.is_by_far_end else ""]
        return " ".join(word for word in (f"end {one} {event.cause}", *words) if word)
    if isinstance(event, OriginateFailed):
        return f"failed {one} {event.cause}" + (" local" if event.is_local else "")
    if isinstance(event, LegPressed):
        return f"press {one} {event.digit}"
    return f"{PLAIN[type(event)]} {one}"


if __name__ == "__main__":
    for one in sys.argv[1:] or NAMES:
        print(one, *story(one), sep="\n    ")

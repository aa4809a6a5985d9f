"""The recorded conversations, for the tests of this folder."""

import json
from pathlib import Path

from esl.frames import Frame, FrameReader

FOLDER = Path(__file__).parent / "transcripts"
NAMES = sorted(path.stem for path in FOLDER.glob("*.esl"))
# The one conversation in which the switch connects: its first reply answers `connect`.
HANDED_OVER = "outbound_socket_ivr"


def received(name: str) -> bytes:
    """What the switch sent."""
    return (FOLDER / f"{name}.esl").read_bytes()


def sent(name: str) -> list[str]:
    """The commands it answers, in order."""
    path = FOLDER / f"{name}.sent"
    if not path.exists():
        return ["auth wrong"]
    lines = [line for line in path.read_text().split("\n") if not line.startswith("# t=")]
    blocks = "\n".join(lines).strip("\n").split("\n\n")
    commands = [block.strip("\n") for block in blocks]
    return [text for text in commands if text and text != "hello"]  # the body of a sendevent


def frames(name: str) -> list[Frame]:
    return FrameReader().feed(received(name))


def raw_frames(name: str) -> list[tuple[bytes, bytes]]:
    """Head with its empty line, and body, as recorded."""
    stream, pairs = received(name), []
    at = 0
    for frame in frames(name):
        end = stream.index(b"\n\n", at) + 2
        pairs.append((stream[at:end], frame.body))
        at = end + len(frame.body)
    assert at == len(stream)
    return pairs


def plain_pairs(content: bytes) -> tuple[list[tuple[str, str]], bytes | None]:
    """Headers of a plain event still encoded, repeated names kept, and its body."""
    head, _, body = content.partition(b"\n\n")
    pairs = [tuple(line.split(": ", 1)) for line in head.decode().split("\n")]
    return [(name, value) for name, value in pairs], body or None


def json_pairs(content: bytes) -> list[tuple[str, str]]:
    """Headers of a JSON event, repeated names kept, arrays as the library shows them."""
    pairs = json.loads(content, object_pairs_hook=list)
    return [(n, v if isinstance(v, str) else "ARRAY::" + "|:".join(v)) for n, v in pairs]

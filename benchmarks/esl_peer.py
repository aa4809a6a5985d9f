"""A switch that only talks, as a process of its own: so its CPU is not counted as its client's.

Sends the events that a FreeSWITCH 1.10 sent to the recorder of `tests/wire/transcripts`, over
and over: `api flood N` all of them, `api flood_wanted N` those the dialer subscribes to. Plain
events go out as recorded; the JSON ones are the same events as `esl.render` writes them, whose
bytes the tests hold against recorded JSON. `bgapi` is answered and its job done at once.
"""

import contextlib
import re
import socket
import sys
import threading
from pathlib import Path

from dialer.switch.translate import TRANSLATORS
from esl.events import PLAIN, event_name, parse_plain
from esl.frames import FrameReader
from esl.render import json_body

FOLDER = Path(__file__).parents[1] / "tests" / "wire" / "transcripts"
WANTED = frozenset(map(str, TRANSLATORS))
HEAD = "Content-Length: {}\nContent-Type: text/event-{}\n\n"
N_SENT_AT_ONCE = 64
JOB = re.compile(rb"(?:Job-UUID: |uuid:)([0-9a-f-]+)")


def recorded() -> list[tuple[str, bytes]]:
    """Name and plain content of every recorded event."""
    found = []
    for path in sorted(FOLDER.glob("*.esl")):
        for frame in FrameReader().feed(path.read_bytes()):
            if frame.content_type == PLAIN:
                found.append((event_name(frame.body) or "", frame.body))
    return found


def frame(kind: str, content: bytes) -> bytes:
    return HEAD.format(len(content), kind).encode() + content


def as_json(content: bytes) -> bytes:
    event = parse_plain(content)
    return json_body(event.headers, event.body)


def corpus(kind: str, *, wanted_only: bool) -> list[bytes]:
    """Whole frames in one format."""
    events = [one for one in recorded() if not wanted_only or one[0] in WANTED]
    return [frame(kind, body if kind == "plain" else as_json(body)) for _, body in events]


class Talk:
    """One client."""

    def __init__(self, sock: socket.socket, frames: dict[tuple[str, bool], list[bytes]]) -> None:
        self.sock = sock
        self.frames = frames
        self.kind = "plain"

    def run(self) -> None:
        with contextlib.suppress(OSError):  # the client went
            self.talk()

    def talk(self) -> None:
        self.sock.sendall(b"Content-Type: auth/request\n\n")
        buffer = b""
        while data := self.sock.recv(65536):
            buffer += data
            *commands, buffer = buffer.split(b"\n\n")
            answers = [self.answer(command.strip()) for command in commands]
            self.sock.sendall(b"".join(answers))
            for command in commands:
                if b"api flood" in command:
                    self.flood(command.strip().split(b" "))

    def answer(self, command: bytes) -> bytes:
        if command.startswith(b"event "):
            self.kind = command.split(b" ")[1].decode()
        if command.startswith(b"auth"):
            return b"Content-Type: command/reply\nReply-Text: +OK accepted\n\n"
        if found := JOB.search(command):
            return self.job(found[1], b"api bgapi" in command)
        if command.startswith(b"api "):
            return b"Content-Type: api/response\nContent-Length: 4\n\n+OK\n"
        return b"Content-Type: command/reply\nReply-Text: +OK\n\n"

    def job(self, job: bytes, is_nested: bool) -> bytes:
        text = b"+OK Job-UUID: " + job
        if is_nested:
            head = b"Content-Type: api/response\nContent-Length: %d\n\n" % (len(text) + 1)
            reply = head + text + b"\n"
        else:
            reply = b"Content-Type: command/reply\nReply-Text: %s\nJob-UUID: %s\n\n" % (text, job)
        content = (
            b"Event-Name: BACKGROUND_JOB\nCore-UUID: 0\nJob-UUID: %s\nJob-Command: version\n"
            b"Content-Length: 4\n\n+OK\n" % job
        )
        event = content if self.kind == "plain" else as_json(content)
        return reply + frame(self.kind, event)

    def flood(self, words: list[bytes]) -> None:
        frames = self.frames[self.kind, words[1] == b"flood_wanted"]
        n_left = int(words[2])
        while n_left > 0:
            for at in range(0, len(frames), N_SENT_AT_ONCE):
                batch = frames[at : min(at + N_SENT_AT_ONCE, len(frames))][:n_left]
                self.sock.sendall(b"".join(batch))
                n_left -= len(batch)
                if n_left <= 0:
                    return


def main() -> None:
    """Print the port, then serve until standard input ends."""
    frames = {
        (kind, wanted): corpus(kind, wanted_only=wanted)
        for kind in ("plain", "json")
        for wanted in (False, True)
    }
    listener = socket.create_server(("127.0.0.1", 0))
    print(listener.getsockname()[1], flush=True)

    def serve() -> None:
        while True:
            sock, _ = listener.accept()
            sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            threading.Thread(target=Talk(sock, frames).run, daemon=True).start()

    threading.Thread(target=serve, daemon=True).start()
    sys.stdin.read()


if __name__ == "__main__":
    main()

"""The processes of the demonstration: started together, watched, stopped in order."""

import os
import signal
import subprocess
import sys
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import IO

import orjson

STOP_LIMIT_S = 40.0


@dataclass(slots=True)
class Child:
    """One process and its log."""

    name: str
    process: subprocess.Popen[bytes]
    log: IO[bytes]


@dataclass(slots=True)
class Children:
    """`log_dir` gets one file per process, of JSON lines."""

    environment: Mapping[str, str]
    log_dir: Path
    running: list[Child] = field(default_factory=list)
    log_starts: dict[Path, int] = field(default_factory=dict)

    def start(self, name: str, *arguments: str) -> Child:
        """Start `relance ARGUMENTS`; its own session, so that Ctrl-C reaches us alone."""
        self.log_dir.mkdir(parents=True, exist_ok=True)
        path = self.log_dir / f"{name}.log"
        log = path.open("ab")
        self.log_starts.setdefault(path, log.tell())
        process = subprocess.Popen(
            [sys.executable, "-m", "dialer", *arguments],
            stdout=log, stderr=log, stdin=subprocess.DEVNULL,
            env={**os.environ, **self.environment}, start_new_session=True,
        )  # fmt: skip
        child = Child(name, process, log)
        self.running.append(child)
        return child

    def named(self, name: str) -> Child:
        """The running process of that name."""
        return next(child for child in self.running if child.name == name)

    def dead(self) -> list[str]:
        """Names of processes that ended by themselves, with their exit codes."""
        return [
            f"{child.name} ended with {child.process.returncode}"
            for child in self.running
            if child.process.poll() is not None
        ]

    def stop(self, name: str, signal_number: int = signal.SIGTERM) -> None:
        """End one process and wait for it; killed when it takes too long."""
        child = self.named(name)
        self.running.remove(child)
        _end([child], signal_number)

    def stop_all(self, order: Sequence[str] = ()) -> None:
        """End all: those named first, one after the other, then the rest together."""
        for name in order:
            if any(child.name == name for child in self.running):
                self.stop(name)
        rest, self.running = self.running, []
        _end(rest, signal.SIGTERM)

    def errors(self) -> list[str]:
        """What these runs logged at level error or above, or as a traceback."""
        found = []
        for path, start in self.log_starts.items():
            with path.open("rb") as log:
                log.seek(start)
                found += [f"{path.stem}: {text}" for text in map(_error, log) if text]
        return found


def _error(line: bytes) -> str:
    if line.startswith(b"Traceback"):
        return "traceback"
    try:
        entry = orjson.loads(line)
    except orjson.JSONDecodeError:
        return ""
    if not isinstance(entry, dict) or entry.get("level") not in ("error", "critical"):
        return ""
    return str(entry.get("event", ""))[:300]


def _end(children: Sequence[Child], signal_number: int) -> None:
    for child in children:
        if child.process.poll() is None:
            child.process.send_signal(signal_number)
    for child in children:
        try:
            child.process.wait(STOP_LIMIT_S)
        except subprocess.TimeoutExpired:
            child.process.kill()
            child.process.wait()
        child.log.close()

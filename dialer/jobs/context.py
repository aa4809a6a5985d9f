"""What a worker's jobs work with: set once by the worker's entry, since jobs carry ids only.

A job that runs in a forked child must not use its parent's database connections: the first look
in a new process throws the inherited pool away without closing it.
"""

import os
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

from redis import Redis
from sqlalchemy import Engine

from dialer.channels.base import Channel
from dialer.config import PACING_LOG_MONTHS, RECORDING_DAYS, RECORDINGS_FOLDER
from dialer.store.recording_files import RecordingFiles
from dialer.store.session import SessionFactory


@dataclass(slots=True)
class JobContext:
    """`channel` None: no connector is configured and messages stay queued. `now`: UTC seconds."""

    session_factory: SessionFactory
    redis: Redis
    uploads: Path
    channel: Channel | None
    now: Callable[[], float]
    recordings: RecordingFiles = field(default_factory=lambda: RecordingFiles(RECORDINGS_FOLDER))
    recording_days: int = RECORDING_DAYS
    pacing_log_months: int = PACING_LOG_MONTHS


_context: JobContext | None = None
_pid = 0


def configure(new: JobContext) -> None:
    """Give this process's jobs their surroundings."""
    global _context, _pid
    _context, _pid = new, os.getpid()


def context() -> JobContext:
    """The surroundings of this process's jobs."""
    global _pid
    assert _context is not None, "the worker's entry calls configure() first"
    if os.getpid() != _pid:
        _pid = os.getpid()
        engine = _context.session_factory.kw["bind"]
        assert isinstance(engine, Engine)
        engine.dispose(close=False)
    return _context

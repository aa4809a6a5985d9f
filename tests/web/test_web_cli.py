"""`relance web` as a process: what it refuses to start on, and what it logs."""

import json
import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest
from sqlalchemy import create_engine, text
from sqlalchemy.pool import NullPool

ROOT = Path(__file__).parents[2]
COMMAND = [sys.executable, "-m", "dialer", "web", "--port", "0"]


@pytest.fixture
def environment(database_url, redis_url, tmp_path):
    return os.environ | {
        "DATABASE_URL": _plain(database_url), "REDIS_URL": redis_url, "PYTHONPATH": str(ROOT),
        "RELANCE_VAR": str(tmp_path), "RELANCE_LOG_LEVEL": "INFO",
    }  # fmt: skip


@pytest.fixture
def unset_url(servers):
    """A database that nobody has set up."""
    admin = create_engine(servers.database_url, poolclass=NullPool, isolation_level="AUTOCOMMIT")
    with admin.connect() as connection:
        connection.execute(text("CREATE DATABASE unset"))
    yield servers.database_url.replace("/relance?", "/unset?")
    with admin.connect() as connection:
        connection.execute(text("DROP DATABASE unset WITH (FORCE)"))


def _plain(url: str) -> str:
    return url.replace("postgresql+psycopg2://", "postgresql://")


def test_a_database_without_its_schema_is_refused_with_what_to_do(environment, unset_url):
    given = environment | {"DATABASE_URL": _plain(unset_url)}
    ended = subprocess.run(COMMAND, env=given, capture_output=True, text=True, timeout=60)
    assert ended.returncode == 1
    assert ended.stdout == ""
    assert "run `relance db upgrade`" in ended.stderr
    assert "Traceback" not in ended.stderr


def test_logs_are_json_lines_that_name_the_process(environment):
    process = subprocess.Popen(
        COMMAND, env=environment, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    )
    assert "http://127.0.0.1:" in process.stdout.readline()
    process.send_signal(signal.SIGTERM)
    _out, err = process.communicate(timeout=60)
    assert process.returncode == 0
    lines = [json.loads(line) for line in err.splitlines()]
    assert ("web", "web stops") in [(line["process"], line["event"]) for line in lines]

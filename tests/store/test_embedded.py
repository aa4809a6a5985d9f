"""The servers that come along: shared, surviving crashes, stopped by the last."""

import os
import signal
import subprocess
import sys
import time
from pathlib import Path
from tempfile import TemporaryDirectory

import psutil
import pytest
from redis import Redis
from sqlalchemy import create_engine, text
from sqlalchemy.pool import NullPool

from dialer.embedded import attach

HOLDER = """
import sys, time
from pathlib import Path
from tempfile import TemporaryDirectory
from dialer.embedded import attach
attach(Path(sys.argv[1]))
print("up", flush=True)
time.sleep(60)
"""


@pytest.fixture
def folder():
    with TemporaryDirectory(prefix="relance-test-") as made:  # see tests/conftest.py
        yield Path(made)


def ask(servers):
    with create_engine(servers.database_url, poolclass=NullPool).connect() as connection:
        answer = connection.scalar(text("SELECT 1"))
    with Redis.from_url(servers.redis_url) as client:
        return answer == 1 and client.ping()


def server_pids(folder):
    postgres = (folder / "postgres" / "postmaster.pid").read_text().split()[0]
    with Redis.from_url(f"unix://{folder}/redis/redis.sock?protocol=2") as client:
        return int(postgres), client.info()["process_id"]


def test_crash_of_everything_leaves_nothing_in_the_way_and_redis_keeps_its_keys(folder):
    with subprocess.Popen(
        [sys.executable, "-c", HOLDER, str(folder)], stdout=subprocess.PIPE, text=True
    ) as holder:
        assert holder.stdout.readline() == "up\n"
        ours = attach(folder)
        assert ask(ours)
        with Redis.from_url(ours.redis_url) as client:
            client.set("kept", "yes")
        time.sleep(1.1)  # Redis syncs its file once a second
        pids = server_pids(folder)
        for pid in (holder.pid, *pids):
            os.kill(pid, signal.SIGKILL)
    psutil.wait_procs([psutil.Process(p) for p in pids if psutil.pid_exists(p)], timeout=10)
    (folder / "postgres" / "postmaster.pid").write_text(f"{os.getpid()}\nnot a postmaster\n")
    again = attach(folder)
    assert ask(again)
    with Redis.from_url(again.redis_url) as client:
        assert client.get("kept") == b"yes"
    pids = server_pids(folder)
    again.stop()
    again.stop()
    assert _runs(pids[1]), "the first hold of this process counts too"
    ours.stop()
    assert not any(_runs(pid) for pid in pids)


def test_servers_outlive_all_but_the_last_holder(folder):
    first = attach(folder, with_postgres=False)
    with subprocess.Popen(
        [sys.executable, "-c", HOLDER.replace("[1])", "[1]), with_postgres=False"), str(folder)],
        stdout=subprocess.PIPE,
        text=True,
    ) as other:
        assert other.stdout.readline() == "up\n"
        first.stop()
        with Redis.from_url(first.redis_url) as client:
            assert client.ping()
        other.terminate()
    last = attach(folder, with_postgres=False)
    last.stop()
    assert not Path(last.redis_url.removeprefix("unix://").partition("?")[0]).exists()


def test_socket_path_stays_short_however_deep_the_folder(folder):
    deep = folder.joinpath(*["a-rather-long-folder-name"] * 4)
    servers = attach(deep)
    assert len(servers.redis_url) < 130 and ask(servers)
    servers.stop()


def _runs(pid):
    return psutil.pid_exists(pid) and psutil.Process(pid).status() != psutil.STATUS_ZOMBIE

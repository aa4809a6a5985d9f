"""The processes of the product on real servers and the simulated switch."""

import os
import signal
import time
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

import pytest
from cable import Cable
from sqlalchemy import text

from dialer.config import read_settings
from dialer.model.ids import CampaignId
from dialer.run.bootstrap import Services
from dialer.run.demo.children import Children
from dialer.run.demo.figures import read_figures, read_stuck
from dialer.run.demo.leads_file import write_leads
from dialer.run.demo.play import free_port
from dialer.run.demo.stage import set_stage, start_campaign, stop_campaign
from dialer.store import campaigns
from dialer.store.session import transaction

N_AGENTS = 8
SCENARIO = "rush"
SETTINGS = {"mode": "RATIO", "ratio": 2.5, "ring_timeout_s": 15}
"""Busy from the first second, and quick to drain; pacing has tests of its own."""
PASSWORD = "simulated-switch-password"


class Floor:
    """A campaign on its floor: start processes, break them, and count what came of it."""

    def __init__(self, found: Services, folder: Path, leads_file: Path, n_agents: int) -> None:
        self.found = found
        self.began_at = time.time()
        self.stage = set_stage(found, leads_file, n_agents, datetime.now(UTC), **SETTINGS)
        port = free_port(0)
        self.switch_address, self.cable = f"127.0.0.1:{port}", Cable(("127.0.0.1", port))
        self.children = Children(
            {
                "DATABASE_URL": found.database_url.replace("+psycopg2", ""),
                "REDIS_URL": found.redis_url,
                "RELANCE_VAR": str(folder),
                "RELANCE_SIM_PASSWORD": PASSWORD,
                "RELANCE_SWITCHES": f"esl://sim:{PASSWORD}@{self.cable.address}?tap={folder}/tap",
            },
            folder / "log",
        )

    @property
    def campaign_id(self) -> int:
        return self.stage.campaign_id

    def open(self) -> None:
        self.start_switch()
        self.start_controller()
        start_campaign(self.found, self.campaign_id)
        self.children.start(
            "desks",
            "desks",
            "--campaign",
            str(self.campaign_id),
            "--scenario",
            SCENARIO,
            *self.stage.agent_logins,
        )

    def configure(self, **settings: object) -> None:
        """Change the campaign's settings while it runs, as a supervisor does."""
        with transaction(self.found.sessions()) as session:
            campaigns.update_settings(session, self.campaign_id, settings)

    def start_switch(self) -> None:
        self.children.start("switch", "switch", "--listen", self.switch_address,
                            "--scenario", SCENARIO)  # fmt: skip

    def start_controller(self) -> None:
        self.children.start("controller", "controller", "--name", "e2e")

    def kill(self, name: str) -> None:
        """End a process without any leave."""
        self.children.stop(name, signal.SIGKILL)

    def count(self, sql: str) -> int:
        """One number from the database; `:campaign_id` is this campaign."""
        with transaction(self.found.sessions()) as session:
            return int(session.scalar(text(sql), {"campaign_id": self.campaign_id}) or 0)

    def wait(self, what: str, is_done: Callable[[], bool], limit_s: float = 40.0) -> None:
        """Wait for a condition; a failure names what did not come."""
        until = time.monotonic() + limit_s
        while time.monotonic() < until:
            if is_done():
                return
            time.sleep(0.25)
        seen = self.found.bus().snapshot(CampaignId(self.campaign_id))
        pytest.fail(f"{what}: not in {limit_s} s; {self.stuck()}; {self.children.errors()}; {seen}")

    @property
    def n_bridged(self) -> int:
        """Calls that reached an agent."""
        return self.count(BRIDGED)

    def wait_for_bridges(self, n: int) -> None:
        self.wait(
            f"{n} calls bridged",
            lambda: self.n_bridged >= n,
            limit_s=90.0,
        )

    def close(self) -> None:
        """Stop dialling, let all end, and stop the processes in order."""
        stop_campaign(self.found, self.campaign_id)
        self.children.stop("desks")
        self.wait("the campaign's end", lambda: self.count(FINISHED) == 1, limit_s=60.0)
        self.children.stop_all(order=("controller", "switch"))

    def assert_whole(self) -> None:
        """Whatever broke: nobody dialled twice, nothing left open, every talk disposed of."""
        assert self.stuck() == []
        assert self.children.errors() == []
        assert self.figures().errors == []
        assert self.count(REDIALLED) == 0
        assert self.count(UNDISPOSED) == 0

    def figures(self):
        with transaction(self.found.sessions()) as session:
            return read_figures(session, self.campaign_id, self.began_at - 1, time.time() + 60)

    def stuck(self) -> list[str]:
        with transaction(self.found.sessions()) as session:
            return read_stuck(session, self.campaign_id)


BRIDGED = """SELECT count(*) FROM attempts
             WHERE campaign_id = :campaign_id AND bridged_at IS NOT NULL"""
UNDISPOSED = """SELECT count(*) FROM attempts WHERE campaign_id = :campaign_id
                AND bridged_at IS NOT NULL AND disposition IS NULL"""
REDIALLED = """SELECT count(*) FROM (SELECT lead_id FROM attempts
               WHERE campaign_id = :campaign_id GROUP BY lead_id HAVING count(*) > 1) AS twice"""
FINISHED = "SELECT count(*) FROM campaigns WHERE id = :campaign_id AND state = 'FINISHED'"


@pytest.fixture
def floor(session_factory, redis_url, database_url, quick_passwords, tmp_path):
    """A floor of eight simulated agents and 2,000 leads; nothing of it outlives the test."""
    leads_file = tmp_path / "leads.csv"
    write_leads(leads_file, 2000)
    settings = read_settings({"RELANCE_VAR": str(tmp_path)})
    floor = Floor(Services(settings, database_url, redis_url), tmp_path, leads_file, N_AGENTS)
    yield floor
    floor.children.stop_all()
    floor.cable.close()


@pytest.fixture(autouse=True)
def _no_inherited_settings(monkeypatch):
    for name in list(os.environ):
        if name.startswith("RELANCE_") and name != "RELANCE_CHROMIUM":
            monkeypatch.delenv(name)

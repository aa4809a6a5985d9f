"""What the journeys share: the server as a process, looks that wait, and the dialer's part.

Playwright's loop and gevent stay apart: the server runs as it does in production, patched, in
another process on the test's PostgreSQL and Redis. The test is the dialer.
"""

import os
import re
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest
from playwright.sync_api import expect

from dialer.model.agent import AgentState
from dialer.model.campaign import CampaignState, PacingMode
from dialer.model.commands import NoteAgent
from dialer.model.snapshot import AgentView, CampaignView, PacingView

ROOT = Path(__file__).parents[3]
CHROMIUM = Path(os.environ.get("RELANCE_CHROMIUM", "/usr/bin/chromium"))
AXE = ROOT / "web" / "assets" / "node_modules" / "axe-core" / "axe.min.js"
LOCALES = {"fr": "fr-FR", "en": "en-GB"}
PATIENCE_S = 25.0
"""Of a machine with much else to do. What a page shows comes with a message, a request or a script,
and is waited for with `expect`; a bare look may find the page of before."""
ARGUMENTS = (
    "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run",
    "--disable-background-networking", "--disable-component-update", "--disable-sync",
    "--use-fake-ui-for-media-stream", "--use-fake-device-for-media-stream",
)  # fmt: skip
PART_BYTES = 50_000
"""Of an uploaded file at once: a file of many parts is a small one here."""
SERVE = f"""
from gevent import monkey
monkey.patch_all()
from psycogreen.gevent import patch_psycopg
patch_psycopg()
from argon2 import PasswordHasher
from dialer.store import users
from web import sse
from web.admin import uploads
users._hasher = PasswordHasher(time_cost=1, memory_cost=8, parallelism=1)
sse.HEARTBEAT_S = 2.0  # or the tests would wait for it
uploads.PART_BYTES = {PART_BYTES}
from web.cli import web
web()
"""
expect.set_options(timeout=PATIENCE_S * 1000)


class Server:
    """The web server as a process; it may be stopped and started again on its port."""

    def __init__(self, environment, port="0"):
        self.environment = os.environ | {"PYTHONPATH": str(ROOT)} | environment
        self.port = port
        self.process = None

    def start(self):
        command = [sys.executable, "-c", SERVE, "--port", self.port]
        self.process = subprocess.Popen(
            command, env=self.environment, stdout=subprocess.PIPE, text=True, start_new_session=True
        )
        self.address = re.search(r"http://\S+", self.process.stdout.readline())[0]
        self.port = self.address.rpartition(":")[2]

    def stop(self):
        self.process.send_signal(signal.SIGTERM)
        code = self.process.wait(timeout=20)
        self.process.stdout.close()
        assert code == 0, "the server must stop by itself at SIGTERM"


def launch(playwright, *more):
    """Chromium, whose microphone is a pretended one."""
    arguments = [*ARGUMENTS, *more]
    return playwright.chromium.launch(executable_path=str(CHROMIUM), args=arguments)


def assert_accessible(page):
    """No serious or critical fault by axe-core (WCAG 2.2 A and AA)."""
    if not AXE.exists():
        pytest.skip("axe-core is not installed: python scripts/build_assets")
    if not page.evaluate("'axe' in window"):
        page.evaluate(AXE.read_text())  # not a script tag: the page's policy would refuse it
    tags = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]
    asked = "tags => axe.run({runOnly: tags, resultTypes: ['violations']})"
    faults = [
        (v["id"], v["nodes"][0]["html"][:160], v["nodes"][0]["failureSummary"][:300])
        for v in page.evaluate(asked, tags)["violations"]
        if v["impact"] in ("serious", "critical")
    ]
    assert faults == [], page.url


def assert_fits(page):
    """Nothing makes the page scroll sideways."""
    wide, width = page.evaluate("[document.documentElement.scrollWidth, innerWidth]")
    assert wide <= width, f"{page.url} scrolls sideways at {width}"


def shot(page, name):
    """A picture for people, who name its folder in RELANCE_SCREENSHOTS."""
    if folder := os.environ.get("RELANCE_SCREENSHOTS"):
        page.screenshot(path=Path(folder) / f"{name}.png")


def wait_for(condition, limit_s=PATIENCE_S):
    """What the condition gave when it was true; for what no page shows."""
    end = time.monotonic() + limit_s
    while time.monotonic() < end:
        if found := condition():
            return found
        time.sleep(0.05)
    raise AssertionError("it never came true")


def told(bus, kind):
    """What the dialer was told, of that kind."""
    return [event for _id, event in bus.heard("0", 1) if isinstance(event, kind)]


def note(agent_id, state, **facts):
    """The dialer's word on an agent."""
    return NoteAgent(agent_id, 1, state, time.time(), is_phone_up=True, **facts)


def picture(version, **facts):
    """The dialer's picture of a campaign that abandons too many."""
    agents = (
        AgentView(1, "Awa", AgentState.TALKING, time.time() - 75, "", True, "a1", 4),
        AgentView(2, "Bilal", AgentState.PAUSED, time.time(), "LUNCH", False, None, 2),
    )
    given = {
        "campaign_id": 1, "name": "Printemps", "version": version, "at": time.time(),
        "state": CampaignState.RUNNING, "mode": PacingMode.PREDICTIVE, "abandon_target": 0.028,
        "max_calls_per_s": 10.0, "is_window_open": True, "n_hopper": 120, "n_dialing": 2,
        "n_ringing": 5, "n_waiting": 1, "n_connected": 1, "n_attempts": 300, "n_answered": 90,
        "n_bridged": 88, "n_abandoned": 4, "n_live": 92, "abandon_rate": 4 / 92,
        "occupancy": 0.81, "longest_wait_s": 1.2, "agents": agents, "alarms": (),
        "pacing": PacingView(2, 1, 1.5, 7, 2.1, 0.3, 0.04, 0.03, 1.1, "risk"),
    }  # fmt: skip
    return CampaignView(**given | facts)

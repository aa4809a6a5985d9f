"""Plays the demonstration: stage, processes, the watching, the end, the figures."""

import secrets
import socket
import sys
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

import click
from sqlalchemy.exc import SQLAlchemyError

from dialer.model.amd import AmdProfile
from dialer.model.campaign import CampaignState
from dialer.model.events import AgentHungUp, AgentLoggedOut
from dialer.model.ids import AgentId, CampaignId
from dialer.run.bootstrap import Services
from dialer.run.clocks import SystemClock
from dialer.run.demo.children import Children
from dialer.run.demo.figures import Figures, read_figures, read_stuck
from dialer.run.demo.leads_file import write_leads
from dialer.run.demo.show import line_of
from dialer.run.demo.stage import Stage, set_stage, start_campaign, stop_campaign
from dialer.store import campaigns
from dialer.store.session import transaction

N_LEADS = 5000
SEATED_LIMIT_S = 30.0
DRAIN_LIMIT_S = 60.0
RINGING_LIMIT_S = 40.0
"""Nobody goes home while something rings: who answers last is talked to, and disposed of."""
LATE_WRITES_S = 3.0
PICTURE_S = 2.0
"""Until the next picture shows what was asked."""
OPENING_DAYS_S = 86_400.0


@dataclass(frozen=True, slots=True)
class Play:
    """What the command line asked for. `seconds` 0: until Ctrl-C."""

    n_agents: int
    seconds: float
    scenario: str
    seed: int
    leads_file: Path | None
    is_headless: bool
    detection: AmdProfile = AmdProfile.OFF


class Demonstration:
    def __init__(self, found: Services, play: Play) -> None:
        self.found = found
        self.play = play
        self.clock = SystemClock()
        self.bus = found.bus()
        self.began_at = self.clock.now().utc
        self.web_port = free_port(found.settings.http_port)
        self.children = Children(self._environment(), found.settings.var_dir / "log")

    def run(self) -> Figures:
        """Everything from the first process to the figures; stops all in any case."""
        stage = self._set()
        errors: list[str] = []
        try:
            self._open(stage)
            self._watch(stage)
            self._wind_down(stage)
        except KeyboardInterrupt:
            self._say("\nstopping…")
            self._wind_down(stage)
        finally:
            errors += self.children.dead()
            self.children.stop_all(order=("desks", "controller"))
        errors += self.children.errors()
        return self._figures(stage, errors)

    # --- before ---------------------------------------------------------------------------------

    def _environment(self) -> dict[str, str]:
        password = secrets.token_hex(16)
        switch_port, self.sms_port = free_port(8021), free_port(8090)
        self.switch_address = f"127.0.0.1:{switch_port}"
        self.is_simulated = not self.found.settings.switches
        environment = {
            "DATABASE_URL": self.found.database_url.replace("+psycopg2", ""),
            "REDIS_URL": self.found.redis_url,
            "RELANCE_HTTP_PORT": str(self.web_port),
            "RELANCE_SECRET_KEY": self.found.settings.secret_key or secrets.token_hex(32),
            "RELANCE_SMS_URL": f"http://127.0.0.1:{self.sms_port}/messages",
            "RELANCE_SMS_TOKEN": self.found.settings.sms_token or secrets.token_hex(16),
            "RELANCE_SIM_PASSWORD": password,
            "PYTHONUNBUFFERED": "1",
        }
        if self.is_simulated:
            environment["RELANCE_SWITCHES"] = f"esl://simulated:{password}@{self.switch_address}"
        return environment

    def _set(self) -> Stage:
        self._say("preparing database, users, campaign and list…")
        leads_file = self.play.leads_file
        if leads_file is None:
            leads_file = self.found.settings.var_dir / "demo" / "leads.csv"
            write_leads(leads_file, N_LEADS, self.play.seed)
        now = datetime.fromtimestamp(self.began_at, UTC)
        amd = self.play.detection.value
        return set_stage(self.found, leads_file, self.play.n_agents, now, amd=amd)

    def _open(self, stage: Stage) -> None:
        """Start the processes, wait for the agents, let the campaign dial."""
        play, seed = self.play, str(self.play.seed)
        start = self.children.start
        if self.is_simulated:
            start("switch", "switch", "--listen", self.switch_address, "--scenario",
                  play.scenario, "--seed", seed)  # fmt: skip
        start("sms-stand-in", "sms-stand-in", "--listen", f"127.0.0.1:{self.sms_port}",
              "--web-url", f"http://127.0.0.1:{self.web_port}", "--seed", seed)  # fmt: skip
        start("worker", "worker")
        start("web", "web", "--port", str(self.web_port))
        start("controller", "controller", "--name", "demo")
        start_campaign(self.found, stage.campaign_id)
        start("desks", "desks", "--campaign", str(stage.campaign_id), "--scenario",
              play.scenario, "--seed", seed, *stage.agent_logins)  # fmt: skip
        self._introduce(stage)
        self._wait(SEATED_LIMIT_S, lambda: self._n_seated(stage) >= play.n_agents)

    def _introduce(self, stage: Stage) -> None:
        self._say(f"\n  {stage.campaign_name}: {stage.n_leads} leads, {self.play.n_agents} agents")
        self._say(f"  web       http://127.0.0.1:{self.web_port}/")
        self._say(f"  messages  http://127.0.0.1:{self.sms_port}/  (SMS that were sent)")
        self._say(f"  logs      {self.children.log_dir}")
        for login, password, purpose in stage.logins:
            self._say(f"  login     {login:<12} {password:<18} {purpose}")
        self._say("")

    # --- during ---------------------------------------------------------------------------------

    def _watch(self, stage: Stage) -> None:
        until = self.clock.now().mono + (self.play.seconds or float("inf"))
        while self.clock.now().mono < until and not self.children.dead():
            self._show(stage)
            self.clock.sleep(1.0)

    def _show(self, stage: Stage) -> None:
        view = self.bus.snapshot(CampaignId(stage.campaign_id))
        if view is not None and not self.play.is_headless:
            end = "\r" if sys.stdout.isatty() else "\n"
            click.echo(line_of(view) + " ", nl=False)
            click.echo(end, nl=False)

    def _n_seated(self, stage: Stage) -> int:
        view = self.bus.snapshot(CampaignId(stage.campaign_id))
        return sum(agent["is_phone_up"] for agent in view["agents"]) if view else 0

    # --- after ----------------------------------------------------------------------------------

    def _wind_down(self, stage: Stage) -> None:
        """Stop dialling, let the calls end, send the agents home, let the last writes land."""
        stop_campaign(self.found, stage.campaign_id)
        self._wait(RINGING_LIMIT_S, lambda: self._n_ringing(stage) == 0)
        self.clock.sleep(PICTURE_S)  # the last one to be answered is on a desk by then
        if any(child.name == "desks" for child in self.children.running):
            self.children.stop("desks")
        self._send_home(stage)
        self._wait(DRAIN_LIMIT_S, lambda: self._is_finished(stage))
        self.clock.sleep(LATE_WRITES_S)

    def _send_home(self, stage: Stage) -> None:
        """End the talks of people at their browsers, and log them out."""
        for event in (AgentHungUp, AgentLoggedOut):
            view = self.bus.snapshot(CampaignId(stage.campaign_id))
            for agent in view["agents"] if view else ():
                self.bus.tell(event(AgentId(agent["agent_id"])))
            self.clock.sleep(PICTURE_S)

    def _n_ringing(self, stage: Stage) -> int:
        view = self.bus.snapshot(CampaignId(stage.campaign_id))
        return view["n_dialing"] + view["n_ringing"] if view else 0

    def _is_finished(self, stage: Stage) -> bool:
        with transaction(self.found.sessions()) as session:
            state = campaigns.get_campaign(session, stage.campaign_id).state
        return state is CampaignState.FINISHED

    def _wait(self, limit_s: float, is_done: Callable[[], bool]) -> None:
        until = self.clock.now().mono + limit_s
        while self.clock.now().mono < until and not is_done():
            if self.children.dead():
                return
            self.clock.sleep(0.25)

    def _figures(self, stage: Stage, errors: list[str]) -> Figures:
        until = self.clock.now().utc + OPENING_DAYS_S
        try:
            with transaction(self.found.sessions()) as session:
                figures = read_figures(session, stage.campaign_id, self.began_at - 1.0, until)
                figures.errors += errors + read_stuck(session, stage.campaign_id)
        except SQLAlchemyError as error:
            raise click.ClickException(f"no figures: {error}") from error
        return figures

    def _say(self, line: str) -> None:
        click.echo(line, err=self.play.is_headless)


def free_port(wanted: int) -> int:
    """`wanted` when nobody listens there, else any free port of the loopback."""
    for port in (wanted, 0):
        with socket.socket() as probe:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            try:
                probe.bind(("127.0.0.1", port))
            except OSError:
                continue
            return int(probe.getsockname()[1])
    raise click.ClickException("no free port on the loopback")

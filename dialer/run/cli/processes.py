"""The long-running processes: controller, worker, and the simulated switch, desks and provider."""

import signal
import socket
from collections.abc import Callable

import click

from dialer.run.bootstrap import services


def _on_stop(stop: Callable[[], object]) -> None:
    """Have SIGTERM and SIGINT call `stop`, in the gevent hub."""
    import gevent

    for number in (signal.SIGTERM, signal.SIGINT):
        gevent.signal_handler(number, stop)


@click.command()
@click.option("--name", default=socket.gethostname, show_default="host name", help="Kept cursor.")
def controller(name: str) -> None:
    """Own campaigns: pace, dial, bridge, and write down what became of each call."""
    from dialer.run.controller import Controller
    from dialer.run.heap import settle_heap

    with services("controller") as found:
        process = Controller(found.settings, found.database_url, found.bus(), name)
        _on_stop(process.stop)
        settle_heap()
        process.run()


@click.command()
def worker() -> None:
    """Do what may wait: imports, fallback messages, exports."""
    from dialer.run.worker import run_worker

    with services("worker") as found:
        run_worker(found)


@click.command()
@click.option("--listen", default="127.0.0.1:8021", show_default=True)
@click.option("--password", envvar="RELANCE_SIM_PASSWORD", required=True)
@click.option("--scenario", default="demo", show_default=True)
@click.option("--seed", default=1, show_default=True)
def switch(listen: str, password: str, scenario: str, seed: int) -> None:
    """A simulated FreeSWITCH with a seeded population behind it."""
    from dialer.run.simulated import serve_switch

    serve_switch(listen, password, scenario, seed, _on_stop)


@click.command()
@click.option("--campaign", "campaign_id", type=int, required=True)
@click.option("--scenario", default="demo", show_default=True)
@click.option("--seed", default=1, show_default=True)
@click.argument("logins", nargs=-1, required=True)
def desks(campaign_id: int, scenario: str, seed: int, logins: tuple[str, ...]) -> None:
    """Simulated agents at their screens: LOGINS of users, in one campaign."""
    from dialer.run.simulated import run_desks

    with services("desks") as found:
        run_desks(found, campaign_id, scenario, seed, logins, _on_stop)


@click.command("sms-stand-in")
@click.option("--listen", default="127.0.0.1:8090", show_default=True)
@click.option("--web-url", default="", help="Of the web, whose webhooks are told; empty for none.")
@click.option("--seed", default=1, show_default=True, help="Decides who answers what.")
def sms_stand_in(listen: str, web_url: str, seed: int) -> None:
    """A provider that sends no SMS: it keeps what it gets and shows it in the browser, and a few of
    those who are written to answer."""
    from dialer.run.simulated import serve_sms_stand_in

    with services("sms-stand-in") as found:
        serve_sms_stand_in(listen, web_url, found.settings.sms_token, seed, _on_stop)

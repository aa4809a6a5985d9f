"""`relance demo`: the whole product on one machine, with simulated people."""

import signal
from pathlib import Path

import click
import orjson

from dialer.model.amd import AmdProfile
from dialer.run.bootstrap import services


@click.command()
@click.option("--agents", "n_agents", default=20, show_default=True)
@click.option("--seconds", default=0.0, help="0: until Ctrl-C; 120 when headless.")
@click.option("--scenario", default="demo", show_default=True)
@click.option("--seed", default=1, show_default=True)
@click.option("--list", "leads_file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option(
    "--detect",
    default=AmdProfile.OFF.value,
    show_default=True,
    type=click.Choice([profile.value for profile in AmdProfile], case_sensitive=False),
    help="Answering machines: how the campaign listens.",
)
@click.option("--headless", is_flag=True, help="Unattended: no live figures.")
@click.option("--json", "as_json", is_flag=True, help="End with one JSON line.")
def demo(
    n_agents: int, seconds: float, scenario: str, seed: int, leads_file: Path | None,
    detect: str, headless: bool, as_json: bool,
) -> None:  # fmt: skip
    """Watch a predictive campaign run, from a CSV file to dispositions."""
    from dialer.run.demo.play import Demonstration, Play

    for number in (signal.SIGINT, signal.SIGTERM):  # also when started in the background
        signal.signal(number, signal.default_int_handler)
    if headless and not seconds:
        seconds = 120.0
    with services("demo") as found:
        play = Play(
            n_agents, seconds, scenario, seed, leads_file, headless, AmdProfile(detect.upper())
        )
        figures = Demonstration(found, play).run().as_dict()
    if as_json:
        click.echo(orjson.dumps(figures))
        return
    for name, value in figures.items():
        click.echo(f"{name}: {value}")

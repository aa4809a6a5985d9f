"""`relance doctor`: looks at all that the product needs and says in plain words what is wrong."""

import os
from collections.abc import Callable, Iterator

import click

from dialer.config import SwitchSettings, read_settings
from dialer.model.errors import ConfigurationError


@click.command()
def doctor() -> None:
    """Check configuration, database, Redis and switches. Exit 1 when something is wrong."""
    faults = 0
    for name, check in _checks():
        try:
            click.echo(f"ok     {name}: {check()}")
        except Exception as error:  # noqa: BLE001 - whatever is wrong is what we are here to tell
            faults += 1
            click.echo(f"WRONG  {name}: {_plain(error)}")
    if faults:
        raise SystemExit(1)


def _checks() -> Iterator[tuple[str, Callable[[], str]]]:
    yield "configuration", _configuration
    yield "database", _database
    yield "redis", _redis
    try:
        switches = read_settings(os.environ).switches
    except ConfigurationError:
        return
    for switch in switches:
        yield f"switch {switch.name}", lambda switch=switch: _switch(switch)  # type: ignore[misc]


def _plain(error: Exception) -> str:
    return str(error).splitlines()[0] if str(error) else type(error).__name__


def _configuration() -> str:
    settings = read_settings(os.environ)
    if not settings.switches:
        raise ConfigurationError("RELANCE_SWITCHES is not set: no call can be made")
    return f"{len(settings.switches)} switches, data under {settings.var_dir}"


def _database() -> str:
    from dialer.run.bootstrap import services
    from dialer.store import schema

    with services("doctor") as found:
        if not schema.is_current(found.database_url):
            raise ConfigurationError(
                f"schema is at {schema.current(found.database_url)}, not {schema.head()}:"
                " run `relance db upgrade`"
            )
        return f"schema {schema.head()}"


def _redis() -> str:
    from dialer.run.bootstrap import services

    with services("doctor") as found:
        version = found.bus().redis.info("server")["redis_version"]
        return f"version {version}"


def _switch(switch: SwitchSettings) -> str:
    from dialer.switch.status import read_limits
    from esl import EslClient

    client = EslClient(switch.host, switch.port, switch.password, reply_deadline_s=3.0)
    client.connect()
    try:
        sessions, per_second = read_limits(client.api("status"))
    finally:
        client.stop()
    return f"{switch.host}:{switch.port}, {sessions} sessions, {per_second} per second"

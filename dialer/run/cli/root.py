"""`relance`: its commands are found by the entry-point group `relance.commands`.

The web registers its own command there, so that nothing in the dialer imports the web.
"""

from importlib.metadata import entry_points

import click

from dialer import __version__
from dialer.model.errors import DialerError

GROUP = "relance.commands"


class Commands(click.Group):
    """Loads a command only when it is asked for: most need few imports."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        return sorted(point.name for point in entry_points(group=GROUP))

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        for point in entry_points(group=GROUP, name=cmd_name):
            command: click.Command = point.load()
            return command
        return None

    def invoke(self, ctx: click.Context) -> object:
        """An error that we raise on purpose is told in one line, without a traceback."""
        try:
            return super().invoke(ctx)
        except DialerError as error:
            raise click.ClickException(str(error)) from error


@click.group(cls=Commands, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(__version__)
def relance() -> None:
    """Predictive dialer and contact platform on FreeSWITCH."""

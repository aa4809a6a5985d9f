"""Commands of the administrator: database, users, lists and campaigns."""

import click

from dialer.model.campaign import CampaignTrigger, PacingMode
from dialer.model.phone import PhoneKind
from dialer.run.bootstrap import services
from dialer.run.clocks import SystemClock
from dialer.store import campaigns, leads, ledger, schema, users
from dialer.store.session import transaction
from dialer.store.tables import Role

DAY_S = 86_400.0


@click.group()
def db() -> None:
    """The database's schema."""


@db.command()
def upgrade() -> None:
    """Bring the schema up to date."""
    with services("db") as found:
        schema.upgrade(found.database_url)
        click.echo(f"schema: {schema.current(found.database_url)}")


@click.group()
def user() -> None:
    """People who log in."""


@user.command("add")
@click.argument("login")
@click.option("--name", required=True)
@click.option("--role", type=click.Choice([role.value for role in Role]), required=True)
@click.option("--phone", default="", help="An agent's extension, or outside number.")
@click.option(
    "--phone-kind",
    type=click.Choice([kind.value for kind in PhoneKind]),
    default="SIP",
    show_default=True,
)
@click.option("--locale", type=click.Choice(users.LOCALES), default="fr")
@click.password_option()
def user_add(
    login: str, name: str, role: str, phone: str, phone_kind: str, locale: str, password: str
) -> None:
    """Create a user; asks for the password when it is not given."""
    with services("user") as found, transaction(found.sessions()) as session:
        users.create_user(
            session, login, name, password, role,
            phone_kind=phone_kind, phone_address=phone, locale=locale,
        )  # fmt: skip
    click.echo(f"user {login}: {role}")


@click.group()
def campaign() -> None:
    """Campaigns."""


@campaign.command("create")
@click.argument("name")
@click.option("--mode", type=click.Choice([mode.value for mode in PacingMode]))
@click.option("--rule-set", help="Legal preset: FR, BJ, US, UK, ANY.")
@click.option("--target", "abandon_target", type=float, help="Abandon target, 0 to 0.03.")
@click.option("--caller-id", "caller_ids", multiple=True, help="Number to show; repeatable.")
@click.option("--message", "message_template", help="Text sent when nobody answers.")
def campaign_create(name: str, **given: object) -> None:
    """Create a campaign in draft; settings not given take their defaults."""
    settings = {key: value for key, value in given.items() if value not in (None, ())}
    if "caller_ids" in settings:
        settings["caller_ids"] = list(given["caller_ids"])  # type: ignore[call-overload]
    with services("campaign") as found, transaction(found.sessions()) as session:
        row = campaigns.create_campaign(session, name, **settings)
        click.echo(f"campaign {row.id}: {row.name}")


def _change(name: str, trigger: CampaignTrigger) -> None:
    with services("campaign") as found, transaction(found.sessions()) as session:
        campaign_id = campaigns.campaign_named(session, name)
        state = campaigns.change_state(session, campaign_id, trigger)
        click.echo(f"campaign {name}: {state}")


@campaign.command("start")
@click.argument("name")
def campaign_start(name: str) -> None:
    """Dial."""
    _change(name, CampaignTrigger.START)


@campaign.command("pause")
@click.argument("name")
def campaign_pause(name: str) -> None:
    """Dial no more for now; conversations go on, agents stay."""
    _change(name, CampaignTrigger.PAUSE)


@campaign.command("stop")
@click.argument("name")
def campaign_stop(name: str) -> None:
    """Dial no more; finished when the last call has ended."""
    _change(name, CampaignTrigger.STOP)


@campaign.command("show")
@click.argument("name")
def campaign_show(name: str) -> None:
    """Settings, leads by state, and the abandon rate of the last 30 days."""
    now = SystemClock().now().utc
    with services("campaign") as found, transaction(found.sessions()) as session:
        campaign_id = campaigns.campaign_named(session, name)
        settings = campaigns.get_campaign(session, campaign_id)
        counts = leads.lead_counts(session, campaign_id, now)
        abandon = ledger.abandon_by_ledger(session, campaign_id, now - 30 * DAY_S, now)
    click.echo(f"{settings.name}: {settings.state}, {settings.mode}, rules {settings.rule_set}")
    click.echo(f"leads: {counts.n_total}, due now: {counts.n_due}")
    for state, count in sorted(counts.by_state.items()):
        click.echo(f"  {state}: {count}")
    click.echo(
        f"abandoned: {abandon.n_abandoned} of {abandon.n_live} live answers"
        f" ({abandon.rate:.2%}), target {settings.abandon_target:.2%}"
    )

"""Wallboard and console of a campaign: live pictures, agents, and the pacing controls."""

from typing import Any

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_login import current_user
from sqlalchemy import select

from dialer.model.errors import BadInput
from dialer.model.ids import CampaignId
from dialer.store import alarms as store
from dialer.store.tables import CampaignRow
from web import audit, clock, labels, sse
from web.admin import why_not
from web.admin.campaign_form import PACING_FIELDS
from web.admin.campaigns import change_settings, found, triggers_of
from web.extensions import bus, db
from web.faults import in_words
from web.forms import from_row, parse
from web.live import live
from web.pacing import words
from web.permissions import Right, needs
from web.sessions import watch_session
from web.supervisor.alarms import shown_alarms

bp = Blueprint("supervisor", __name__, url_prefix="/supervisor")


@bp.get("")
@needs(Right.WATCH_LIVE)
def index() -> ResponseReturnValue:
    rows = db.session.scalars(select(CampaignRow).order_by(CampaignRow.name)).all()
    return render_template(
        "supervisor/index.html", rows=rows, strings=_strings(),
        campaign_id=None, alarms=shown_alarms(),
    )  # fmt: skip


@bp.get("/<int:campaign_id>")
@needs(Right.WATCH_LIVE)
def campaign(campaign_id: int) -> ResponseReturnValue:
    row = found(campaign_id)
    return render_template(
        "supervisor/campaign.html", row=row, form=from_row(PACING_FIELDS, row),
        fields=PACING_FIELDS, triggers=triggers_of(row), strings=_strings(),
        campaign_id=row.id, alarms=shown_alarms(row.id), facts=words.FACTS,
        why_not=why_not.reasons(row.id), ways=labels.supervision.MODES,
        trail=bus().trail(CampaignId(row.id)),
    )  # fmt: skip


@bp.get("/alarms")
@needs(Right.WATCH_LIVE)
def alarms() -> ResponseReturnValue:
    """The list alone: the pages refresh it."""
    one = request.args.get("campaign", type=int)
    return render_template("supervisor/_alarms.html", campaign_id=one, alarms=shown_alarms(one))


@bp.post("/alarms/<int:alarm_id>/acknowledge")
@needs(Right.ACKNOWLEDGE_ALARMS)
def acknowledge(alarm_id: int) -> ResponseReturnValue:
    """Somebody looks after it. Of two who press at once the first did; the other sees his name."""
    row = store.acknowledge(db.session(), alarm_id, current_user.user_id, clock.now())
    if row is not None:
        audit.note("acknowledge", f"alarm:{row.id}", f"{row.code}: {row.detail}")
        db.session.commit()
    one = request.form.get("campaign", type=int)
    return redirect(url_for(".campaign", campaign_id=one) if one else url_for(".index"))


@bp.post("/<int:campaign_id>/pacing")
@needs(Right.RUN_CAMPAIGNS)
def pacing(campaign_id: int) -> ResponseReturnValue:
    row = found(campaign_id)
    filled = parse(PACING_FIELDS, request.form)
    try:
        if filled.is_valid:
            change_settings(row, filled.values)
            flash(_("Enregistré. La campagne en tient compte en quelques secondes."), "ok")
        else:
            flash(" ".join(filled.faults.values()), "fault")
    except BadInput as fault:
        db.session.rollback()
        flash(in_words(fault, PACING_FIELDS), "fault")
    return redirect(url_for(".campaign", campaign_id=campaign_id))


@bp.get("/events")
@needs(Right.WATCH_LIVE)
def events() -> ResponseReturnValue:
    one = request.args.get("campaign", type=int)
    followed = [one] if one is not None else db.session.scalars(select(CampaignRow.id)).all()
    pictures = (bus().snapshot(CampaignId(campaign_id)) for campaign_id in followed)
    greeting: list[dict[str, Any]] = [picture for picture in pictures if picture]
    return sse.stream(live().pictures(greeting, one, watch_session()))


def _strings() -> dict[str, Any]:
    """Words for the page's script."""
    return {
        "agents": labels.plain(labels.desk.AGENT_STATES),
        "campaigns": labels.plain(labels.campaigns.CAMPAIGN_STATES),
        "modes": labels.texts(labels.campaigns.PACING_WORDS),
        "limits": labels.texts(labels.campaigns.PACING_LIMITS),
        "guards": {key: str(word) for key, word in words.GUARDS.items()},
        "pauses": labels.texts(labels.desk.all_pauses()),
        "alarms": labels.texts(labels.supervision.ALARMS),
        "me": current_user.user_id,
        "listening": _listening_words(),
        "ok": _("OK"),
        "watch": _("À surveiller"),
        "alert": _("Alerte"),
        "nothing": _("Pas encore de réponse"),
        "of_live": _("%(abandoned)s sur %(live)s réponses", abandoned="{a}", live="{b}"),
        "target": _("cible %(target)s", target="{a}"),
        "longest": _("plus longue attente %(wait)s", wait="{a}"),
        "of_attempts": _("%(answered)s sur %(attempts)s appels", answered="{a}", attempts="{b}"),
        "limit_per_s": _("limite %(limit)s", limit="{a}"),
        "stale": _("Données d’il y a %(age)s s", age="{a}"),
        "no_picture": _("Aucun moteur ne conduit cette campagne en ce moment."),
        "closed": _("Hors des heures d’appel"),
        "open": _("Heures d’appel ouvertes"),
        "phone_up": _("En ligne"),
        "phone_down": _("Coupé"),
        "no_agents": _("Aucun agent connecté."),
        "abandon": _("Abandon"),
        "occupancy": _("Occupation"),
        "ringing": _("Sonnent"),
    }


def _listening_words() -> dict[str, Any]:
    return {
        "states": labels.plain(labels.supervision.STATES),
        "sentences": labels.texts(labels.supervision.SENTENCES),
        "reasons": labels.texts(labels.supervision.REASONS),
        "listen": _("Écouter"),
        "listen_to": _("Écouter %(name)s", name="{a}"),
        "listened_by": _("écouté par %(name)s", name="{a}"),
        "stop": _("Arrêter"),
        "hang_up_customer": _("Raccrocher le client"),
        "confirm_take": _("Prendre l’appel de %(name)s ?", name="{a}"),
    }

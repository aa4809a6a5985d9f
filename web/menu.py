"""The menu: areas of the application, and the pages that stand side by side in each as tabs.

An area shows its first page that the visitor may open; an area of which he may open none is not
shown. Tabs stand on the pages named here, not on those below them, which say where they are by
a way back.
"""

from collections.abc import Iterator
from dataclasses import dataclass

from flask import request
from flask_babel import LazyString
from flask_babel import lazy_gettext as _l

from web.permissions import Right, may


@dataclass(frozen=True, slots=True)
class Page:
    """`below`: beginnings of the endpoints of the pages that are reached from this one."""

    endpoint: str
    word: LazyString
    right: Right
    below: tuple[str, ...]

    @property
    def is_here(self) -> bool:
        return (request.endpoint or "").startswith(self.below)


@dataclass(frozen=True, slots=True)
class Area:
    word: LazyString
    pages: tuple[Page, ...]

    @property
    def is_here(self) -> bool:
        return any(page.is_here for page in self.pages)


def _alone(endpoint: str, word: LazyString, right: Right, *below: str) -> Area:
    return Area(word, (Page(endpoint, word, right, below),))


AREAS = (
    _alone("desk.index", _l("Poste d’agent"), Right.USE_DESK, "desk."),
    _alone("supervisor.index", _l("Direct"), Right.WATCH_LIVE, "supervisor."),
    _alone(
        "campaigns.index", _l("Campagnes"), Right.MANAGE_CAMPAIGNS, "campaigns.", "why_not.campaign"
    ),
    Area(
        _l("Listes"),
        (
            Page(
                "lists.index", _l("Listes"), Right.MANAGE_LISTS,
                ("lists.", "list_reports.", "standing.", "uploads.", "why_not.lead"),
            ),
            Page("segments.index", _l("Segments"), Right.MANAGE_LISTS, ("segments.",)),
        ),
    ),
    Area(
        _l("Contacts"),
        (
            Page(
                "contacts.index", _l("Recherche"), Right.READ_CONTACTS,
                ("contacts.", "contact_merge."),
            ),
            Page(
                "contact_fields.custom_fields", _l("Champs des contacts"), Right.MANAGE_CAMPAIGNS,
                ("contact_fields.",),
            ),
        ),
    ),
    Area(
        _l("Historique"),
        (
            Page("reports.attempts", _l("Appels"), Right.READ_ATTEMPTS, ("reports.attempt",)),
            Page(
                "recordings.index", _l("Enregistrements"), Right.LISTEN_RECORDINGS,
                ("recordings.",),
            ),
            Page(
                "messages.messages", _l("Messages"), Right.READ_MESSAGES, ("messages.messages",)
            ),
            Page(
                "messages.incoming_messages", _l("Messages reçus"), Right.READ_MESSAGES,
                ("messages.incoming_messages",),
            ),
        ),
    ),
    Area(
        _l("Bilans"),
        (
            Page(
                "reports.totals", _l("Campagnes et agents"), Right.READ_TOTALS, ("reports.totals",)
            ),
            Page("reports.machines", _l("Répondeurs"), Right.READ_TOTALS, ("reports.machines",)),
            Page("pacing.index", _l("Cadence"), Right.READ_PACING, ("pacing.", "what_if.")),
        ),
    ),
    Area(
        _l("Règles"),
        (
            Page(
                "compliance.do_not_call", _l("Ne plus appeler"), Right.MANAGE_DO_NOT_CALL,
                ("compliance.do_not_call",),
            ),
            Page("consents.consents", _l("Consentements"), Right.MANAGE_CONSENTS, ("consents.",)),
            Page(
                "caller_numbers.caller_numbers", _l("Numéros présentés"), Right.MANAGE_CAMPAIGNS,
                ("caller_numbers.",),
            ),
        ),
    ),
    Area(
        _l("Administration"),
        (
            Page("people.users", _l("Utilisateurs"), Right.MANAGE_USERS, ("people.",)),
            Page("api_keys.index", _l("Clés d’API"), Right.MANAGE_API_KEYS, ("api_keys.",)),
            Page("compliance.audit", _l("Journal"), Right.READ_AUDIT, ("compliance.audit",)),
        ),
    ),
)  # fmt: skip


def areas() -> Iterator[tuple[Area, Page]]:
    """The areas that the visitor may enter, each with the page that it opens at."""
    for area in AREAS:
        open_to_him = _allowed(area)
        if open_to_him:
            yield area, open_to_him[0]


def tabs() -> tuple[LazyString, list[Page]] | None:
    """On a page named above: its area, and the pages beside it; None when it stands alone."""
    for area in AREAS:
        if any(page.endpoint == request.endpoint for page in area.pages):
            beside = _allowed(area)
            return (area.word, beside) if len(beside) > 1 else None
    return None


def _allowed(area: Area) -> list[Page]:
    return [page for page in area.pages if may(page.right)]

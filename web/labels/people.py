"""Those who log in."""

from flask_babel import LazyString
from flask_babel import lazy_gettext as _l

ROLES: dict[str, LazyString] = {
    "admin": _l("Administrateur"),
    "supervisor": _l("Superviseur"),
    "agent": _l("Agent"),
    "analyst": _l("Analyste"),
}

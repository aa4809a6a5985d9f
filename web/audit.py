"""One audit entry per change made on a screen, in the transaction of the change."""

from flask_login import current_user

from dialer.store.audit import write_audit
from web.extensions import db


def note(verb: str, subject: str, detail: str = "") -> None:
    """Say that the current user did `verb` to `subject`, e.g. ("start", "campaign:3")."""
    user_id = current_user.user_id if current_user.is_authenticated else None
    write_audit(db.session(), user_id, verb, subject, detail)


def changes(
    row: object | None, values: dict[str, object], secret: frozenset[str] = frozenset()
) -> str:
    """What `values` would change in `row`: `name: old -> new`, one per line."""
    lines = []
    for name, value in values.items():
        old = getattr(row, name, None)
        if old != value:
            lines.append(f"{name}: changed" if name in secret else f"{name}: {old!r} -> {value!r}")
    return "\n".join(lines)

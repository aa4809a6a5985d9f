"""Who is logged in: the user's row behind Flask-Login."""

from flask_login import UserMixin

from dialer.store.tables import User
from web.extensions import db, login_manager


class Visitor(UserMixin):
    """A logged-in user as views and templates see one."""

    def __init__(self, row: User) -> None:
        self.user_id = row.id
        self.login = row.login
        self.name = row.name
        self.role = row.role
        self.locale = row.locale
        self.phone_kind = row.phone_kind
        self.phone_address = row.phone_address
        self.stamp = stamp_of(row)

    def get_id(self) -> str:
        return f"{self.user_id}:{self.stamp}"


def stamp_of(row: User) -> str:
    """Changes with the password: a new password ends the sessions of the old one."""
    return row.password_hash[-12:]


@login_manager.user_loader
def load(identity: str) -> Visitor | None:
    """The user of a session; None once deactivated or given another password."""
    user_id, _, stamp = identity.partition(":")
    row = db.session.get(User, int(user_id)) if user_id.isdigit() else None
    if row is None or not row.is_active or stamp_of(row) != stamp:
        return None
    return Visitor(row)

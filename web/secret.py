"""The key that signs tokens: from the settings, else made once and kept under `var_dir`."""

import os
import secrets
from pathlib import Path

from dialer.config import Settings


def secret_key(settings: Settings) -> str:
    """RELANCE_SECRET_KEY, or the key that all processes of this machine share."""
    return settings.secret_key or _kept(settings.var_dir / "secret_key")


def _kept(path: Path) -> str:
    path.parent.mkdir(parents=True, exist_ok=True)
    fresh = path.with_name(f".{path.name}.{secrets.token_hex(4)}")
    descriptor = os.open(fresh, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600)
    with os.fdopen(descriptor, "w") as file:
        file.write(secrets.token_urlsafe(32))
    try:
        os.link(fresh, path)  # whole or not at all: the first process wins
    except FileExistsError:
        pass
    finally:
        fresh.unlink()
    return path.read_text()

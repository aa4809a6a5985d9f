"""Addresses of the built front end: names with a hash, from the manifest of build_assets."""

import json
from functools import cache
from pathlib import Path

from flask import url_for

DIST = Path(__file__).parent / "static" / "dist"


@cache
def _manifest() -> dict[str, str]:
    path = DIST / "manifest.json"
    return dict(json.loads(path.read_text())["files"]) if path.exists() else {}


def asset(name: str) -> str:
    """Address of a built file, e.g. asset("app.css")."""
    return url_for("static", filename=f"dist/{_manifest().get(name, name)}")

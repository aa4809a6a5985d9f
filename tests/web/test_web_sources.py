"""Rules for the sources of the front end: nothing from elsewhere, every string translated."""

import importlib.machinery
import importlib.util
import json
import re
from pathlib import Path

import pytest
from babel.messages.pofile import read_po

ROOT = Path(__file__).parents[2]
WEB = ROOT / "web"
TEMPLATES = sorted(WEB.glob("templates/**/*.html"))
SOURCES = [*TEMPLATES, *WEB.glob("assets/src/*")]
ELSEWHERE = re.compile(r"https?://(?!www\.w3\.org/)|[\"'(]//[a-z]")


def _translate():
    loader = importlib.machinery.SourceFileLoader("translate", str(ROOT / "scripts" / "translate"))
    module = importlib.util.module_from_spec(importlib.util.spec_from_loader("translate", loader))
    loader.exec_module(module)
    return module


@pytest.mark.parametrize("path", SOURCES, ids=lambda path: path.name)
def test_nothing_is_fetched_from_elsewhere(path: Path):
    assert ELSEWHERE.findall(path.read_text()) == []


@pytest.mark.parametrize(
    "path", sorted(WEB.glob("templates/**/*.html")), ids=lambda path: path.name
)
def test_no_inline_script_style_or_handler(path: Path):
    text = path.read_text()
    assert not re.search(r"<script(?![^>]*(src=|application/json))", text)
    assert not re.search(r"\sstyle=|<style|\son[a-z]+=", text)
    assert "|safe" not in text


def test_the_lockfile_names_no_registry():
    lock = (WEB / "assets" / "package-lock.json").read_text()
    assert "resolved" not in lock
    packages = json.loads(lock)["packages"]
    assert all("integrity" in facts for name, facts in packages.items() if name)


@pytest.mark.parametrize("language", ["fr", "en"])
def test_every_string_is_translated(language: str):
    path = WEB / "translations" / language / "LC_MESSAGES" / "messages.po"
    with path.open("rb") as file:
        catalogue = read_po(file, locale=language)
    wanted = {message.id for message in _translate().extracted() if message.id}
    held = {message.id for message in catalogue if message.id}
    assert wanted - held == set()
    assert held - wanted == set()
    for message in catalogue:
        if message.id:
            texts = message.string if isinstance(message.string, tuple) else (message.string,)
            assert all(texts), message.id
            assert not message.fuzzy, message.id
            assert not list(message.check(catalogue)), message.id

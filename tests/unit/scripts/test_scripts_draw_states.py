"""docs/states says what the tables say, and says so the same way each time."""

import importlib.util
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import pytest

from dialer.model import call
from dialer.model.call import CallState, CallTrigger

SCRIPT = Path(__file__).resolve().parents[3] / "scripts" / "draw_states.py"


@pytest.fixture
def drawing():
    spec = importlib.util.spec_from_file_location("draw_states", SCRIPT)
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def test_the_pages_in_the_repository_match_the_tables():
    done = subprocess.run(
        [sys.executable, str(SCRIPT), "--check"], capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr


def test_pages_do_not_depend_on_the_order_of_sets():
    ask = "import runpy,sys; print(runpy.run_path(sys.argv[1])['pages']())"
    texts = {
        subprocess.run(
            [sys.executable, "-c", ask, str(SCRIPT)],
            env={"PYTHONHASHSEED": seed}, capture_output=True, text=True, check=True,
        ).stdout
        for seed in ("1", "2")
    }  # fmt: skip
    assert len(texts) == 1


def test_check_fails_on_a_changed_missing_or_foreign_page(drawing, tmp_path, monkeypatch):
    monkeypatch.setattr(drawing, "HERE", tmp_path)
    drawing.write()
    assert drawing.stale() == []
    (tmp_path / "call.md").write_text("other", encoding="utf-8")
    (tmp_path / "lead.md").unlink()
    (tmp_path / "queue.md").write_text("no such machine", encoding="utf-8")
    assert drawing.stale() == ["call.md", "lead.md", "queue.md"]
    monkeypatch.setattr(sys, "argv", ["draw_states.py", "--check"])
    assert drawing.main() == 1
    drawing.write()
    assert drawing.stale() == []
    assert not (tmp_path / "queue.md").exists()


def test_a_changed_table_makes_its_page_stale(drawing, tmp_path, monkeypatch):
    monkeypatch.setattr(drawing, "HERE", tmp_path)
    drawing.write()
    machine = call.CALL_MACHINE
    shorter = {key: value for key, value in machine.table.items() if key[0] != CallState.PLAYING}
    changed = {**drawing.MODULES, "call": (call, replace(machine, table=shorter))}
    monkeypatch.setattr(drawing, "MODULES", changed)
    assert drawing.stale() == ["call.md"]


def test_a_page_shows_time_limits_late_arrivals_and_every_transition(drawing):
    text = drawing.pages()["call.md"]
    machine = call.CALL_MACHINE
    assert "WAITING --> PLAYING : expire (time limit)" in text
    assert "- in ENDED: `ring`, `answer`" in text
    rows = {
        line.split("|")[1].strip(" *"): [cell.strip(" *") for cell in line.split("|")[2:-1]]
        for line in text.splitlines()
        if line.startswith("| **")
    }
    for state in CallState:
        for trigger, cell in zip(CallTrigger, rows[state], strict=True):
            after = machine.table.get((state, trigger))
            late = "late" if (state, trigger) in machine.ignored else "·"
            assert cell == (after or late)

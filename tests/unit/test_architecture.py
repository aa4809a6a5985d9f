"""Rules on the source that no import contract can say."""

import ast
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
SOURCES = sorted(path for top in ("dialer", "web", "esl") for path in (ROOT / top).rglob("*.py"))
PURE = sorted(
    path for top in ("model", "policy", "engine") for path in (ROOT / "dialer" / top).rglob("*.py")
)


def calls(path, name):
    """Line numbers at which `name(...)` or `x.name(...)` is called."""
    tree = ast.parse(path.read_text(encoding="utf-8"))
    found = [node for node in ast.walk(tree) if isinstance(node, ast.Call)]
    return [
        node.lineno
        for node in found
        if (isinstance(node.func, ast.Name) and node.func.id == name)
        or (isinstance(node.func, ast.Attribute) and node.func.attr == name)
    ]


def imported(path):
    """Top-level names of the modules that a file imports."""
    tree = ast.parse(path.read_text(encoding="utf-8"))
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            yield from (alias.name.partition(".")[0] for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module:
            yield node.module.partition(".")[0]


def where(path):
    return path.relative_to(ROOT).as_posix()


def test_only_compliance_makes_a_permit():
    makers = {where(path) for path in SOURCES if calls(path, "Permit")}
    assert makers == {"dialer/policy/compliance.py"}


def test_only_one_module_of_the_engine_makes_an_originate_command():
    """The other `Originate(...)` is the event socket's own line, of another module."""
    makers = {where(path) for path in SOURCES if calls(path, "Originate")}
    assert makers == {"dialer/engine/placing.py", "dialer/switch/verbs.py"}


@pytest.mark.parametrize("path", PURE, ids=where)
def test_pure_code_takes_its_time_and_its_randomness_from_the_caller(path):
    forbidden = {"time", "random", "socket", "os", "secrets", "uuid", "threading", "gevent"}
    assert not forbidden & set(imported(path))
    for clock in ("now", "today", "utcnow"):
        assert calls(path, clock) == []


def test_a_state_is_changed_by_its_machine_only():
    """`x.state = ...` outside the model: adoption, which takes over a state from a former run."""
    tops = (ROOT / "dialer" / "engine").rglob("*.py")
    setters = set()
    for path in tops:
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            targets = node.targets if isinstance(node, ast.Assign) else []
            flat = [t for target in targets for t in getattr(target, "elts", [target])]
            if any(isinstance(t, ast.Attribute) and t.attr == "state" for t in flat):
                setters.add(where(path))
    assert setters == {"dialer/engine/adoption.py"}

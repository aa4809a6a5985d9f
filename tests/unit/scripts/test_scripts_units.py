"""The systemd units start commands that exist, with options that exist, and share one hardening."""

import configparser
from importlib import import_module
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[3]
UNITS = sorted((ROOT / "packaging" / "systemd").glob("*.service"))


def commands() -> dict[str, str]:
    """Name and target of each `relance` command, as setup.cfg registers them."""
    setup = configparser.ConfigParser()
    setup.read(ROOT / "setup.cfg")
    lines = setup["options.entry_points"]["relance.commands"].strip().splitlines()
    return {name.strip(): target.strip() for name, target in (line.split("=") for line in lines)}


def values(unit: Path, name: str) -> list[str]:
    """All values of a setting of the unit, in order."""
    lines = unit.read_text().splitlines()
    return [line.partition("=")[2] for line in lines if line.partition("=")[0] == name]


def started(unit: Path) -> list[str]:
    """The words after `relance` in ExecStart."""
    (line,) = values(unit, "ExecStart")
    program, *words = line.split()
    assert program == "/opt/relance/.venv/bin/relance"
    return words


def test_controller_web_and_worker_have_a_template_unit_each():
    assert [unit.name for unit in UNITS] == [
        "relance-controller@.service", "relance-web@.service", "relance-worker@.service",
    ]  # fmt: skip


@pytest.mark.parametrize("unit", UNITS, ids=lambda unit: unit.name)
def test_exec_start_names_an_existing_command_and_its_options(unit):
    name, *words = started(unit)
    assert name in commands()
    options = [word for word in words if word.startswith("--")]
    if options:
        module, function = commands()[name].split(":")
        command = getattr(import_module(module), function)
        known = {option for parameter in command.params for option in parameter.opts}
        assert set(options) <= known


@pytest.mark.parametrize("unit", UNITS, ids=lambda unit: unit.name)
def test_a_unit_runs_as_its_own_user_and_refuses_embedded_servers(unit):
    assert values(unit, "User") == ["relance"]
    assert values(unit, "EnvironmentFile") == ["/etc/relance/relance.env"]
    (check,) = values(unit, "ExecStartPre")
    assert "DATABASE_URL" in check and "REDIS_URL" in check


def test_all_units_share_one_hardening():
    def hardening(unit: Path) -> str:
        return unit.read_text().partition("# Hardening")[2].partition("[Install]")[0]

    assert "ProtectSystem=strict" in hardening(UNITS[0])
    assert len({hardening(unit) for unit in UNITS}) == 1


def test_the_example_environment_names_only_variables_that_are_read():
    read = (ROOT / "dialer" / "config.py").read_text()
    example = (ROOT / "packaging" / "systemd" / "relance.env.example").read_text()
    lines = (line.removeprefix("# ") for line in example.splitlines())
    names = {line.partition("=")[0] for line in lines if "=" in line and line[:1].isupper()}
    assert {"DATABASE_URL", "RELANCE_SWITCHES", "RELANCE_SMS_TOKEN"} <= names
    assert all(f'"{name}"' in read for name in names)

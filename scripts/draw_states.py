#!/usr/bin/env python3
"""Draws docs/states from the tables of the state machines, or says that the pictures are stale.

The tables in `dialer/model` are the only truth: what is drawn here is read from them and from the
opening words of their files, so a page can never say something that the code does not do. The
output depends on nothing else (no clock, no order of a set), so the same tables give the same
bytes. Usage: `scripts/draw_states.py [--check]`.
"""

import argparse
import sys
from collections.abc import Iterator, Mapping
from enum import StrEnum
from pathlib import Path
from typing import Any

from dialer.model import (
    agent,
    arrival,
    call,
    call_list,
    campaign,
    lead,
    message,
    supervision,
    third,
)
from dialer.model.machine import Machine

HERE = Path(__file__).resolve().parent.parent / "docs" / "states"

MODULES: Mapping[str, tuple[Any, Machine[Any, Any]]] = {
    "call": (call, call.CALL_MACHINE),
    "third": (third, third.THIRD_MACHINE),
    "agent": (agent, agent.AGENT_MACHINE),
    "lead": (lead, lead.LEAD_MACHINE),
    "campaign": (campaign, campaign.CAMPAIGN_MACHINE),
    "message": (message, message.MESSAGE_MACHINE),
    "supervision": (supervision, supervision.SUPERVISION_MACHINE),
    "arrival": (arrival, arrival.ARRIVAL_MACHINE),
    "list": (call_list, call_list.LIST_MACHINE),
}
"""By page name: the file that holds the machine, and the machine."""

LATE = "late"
REFUSED = "·"

INDEX_HEAD = """\
# State machines

These pages are drawn by `scripts/draw_states.py` from the tables in `dialer/model`; do not edit
them. `scripts/draw_states.py --check` fails when they no longer match the code.

A machine is data: a table from (state, trigger) to the next state, the late arrivals that a
correct peer may cause and that change nothing, and the trigger that fires when a state has lasted
too long. `Machine.step` in `dialer/model/machine.py` is the only function that finds a next state.
What the table forbids and the list of late arrivals does not excuse raises `IllegalTransition`.

| machine | states | triggers | source |
| --- | --- | --- | --- |
"""

LEGEND = f"""\
A cell holds the next state; *{LATE}*: a known late arrival, counted and dropped (`StaleEvent`);
{REFUSED} : not possible, our own fault if it happens (`IllegalTransition`).
"""


def pages() -> dict[str, str]:
    """Every page of docs/states: file name and text."""
    drawn = {f"{name}.md": _page(name, *found) for name, found in MODULES.items()}
    return {"README.md": _index(), **drawn}


def stale() -> list[str]:
    """Names of pages that are missing, differ, or belong to no machine."""
    wanted = pages()
    there = {path.name: path.read_text(encoding="utf-8") for path in HERE.glob("*.md")}
    return sorted(
        name for name in wanted.keys() | there.keys() if wanted.get(name) != there.get(name)
    )


def write() -> None:
    """Draw all pages, and remove those that belong to no machine any more."""
    HERE.mkdir(parents=True, exist_ok=True)
    wanted = pages()
    for path in HERE.glob("*.md"):
        if path.name not in wanted:
            path.unlink()
    for name, text in wanted.items():
        (HERE / name).write_text(text, encoding="utf-8")


def _index() -> str:
    rows = [
        f"| [{name}]({name}.md) | {len(_states(machine))} | {len(_triggers(machine))} |"
        f" `{_source(module)}` |\n"
        for name, (module, machine) in MODULES.items()
    ]
    return INDEX_HEAD + "".join(rows)


def _page(name: str, module: Any, machine: Machine[Any, Any]) -> str:
    parts = [
        f"# States of a {name}" if name[0] not in "aeiou" else f"# States of an {name}",
        f"Drawn from `{_source(module)}` by `scripts/draw_states.py`; do not edit.",
        _quoted(module.__doc__),
        "\n".join(["```mermaid", *_diagram(machine), "```"]),
        "## Transitions",
        LEGEND.rstrip(),
        "\n".join(_matrix(machine)),
        "## Time limits",
        "\n".join(_limits(machine)),
        "## Known late arrivals",
        "\n".join(_late(machine)),
    ]
    return "\n\n".join(parts) + "\n"


def _source(module: Any) -> str:
    return str(module.__name__).replace(".", "/") + ".py"


def _quoted(text: str) -> str:
    """The opening words of the file, as a quotation."""
    return "\n".join(f"> {line}".rstrip() for line in text.strip().splitlines())


def _states(machine: Machine[Any, Any]) -> list[StrEnum]:
    """All states, in the order in which the code names them."""
    kind: type[StrEnum] = type(machine.initial)
    return list(kind)


def _triggers(machine: Machine[Any, Any]) -> list[StrEnum]:
    kind: type[StrEnum] = type(next(iter(machine.table))[1])
    return list(kind)


def _diagram(machine: Machine[Any, Any]) -> Iterator[str]:
    """Mermaid: one arrow for each pair of states, with every trigger that makes the step."""
    yield "stateDiagram-v2"
    yield f"    [*] --> {machine.initial}"
    for state in _states(machine):
        arrows: dict[str, list[str]] = {}
        for trigger in _triggers(machine):
            after = machine.table.get((state, trigger))
            if after is not None:
                arrows.setdefault(after, []).append(_label(machine, state, trigger))
        for after, labels in arrows.items():
            yield f"    {state} --> {after} : {' / '.join(labels)}"
    for state in _states(machine):
        if state in machine.final:
            yield f"    {state} --> [*]"


def _label(machine: Machine[Any, Any], state: Any, trigger: Any) -> str:
    return f"{trigger} (time limit)" if machine.timeouts.get(state) is trigger else str(trigger)


def _matrix(machine: Machine[Any, Any]) -> Iterator[str]:
    triggers = _triggers(machine)
    yield "| state | " + " | ".join(f"`{trigger}`" for trigger in triggers) + " |"
    yield "| --- |" + " --- |" * len(triggers)
    for state in _states(machine):
        cells = (_cell(machine, state, trigger) for trigger in triggers)
        yield f"| **{state}** | " + " | ".join(cells) + " |"


def _cell(machine: Machine[Any, Any], state: Any, trigger: Any) -> str:
    after = machine.table.get((state, trigger))
    if after is not None:
        return str(after)
    return f"*{LATE}*" if (state, trigger) in machine.ignored else REFUSED


def _limits(machine: Machine[Any, Any]) -> Iterator[str]:
    if not machine.timeouts:
        yield "No state of this machine has a time limit."
    for state in _states(machine):
        if state in machine.timeouts:
            trigger = machine.timeouts[state]
            yield f"- {state} too long: `{trigger}`, so {machine.table[(state, trigger)]}."


def _late(machine: Machine[Any, Any]) -> Iterator[str]:
    if not machine.ignored:
        yield "None."
    for state in _states(machine):
        late = [f"`{t}`" for t in _triggers(machine) if (state, t) in machine.ignored]
        if late:
            yield f"- in {state}: {', '.join(late)}"


def main() -> int:
    """0 when the pages are written, or match; 1 when `--check` finds them stale."""
    parser = argparse.ArgumentParser(description="Draw docs/states from the machines' tables.")
    parser.add_argument("--check", action="store_true", help="write nothing; 1 when stale")
    if not parser.parse_args().check:
        write()
        return 0
    found = stale()
    for name in found:
        print(f"docs/states/{name} is stale: run scripts/draw_states.py", file=sys.stderr)
    return 1 if found else 0


if __name__ == "__main__":
    raise SystemExit(main())

"""Reads a FreeSWITCH configuration the way its pre-processor does, with no FreeSWITCH."""

import os
import re
import subprocess
from glob import glob
from pathlib import Path
from xml.etree import ElementTree

ROOT = Path(__file__).resolve().parents[3] / "freeswitch"
CONF = ROOT / "conf"
LAB = ROOT / "lab" / "carrier"

DIRECTIVE = re.compile(r'<X-PRE-PROCESS\s+cmd="([^"]*)"\s+data="([^"]*)"\s*/>', re.IGNORECASE)
BUILT_IN = {"hostname": "node", "local_ip_v4": "10.0.0.1", "certs_dir": "/certs"}


def load(conf: Path, environment: dict[str, str] | None = None) -> ElementTree.Element:
    """The document after includes and variables, as the core sees it."""
    variables = dict(BUILT_IN)
    text = _process(conf / "freeswitch.xml", variables, environment or {}, [])
    return ElementTree.fromstring(text)


LOOKUP = {"RELANCE_DIRECTORY_URL": "https://relance.example.org/switch/directory"}
"""A site whose phones' accounts are asked of the product."""


def files_read(conf: Path) -> set[Path]:
    """Every file that some site's node reads."""
    seen: list[Path] = []
    for environment in ({}, LOOKUP):
        _process(conf / "freeswitch.xml", dict(BUILT_IN), environment, seen)
    return set(seen)


def _process(
    path: Path, variables: dict[str, str], environment: dict[str, str], seen: list[Path]
) -> str:
    seen.append(path.resolve())
    lines = []
    for raw in path.read_text(encoding="utf-8").splitlines():
        line = re.sub(r"\$\$\{(\w+)\}", lambda m: variables.get(m[1], ""), raw)
        if "<?" in line or "<include>" in line or "</include>" in line:
            continue
        directive = DIRECTIVE.search(line)
        if not directive:
            lines.append(line)
            continue
        command, data = directive.groups()
        if command == "include":
            pattern = str(path.parent / data)
            lines += [
                _process(Path(p), variables, environment, seen) for p in sorted(glob(pattern))
            ]
        else:
            _assign(command, data, variables, environment)
    return "\n".join(lines)


def _assign(
    command: str, data: str, variables: dict[str, str], environment: dict[str, str]
) -> None:
    name, _, text = data.partition("=")
    if command == "set":
        variables[name] = text.replace("$", "%")
    elif command == "env-set":
        if text[1:] in environment:
            variables[name] = environment[text[1:]].replace("$", "%")
    elif command == "exec-set":
        path = {"PATH": os.environ["PATH"]}
        done = subprocess.run(
            ["sh", "-c", text], env=path | environment, capture_output=True, text=True, check=False
        )
        if done.returncode == 0 and done.stdout.strip():
            variables[name] = done.stdout.strip()
    else:
        raise AssertionError(f"unknown pre-process command {command}")


def settings(document: ElementTree.Element, configuration: str) -> dict[str, str]:
    found = document.find(f".//configuration[@name='{configuration}']/settings")
    assert found is not None, configuration
    return params(found)


def profile(document: ElementTree.Element, name: str) -> dict[str, str]:
    found = document.find(f".//profile[@name='{name}']/settings")
    assert found is not None, name
    return params(found)


def params(element: ElementTree.Element) -> dict[str, str]:
    return {one.attrib["name"]: one.attrib["value"] for one in element.findall("param")}

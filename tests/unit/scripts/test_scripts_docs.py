"""What the documents say can be checked: examples run, links lead somewhere, variables exist."""

import contextlib
import io
import re
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[3]
DOCS = ROOT / "docs"
RECORDS = sorted(DOCS.glob("adr/[0-9]*.md"))
PAGES = [*sorted(DOCS.rglob("*.md")), ROOT / "CHANGELOG.md", ROOT / "CONTRIBUTING.md"]
PAGE_LINES = 60


def blocks(text: str, language: str) -> list[str]:
    """The fenced blocks of that language."""
    return re.findall(rf"```{language}\n(.*?)```", text, re.DOTALL)


def test_the_examples_of_pacing_run_and_print_what_the_page_says():
    text = (DOCS / "pacing.md").read_text()
    programs, outputs = blocks(text, "python"), blocks(text, "text")
    assert len(programs) == len(outputs) == 2
    for program, output in zip(programs, outputs, strict=True):
        printed = io.StringIO()
        with contextlib.redirect_stdout(printed):
            exec(compile(program, "docs/pacing.md", "exec"), {})
        assert printed.getvalue() == output


def test_operations_names_every_variable_that_is_read_and_no_other():
    read = set(re.findall(r'"((?:RELANCE_|DATABASE_|REDIS_)[A-Z_]+)"', config()))
    rows = re.findall(
        r"^\| `((?:RELANCE|DATABASE|REDIS)_[A-Z_]+)` \|",
        (DOCS / "operations.md").read_text(),
        re.MULTILINE,
    )
    assert set(rows) == read
    assert len(rows) == len(set(rows))


def config() -> str:
    return (ROOT / "dialer" / "config.py").read_text()


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_links_between_pages_lead_to_files(page):
    text = re.sub(r"```.*?```", "", page.read_text(), flags=re.DOTALL)
    links = re.findall(r"\]\(([^)#\s]+)", text)
    broken = [link for link in links if "://" not in link and not (page.parent / link).exists()]
    assert broken == []


@pytest.mark.parametrize("record", RECORDS, ids=lambda record: record.name)
def test_a_decision_has_its_four_parts_and_fits_a_page(record):
    lines = record.read_text().splitlines()
    number = int(record.name[:4])
    assert lines[0].startswith(f"# {number}. ")
    parts = [line for line in lines if line.startswith("## ")]
    assert parts == ["## Status", "## Context", "## Decision", "## Consequences"]
    assert len(lines) <= PAGE_LINES


def test_decisions_are_numbered_without_a_gap_and_listed():
    assert [int(record.name[:4]) for record in RECORDS] == list(range(1, len(RECORDS) + 1))
    index = (DOCS / "adr" / "README.md").read_text()
    assert [record.name for record in RECORDS] == re.findall(r"\((\d{4}[^)]*)\)", index)

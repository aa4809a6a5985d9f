"""docs/faults.md names a test for each fault: those tests must be there."""

import re
from pathlib import Path

TESTS = Path(__file__).parents[1]
TABLE = (TESTS.parent / "docs" / "faults.md").read_text(encoding="utf-8")
SOURCES = {path.name: path.read_text(encoding="utf-8") for path in TESTS.rglob("test_*.py")}


def test_every_test_that_the_table_names_exists():
    defined = set(re.findall(r"^def (test_\w+)", "\n".join(SOURCES.values()), re.MULTILINE))
    named = re.findall(r"`(test_\w+)[^`]*`", TABLE)
    assert len(named) > 40
    missing = [name for name in named if not any(one.startswith(name) for one in defined)]
    assert missing == []


def test_every_file_that_the_table_names_exists():
    files = re.findall(r"\w+/(test_\w+\.py)", TABLE)
    assert files
    assert [name for name in files if name not in SOURCES] == []

"""Work beside the hub, in a process that gevent runs as it runs the one that serves pages."""

import subprocess
import sys

import pytest
import xlsxwriter

SERVED = """
from gevent import monkey
monkey.patch_all()
import sys
from pathlib import Path
from dialer.jobs.imports import shape_of
from web.aside import aside
print(*shape_of(Path(sys.argv[1]), aside).header)
"""
HEADER = ["Téléphone", "Nom"]


@pytest.fixture
def workbook(tmp_path):
    path = tmp_path / "list.xlsx"
    with xlsxwriter.Workbook(str(path)) as book:
        sheet = book.add_worksheet()
        sheet.write_row(0, 0, HEADER)
        sheet.write_row(1, 0, ["+33612345678", "Awa"])
    return path


@pytest.fixture
def plain(tmp_path):
    path = tmp_path / "list.csv"
    path.write_text("Téléphone;Nom\n+33612345678;Awa\n", encoding="utf-16")
    return path


@pytest.mark.parametrize("kind", ["workbook", "plain"])
def test_a_file_is_looked_at_where_pages_are_served(kind, request):
    """Another process reads a workbook; gevent waits for one on the hub's own thread only."""
    path = request.getfixturevalue(kind)
    done = subprocess.run(
        [sys.executable, "-c", SERVED, str(path)], capture_output=True, text=True, check=False
    )
    assert (done.returncode, done.stdout.split()) == (0, HEADER), done.stderr

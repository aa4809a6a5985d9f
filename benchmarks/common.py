"""What every benchmark shares: its options, its table, its JSON lines and its bounds."""

import argparse
import json
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field


def numbers(text: str) -> list[int]:
    """`5,10,20` as a list."""
    return [int(word) for word in text.split(",")]


def parser(doc: str | None) -> argparse.ArgumentParser:
    """The options that all have. `doc`: the module's docstring, shown by --help."""
    made = argparse.ArgumentParser(
        description=doc, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    made.add_argument("--json", action="store_true", help="JSON lines; the last is the summary")
    made.add_argument("--quick", action="store_true", help="a short form, within a minute")
    made.add_argument("--check", action="store_true", help="exit 1 when a bound is missed")
    return made


@contextmanager
def cpu_time() -> Iterator[Callable[[], float]]:
    """CPU seconds of this process since the block began: other programs do not count."""
    start = time.process_time()
    yield lambda: time.process_time() - start


@dataclass
class Report:
    """Rows are printed as they come: a table, or JSON lines with units in the keys."""

    is_json: bool
    rows: list[dict[str, object]] = field(default_factory=list)
    summary: dict[str, object] = field(default_factory=dict)
    missed: list[str] = field(default_factory=list)
    _columns: Sequence[str] = ()

    def row(self, **figures: object) -> None:
        self.rows.append(figures)
        if self.is_json:
            print(json.dumps({"type": "row"} | figures), flush=True)
            return
        if tuple(figures) != tuple(self._columns):
            self._columns = tuple(figures)
            print("\n" + "  ".join(f"{name:>{self._width(name)}}" for name in figures))
        cells = (f"{_shown(v):>{self._width(name)}}" for name, v in figures.items())
        print("  ".join(cells), flush=True)

    @staticmethod
    def _width(name: str) -> int:
        return max(len(name), 11)

    def bound(self, name: str, figure: float, at_most: float) -> None:
        """Hold a figure of the summary against its bound."""
        self.summary[name] = round(figure, 4)
        if not figure <= at_most:
            self.missed.append(f"{name}: {figure:.4g}, bound {at_most:.4g}")

    def end(self, is_checking: bool) -> int:
        """Print the summary; the exit code."""
        self.summary["missed"] = self.missed
        if self.is_json:
            print(json.dumps({"type": "summary"} | self.summary), flush=True)
        else:
            print()
            for name, value in self.summary.items():
                print(f"{name}: {_shown(value)}")
        for fault in self.missed:
            print(f"missed: {fault}", file=sys.stderr)
        return 1 if is_checking and self.missed else 0


def _shown(value: object) -> str:
    if isinstance(value, float):
        return f"{value:.3f}" if abs(value) < 10 else f"{value:.1f}"
    return str(value)

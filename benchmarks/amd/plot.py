"""The curve of errors against machines found, as a picture."""

from collections.abc import Sequence
from pathlib import Path

import matplotlib

from dialer.policy.amd_audit import Interval

matplotlib.use("Agg")

from matplotlib import pyplot


def draw_curve(points: Sequence[tuple[float, Interval, float]], name: str, path: Path) -> None:
    """People called machines (with 95 % intervals) against machines found at once."""
    figure, axes = pyplot.subplots(figsize=(6.4, 4.2))
    wrong = [100 * one.share for _, one, _ in points]
    found = [100 * share for _, _, share in points]
    low = [100 * (one.share - one.low) for _, one, _ in points]
    high = [100 * (one.high - one.share) for _, one, _ in points]
    axes.errorbar(wrong, found, xerr=(low, high), marker="o", capsize=2, color="#1f4e79")
    for (p, _, _), x, y in zip(points, wrong, found, strict=True):
        axes.annotate(f"{p:g}", (x, y), textcoords="offset points", xytext=(4, -10), fontsize=7)
    axes.set_xlabel("people called machines, %")
    axes.set_ylabel("machines found at once, %")
    axes.set_title(f"threshold of MACHINE, calls of {name}")
    axes.grid(alpha=0.3)
    figure.tight_layout()
    figure.savefig(path)

"""Waiting time and abandon rate against agents, as a PNG."""

from collections.abc import Sequence
from pathlib import Path

import matplotlib

from benchmarks.pacing.tables import Figures

LABELS = {
    "relance": "relance, predictive",
    "progressive": "one line per free agent",
    "ratio": "fixed dial level, tuned",
    "ratio_idle": "fixed lines per free agent, tuned",
    "vicidial": "VICIdial average, as shipped",
    "vicidial_fine": "VICIdial average, cap tuned",
    "erlang": "Erlang B, tuned",
}
COLOURS = dict(
    zip(LABELS, ("#0b6e4f", "#888888", "#1f77b4", "#9467bd", "#d62728", "#ff7f0e", "#8c564b"),
        strict=True)
)  # fmt: skip


def draw(figures: Sequence[Figures], regime: str, path: Path) -> None:
    """Two panels over the number of agents: seconds waited, and per cent abandoned."""
    matplotlib.use("Agg")
    from matplotlib import pyplot

    figure, (waits, rates) = pyplot.subplots(1, 2, figsize=(11, 4.6), layout="constrained")
    for policy in dict.fromkeys(one.policy for one in figures if one.regime == regime):
        rows = sorted(
            (one for one in figures if (one.policy, one.regime) == (policy, regime)),
            key=lambda one: one.n_agents,
        )
        agents = [one.n_agents for one in rows]
        style = {
            "label": LABELS[policy], "color": COLOURS[policy], "marker": "o", "markersize": 4,
            "linewidth": 2.4 if policy == "relance" else 1.3, "capsize": 2,
        }  # fmt: skip
        wait_cis = [one.wait_ci_s for one in rows]
        waits.errorbar(agents, [one.wait_s for one in rows], yerr=wait_cis, **style)
        rate_cis = [one.abandoned_ci_pct for one in rows]
        rates.errorbar(agents, [one.abandoned_pct for one in rows], yerr=rate_cis, **style)
    for axes, title in (
        (waits, "Wait between two calls, s"), (rates, "Abandoned, % of live answers")
    ):  # fmt: skip
        axes.set_xscale("log")
        axes.set_xticks(sorted({one.n_agents for one in figures}))
        axes.get_xaxis().set_major_formatter(matplotlib.ticker.ScalarFormatter())
        axes.minorticks_off()
        axes.set_xlabel("agents")
        axes.set_title(title)
        axes.grid(alpha=0.3)
    waits.set_yscale("log")
    waits.get_yaxis().set_major_formatter(matplotlib.ticker.ScalarFormatter())
    rates.axhline(3.0, color="black", linestyle="--", linewidth=1)
    rates.set_ylim(bottom=0.0)
    waits.legend(fontsize=8)
    figure.savefig(path, dpi=130, metadata={"Software": ""})
    pyplot.close(figure)

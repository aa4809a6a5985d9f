"""The pacing benchmark: regimes, tables, musts, and its command line."""

import json
from dataclasses import replace

import pytest

from benchmarks.pacing.__main__ import main
from benchmarks.pacing.cases import Case, Outcome, Stopwatch, play, tuned
from benchmarks.pacing.revisions import meaning, reached, revision
from benchmarks.pacing.tables import half_interval, markdown, summed
from benchmarks.pacing.targets import misses
from dialer.sim.population import BENCHMARK, Population
from dialer.sim.regimes import REGIMES, staff

HOUR = 3600.0
SHORT = ["--agents", "5", "--hours", "0.1", "--seeds", "2"]


def outcome(seed=401, regime="stationary", n_agents=10, **changes):
    made = Outcome(
        Case("relance", regime, n_agents, seed), "abc", wait_s=25.0, talk_share=0.72, n_live=1800,
        n_abandoned=45, n_dialed=7200, first_live=10, first_abandoned=0, after_jump_live=0,
        after_jump_abandoned=0, cpu_s=1.0,
    )  # fmt: skip
    return replace(made, **changes)


# --- regimes --------------------------------------------------------------------------------------


@pytest.mark.parametrize("hours", [2, 8])
def test_each_regime_changes_the_people_as_its_name_says(hours):
    horizon = hours * HOUR

    def live(regime, share):
        people = Population(1, BENCHMARK, REGIMES[regime](horizon))
        return people.profile_at(share * horizon).live

    assert [live("up", share) for share in (0.49, 0.51)] == [0.25, 0.5]
    assert [live("down", share) for share in (0.49, 0.51)] == [0.25, 0.1]
    assert [live("osc", (i + 0.5) / 16) for i in range(16)] == [0.25, 0.5] * 8
    talks = Population(1, BENCHMARK, REGIMES["talk"](horizon))
    assert [talks.profile_at(i * horizon / 3 + 1.0).talk_mean_s for i in range(3)] == [120, 60, 180]
    burst = Population(1, BENCHMARK, REGIMES["burst"](horizon))
    failing = [at for at in range(int(horizon)) if burst.profile_at(at).carrier_failure]
    assert len(failing) == 300


def test_staff_is_drawn_anew_every_quarter_of_an_hour_and_the_same_for_every_policy():
    drawn = staff("agents", 100, 8 * HOUR, 401)
    assert [at for at, _ in drawn] == [900.0 * i for i in range(32)]
    assert all(60 <= n <= 130 for _, n in drawn)
    assert len({n for _, n in drawn}) > 20
    assert drawn == staff("agents", 100, 8 * HOUR, 401) != staff("agents", 100, 8 * HOUR, 402)
    assert staff("up", 100, 8 * HOUR, 401) == ((0.0, 100),)


# --- runs -----------------------------------------------------------------------------------------


@pytest.mark.parametrize("policy", ["relance", "vicidial"])
def test_a_case_gives_the_same_figures_every_time(policy):
    case = Case(policy, "burst", 6, 401, hours=0.25)
    first, again = play(case), play(case)
    assert replace(first, cpu_s=0.0) == replace(again, cpu_s=0.0)
    assert first.n_live > 5


def test_decisions_are_timed_only_when_asked_for():
    watch = Stopwatch()
    timed = play(Case("relance", "stationary", 5, 401, hours=0.1), watch)
    assert timed.n_decisions == len(watch.spent_us) > 700
    assert 0.0 < timed.decision_us[0] <= timed.decision_us[1]
    assert play(Case("relance", "stationary", 5, 401, hours=0.1)).n_decisions == 0


def test_an_outcome_survives_its_line_of_json():
    made = outcome(decision_us=(1.5, 2.5))
    assert Outcome.of_line(made.line()) == made


def test_every_tuned_rival_has_a_parameter_for_every_number_of_agents():
    for policy in ("ratio", "ratio_idle", "vicidial_fine", "erlang"):
        assert all(tuned(policy, n) > 0.0 for n in (5, 10, 20, 50, 100, 300, 1000))
    assert revision("relance") != revision("ratio") == revision("erlang")


def test_a_revision_follows_what_decides_and_nothing_else():
    plain = meaning("X = 1\n\ndef f(a):\n    return a + X\n")
    told = '"""What it is."""\nimport os\nX = 1  # one\n"""Of it."""\n\n\ndef f(a):\n    "Adds."\n'
    assert meaning(told + "    return a + X\n") == plain
    assert meaning(told + "    return a - X\n") != plain
    ours = reached(("dialer.sim.own_pacing",), "dialer.sim.", "dialer.policy.")
    assert {"dialer.policy.pacing", "dialer.policy.tail", "dialer.policy.abandon"} < ours
    assert "dialer.policy.retry" not in ours


# --- tables and musts -----------------------------------------------------------------------------


def test_seeds_are_pooled_and_the_worst_is_told():
    seeds = [outcome(401), outcome(402, wait_s=27.0, n_live=200, n_abandoned=8)]
    (row,) = summed(seeds)
    assert (row.wait_s, row.n_seeds) == (26.0, 2)
    assert row.abandoned_pct == pytest.approx(100 * 53 / 2000)
    assert row.worst_seed_pct == pytest.approx(4.0)
    assert half_interval([25.0, 27.0]) == pytest.approx(12.706, abs=1e-3)  # t
    assert half_interval([25.0]) == 0.0
    (single,) = summed(seeds[:1])
    assert "| relance | 25.0 / 72.0 / 2.50 |" in markdown([single], "stationary")
    assert "| relance | 26.0 ± 12.7 / 72.0 / 2.65 * |" in markdown([row], "stationary")


def test_musts_name_what_is_missed():
    (good,) = summed([outcome()])
    assert misses(good, None) == []
    (slow,) = summed([outcome(wait_s=27.5)])
    assert "waits 27.50 s, at most 27.0" in misses(slow, None)[0]
    (rash,) = summed([outcome(n_abandoned=55)])
    assert "seed 401 abandons 3.06 %" in misses(rash, None)[0]
    (shaken,) = summed([outcome(regime="osc", wait_s=32.0)])
    assert "osc, 10 agents: waits 32.00 s, at most 31.25" in misses(shaken, 25.0)[0]
    jump = outcome(regime="up", after_jump_live=50, after_jump_abandoned=5)
    assert "after the jump" in misses(summed([jump])[0], 25.0)[0]
    dear = outcome(n_agents=300, wait_s=2.0, talk_share=0.85, decision_us=(900.0, 1100.0))
    assert "p99 of a decision" in misses(summed([dear])[0], None)[0]


def test_a_large_floor_without_carrier_is_held_to_the_abandon_rate_alone():
    (burst,) = summed([outcome(regime="burst", n_agents=300, wait_s=30.0)])
    assert misses(burst, 2.0) == []
    (smaller,) = summed([outcome(regime="burst", n_agents=100, wait_s=30.0)])
    assert len(misses(smaller, 5.5)) == 1


# --- the command line -----------------------------------------------------------------------------


def test_rows_as_json_kept_results_and_a_plot(tmp_path, capsys):
    results, plot = tmp_path / "runs.jsonl", tmp_path / "pacing.png"
    words = [*SHORT, "--policies", "relance,ratio", "--json", "--results", str(results)]
    assert main([*words, "--plot", str(plot)]) == 0
    lines = [json.loads(line) for line in capsys.readouterr().out.splitlines()]
    rows = [line for line in lines if line["type"] == "row"]
    assert [row["policy"] for row in rows] == ["relance", "ratio", "ratio_idle"]
    assert all(row["n_seeds"] == 2 and row["wait_s"] > 0 for row in rows)
    assert plot.read_bytes().startswith(b"\x89PNG")
    kept = results.read_text()
    assert len(kept.splitlines()) == 6
    assert main(words) == 0
    again = [json.loads(line) for line in capsys.readouterr().out.splitlines()]
    assert [line for line in again if line["type"] == "row"] == rows
    assert results.read_text() == kept  # nothing was played again


def test_two_processes_give_the_figures_of_one(capsys):
    words = [*SHORT, "--policies", "progressive", "--json"]
    found = []
    for n_processes in ("1", "2"):
        assert main([*words, "--processes", n_processes]) == 0
        row = json.loads(capsys.readouterr().out.splitlines()[0])
        found.append({key: value for key, value in row.items() if key != "cpu_s"})
    assert found[0] == found[1]


def test_a_word_that_is_not_known_is_named(capsys):
    with pytest.raises(SystemExit):
        main(["--regimes", "stationary,sideways"])
    assert "sideways: not among stationary, up" in capsys.readouterr().err


def test_check_fails_when_a_must_is_missed(capsys):
    assert main([*SHORT, "--policies", "relance", "--check"]) == 1  # six minutes: still cold
    assert "missed: stationary, 5 agents" in capsys.readouterr().err

"""How well machines are told from people, and what it costs; Asterisk's rules beside it.

    python -m benchmarks.amd.corpus --out FOLDER          makes the calls (needs espeak-ng and sox)
    python -m benchmarks.amd --corpus FOLDER --split val  scores them; --split test once a release
    python -m benchmarks.amd --load                       only the cost: 200 and 800 live streams

Bounds of --check, on test: people called machines at most 1.5 % (of the recorded ones 1 %, of their
companies 10 %), no speech heard from at most 5 % of people, machines found at least 80 % at once
and 90 % with the second look, a person answered at most 0.75 s (median) and 1.5 s (p95) after the
greeting's end (3 % of them, doubtful ones too, later than 2 s), 3.1 and 6 s after the answer;
machines 4.5 and 7 s; beeps told with precision 0.95 and recall 0.92, their end within 20 ms
(median) and 60 ms (p95); SIT 98 %, fax and busy 95 %, at most one of each falsely told in an hour;
sound without cadence knows at most 0.60 (area under the curve). --load: 200 streams within 15 % of
a core and 15 ms for the slowest tick in a hundred, 800 within a core.
--quick makes a few calls of its own and holds the same detector to looser bounds.
"""

from collections.abc import Sequence
from pathlib import Path
from tempfile import TemporaryDirectory

from benchmarks.amd import asterisk, early, measures
from benchmarks.amd.corpus import files
from benchmarks.amd.corpus.__main__ import SEED, SIZES, Recordings, make
from benchmarks.amd.corpus.timeline import Kind
from benchmarks.amd.corpus.voices import NoSpeaker
from benchmarks.amd.hearing import Listened, hear, judge
from benchmarks.amd.load import measure
from benchmarks.amd.measures import Answer
from benchmarks.common import Report, parser
from dialer.model.amd import AmdProfile, Heard, ToneKind, Verdict
from dialer.policy.amd_profiles import AmdSettings, settings_of


def main() -> int:
    options = parser(__doc__)
    options.add_argument("--corpus", type=Path, help="folder that benchmarks.amd.corpus made")
    options.add_argument("--split", default="val", help="val (for tuning), test, recorded, early")
    options.add_argument("--load", action="store_true", help="only what it costs")
    options.add_argument("--leak", action="store_true", help="the leak test too (scikit-learn)")
    options.add_argument("--tune-rival", action="store_true", help="search Asterisk's rules on val")
    options.add_argument("--plot", type=Path, help="draw the curve into this file (matplotlib)")
    asked = options.parse_args()
    report = Report(asked.json)
    if asked.load:
        _load(report)
    elif asked.quick:
        _quick(report)
    elif asked.corpus is None:
        options.error("--corpus, --load or --quick is needed")
    elif asked.tune_rival:
        _tune_rival(report, files.read(asked.corpus, "val"))
    elif asked.split == "early":
        _early(report, files.read(asked.corpus, "early"))
    else:
        split = files.read(asked.corpus, asked.split)
        _score(report, split, asked.plot)
        if asked.leak:
            _leak(report, files.read(asked.corpus, "train"), split)
    return report.end(asked.check)


def _score(report: Report, split: files.Split, plot: Path | None) -> None:
    settings = _consumer()
    heard = hear(split)
    listened = judge(split.truths, heard, settings)
    told = measures.answers(listened)
    _rivals(report, split, told)
    _strata(report, told)
    _curve(report, split, heard, settings, plot)
    _hold(report, split.name, listened, told)


def _consumer() -> AmdSettings:
    settings = settings_of(AmdProfile.CONSUMER)
    assert settings is not None
    return settings


def _rivals(report: Report, split: files.Split, told: Sequence[Answer]) -> None:
    """Ours and Asterisk's rules on the same calls."""
    levels = [asterisk.amplitudes(split.pcm(truth)) for truth in split.truths]
    _row(report, "relance", told)
    for name, rules in (("asterisk default", asterisk.DEFAULT), ("asterisk tuned", asterisk.TUNED)):
        theirs = [
            Answer(truth, *asterisk.decide(level, rules))
            for truth, level in zip(split.truths, levels, strict=True)
        ]
        _row(report, name, theirs)


def _row(report: Report, name: str, told: Sequence[Answer]) -> None:
    people, machines = measures.of_kind(told, Kind.HUMAN), measures.of_kind(told, Kind.MACHINE)
    wrong = measures.called_machine(people)
    company = measures.of_kind(told, Kind.COMPANY)
    wait, when = measures.waits(people), measures.times(machines, Verdict.MACHINE)
    report.row(
        detector=name,
        people=len(people),
        wrong_pct=100 * wrong.share,
        wrong_low_pct=100 * wrong.low,
        wrong_high_pct=100 * wrong.high,
        company_pct=100 * measures.called_machine(company).share,
        machines=len(machines),
        found_pct=100 * measures.called_machine(machines).share,
        second_look_pct=100 * measures.found_in_all(machines),
        wait_median_s=wait[0],
        wait_p95_s=wait[1],
        over_2_s_pct=100 * measures.kept_waiting(people),
        machine_median_s=when[0],
        machine_p95_s=when[1],
    )


def _strata(report: Report, told: Sequence[Answer]) -> None:
    for what, which, some in measures.strata(told):
        machine = measures.called_machine(some)
        report.row(
            stratum=what,
            which=which,
            calls=len(some),
            machine_pct=100 * machine.share,
            low_pct=100 * machine.low,
            high_pct=100 * machine.high,
            second_look_pct=100 * measures.found_in_all(some),
            screened_pct=100 * sum(a.verdict is Verdict.SCREENED for a in some) / len(some),
            no_speech_pct=100 * measures.no_speech(some),
        )


def _curve(
    report: Report,
    split: files.Split,
    heard: Sequence[Heard],
    settings: AmdSettings,
    plot: Path | None,
) -> None:
    points = list(measures.curve(split.truths, heard, settings))
    for p, wrong, found in points:
        report.row(
            threshold=p,
            wrong_pct=100 * wrong.share,
            wrong_low_pct=100 * wrong.low,
            wrong_high_pct=100 * wrong.high,
            found_pct=100 * found,
        )
    if plot is not None:
        from benchmarks.amd.plot import draw_curve

        draw_curve(points, split.name, plot)


def _hold(report: Report, name: str, listened: Sequence[Listened], told: Sequence[Answer]) -> None:
    """Section 5's gates; the recorded people have stricter ones."""
    people, machines = measures.of_kind(told, Kind.HUMAN), measures.of_kind(told, Kind.MACHINE)
    is_recorded = name == "recorded"
    share = measures.called_machine(people).share
    report.bound("people_called_machines", share, 0.01 if is_recorded else 0.015)
    report.bound("people_not_heard", measures.no_speech(people), 0.05)
    report.bound("machines_missed", 1 - measures.called_machine(machines).share, 0.20)
    report.bound("machines_missed_by_both_looks", 1 - measures.found_in_all(machines), 0.10)
    for figure, value, most in zip(
        ("wait_median_s", "wait_p95_s"), measures.waits(people), (0.75, 1.5), strict=True
    ):
        report.bound(figure, value, most)
    report.bound("people_kept_over_2_s", measures.kept_waiting(people), 0.03)
    _hold_times(report, people, machines)
    beeps = measures.beeps(listened)
    report.bound("beeps_false", 1 - beeps.precision, 0.05)
    report.bound("beeps_missed", 1 - beeps.recall, 0.08)
    report.bound("beep_end_error_median_s", beeps.end_error_s[0], 0.020)
    report.bound("beep_end_error_p95_s", beeps.end_error_s[1], 0.060)
    if is_recorded:
        companies = measures.called_machine(measures.of_kind(told, Kind.COMPANY))
        report.bound("companies_called_machines", companies.share, 0.10)
    else:
        _hold_tones(report, listened)


def _hold_times(report: Report, people: Sequence[Answer], machines: Sequence[Answer]) -> None:
    bounds = (
        ("human", people, Verdict.HUMAN, (3.1, 6.0)),
        ("machine", machines, Verdict.MACHINE, (4.5, 7.0)),
    )
    for who, some, verdict, (median, p95) in bounds:
        measured = measures.times(some, verdict)
        report.bound(f"{who}_median_s", measured[0], median)
        report.bound(f"{who}_p95_s", measured[1], p95)


def _hold_tones(report: Report, listened: Sequence[Listened]) -> None:
    hours = sum(one.truth.n_samples for one in listened) / 8000 / 3600
    for kind, most in ((ToneKind.SIT, 0.02), (ToneKind.FAX, 0.05), (ToneKind.BUSY, 0.05)):
        found, n, false = measures.tones_found(listened, kind)
        report.bound(f"{kind.value.lower()}_missed", 1 - found / n if n else 0.0, most)
        report.bound(f"{kind.value.lower()}_false_per_h", false / hours, 1.0)


def _leak(report: Report, train: files.Split, split: files.Split) -> None:
    from benchmarks.amd.leak import leak

    found = leak(train, split)
    report.bound("leak_auc", found.of_equal_speech, 0.60)
    report.summary["leak_auc_at_2_s"] = found.at_2_s


def _early(report: Report, split: files.Split) -> None:
    for one in early.count(split.truths, hear(split)):
        report.row(
            stratum=one.stratum,
            calls=one.n,
            told_pct=100 * one.n_told / max(one.n, 1),
            ended_wrongly_pct=100 * one.n_ended_wrongly / max(one.n, 1),
        )


def _load(report: Report) -> None:
    for n, most, slowest in ((200, 0.15, 15.0), (800, 1.0, float("inf"))):
        load = measure(n, seconds=12.0)
        report.row(
            streams=n,
            core_pct=100 * load.core_share,
            mean_pct=100 * load.mean_share,
            frame_us=load.frame_us,
            tick_median_ms=load.tick_ms[0],
            tick_p99_ms=load.tick_ms[1],
        )
        report.bound(f"core_share_{n}", load.core_share, most)
        report.bound(f"tick_p99_ms_{n}", load.tick_ms[1], slowest)


def _quick(report: Report) -> None:
    """A few calls made here: wide bounds, since few calls prove little."""
    with TemporaryDirectory() as folder:
        try:
            make(Path(folder), "val", SIZES["quick"]["val"], SEED, Recordings())
        except NoSpeaker as missing:
            report.summary["skipped"] = str(missing)
            return
        split = files.read(Path(folder), "val")
    told = measures.answers(judge(split.truths, hear(split), _consumer()))
    _rivals(report, split, told)
    people, machines = measures.of_kind(told, Kind.HUMAN), measures.of_kind(told, Kind.MACHINE)
    report.bound("people_called_machines", measures.called_machine(people).share, 0.05)
    report.bound("machines_missed", 1 - measures.called_machine(machines).share, 0.35)
    load = measure(200, seconds=3.0)
    report.bound("core_share_200", load.core_share, 0.30)


def _tune_rival(report: Report, split: files.Split) -> None:
    levels = {kind: [] for kind in Kind}
    for truth in split.truths:
        levels[truth.kind].append(asterisk.amplitudes(split.pcm(truth)))
    rules, wrong, found = asterisk.tune(levels[Kind.HUMAN], levels[Kind.MACHINE], 0.05)
    report.row(wrong_pct=100 * wrong, found_pct=100 * found)
    report.summary["rules"] = str(rules)


if __name__ == "__main__":
    raise SystemExit(main())

"""A curve says whether a cost grows, and what was measured further on is kept."""

import math
from dataclasses import replace

import pytest

from tests.benchmarks.curve_wording import CURVES, LINES
from tests.benchmarks.curves import Curve, Growing, prolonged
from tests.benchmarks.figures import Figure, Run, Tally
from tests.benchmarks.page import page
from tests.benchmarks.report import beside, kept_long, pictures, read


def _run(rate: float) -> Run:
    tally = Tally(expected=10, found=10, distinct=10)
    return Run(measures={"rate": rate}, events=10, tally=tally)


def _curve(bench: str = "list", **lines: list[tuple[int, float]]) -> Curve:
    growing = Growing()
    for line, points in lines.items():
        for at, cost in points:
            growing.add(line, at, cost, cost * 1.1, cost * 0.9)
    return growing.curve(bench, "list-by-items")


def test_growth_is_the_factor_of_a_tenfold() -> None:
    flat, root, all_of_it = (
        [(10**n, 2.0 * factor**n) for n in range(3, 8)] for factor in (1.0, 10**0.5, 10.0)
    )
    curve = _curve(ours=flat, deep=root, floor=all_of_it)

    assert curve.growth("ours") == pytest.approx(1)
    assert curve.growth("deep") == pytest.approx(3.162, rel=1e-3)
    assert curve.growth("floor") == pytest.approx(10)
    assert [curve.flat(line) for line in curve.lines] == [True, False, False]


def test_a_logarithm_counts_as_flat_and_a_single_point_as_nothing() -> None:
    logarithm = [(10**n, float(n)) for n in range(3, 8)]

    assert _curve(ours=logarithm).flat("ours")
    assert math.isnan(_curve(ours=[(10, 1.0)]).growth("ours"))


def test_what_a_longer_run_measured_outlives_a_shorter_one() -> None:
    before = _curve(ours=[(1_000, 1.0), (10_000, 1.0), (100_000, 1.0)])
    now = _curve(ours=[(1_000, 2.0), (10_000, 2.0)])

    (curve,) = prolonged([before], [now], "long ago")

    kept = [(point.at, point.cost.median, point.taken) for point in curve.lines["ours"]]
    assert kept == [(1_000, 2.0, ""), (10_000, 2.0, ""), (100_000, 1.0, "long ago")]


def test_a_part_of_a_run_goes_beside_the_rest_and_keeps_what_was_longer() -> None:
    def figure(bench: str, load: str, rate: float, *, long: bool = False) -> Figure:
        return Figure(bench=bench, load=load, fsync="native", ours=[_run(rate)], long=long)

    before = replace(
        read(),
        figures=[figure("append", "a", 1), figure("rebuild", "1", 1)]
        + [figure("rebuild", "10", 1, long=True)],
    )
    part = replace(before, figures=[figure("rebuild", "1", 2)])

    again = beside(before, part, ["rebuild"])

    rates = {(f.bench, f.load): f.ours[0].measures["rate"] for f in again.figures}
    assert rates == {("append", "a"): 1, ("rebuild", "1"): 2, ("rebuild", "10"): 1}
    assert any("a longer run" in name for name in kept_long(before, part).settings)


def test_a_curve_is_a_picture_and_a_table() -> None:
    curve = _curve(ours=[(1_000, 5.0), (10_000, 5.0)], floor=[(1_000, 0.5), (10_000, 9.0)])
    report = replace(read(), curves=[curve])
    words, shown = CURVES["list-by-items"], page(report)

    assert f"![{words.zh} {words.en}](performance/list-by-items.svg)" in shown
    assert "| 10 000 | 5.00 (4.50 – 5.50) | 9.00 (8.10 – 9.90) |" in shown
    assert "| a tenfold | × 1.00: flat | × 18.00 |" in shown
    picture = pictures(report)["list-by-items.svg"]
    assert words.zh in picture
    assert words.across in picture
    assert "prefers-color-scheme: dark" in picture
    assert picture == pictures(report)["list-by-items.svg"]
    assert all(LINES[line] in picture for line in curve.lines)

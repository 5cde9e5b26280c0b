"""The page is what its figures say, and the figures are counted right."""

import math
from dataclasses import replace

import pytest

from tests.benchmarks.benches import CURVED, MEASURES, NEED_KAFKA
from tests.benchmarks.curve_wording import CURVES
from tests.benchmarks.figures import (
    Bar,
    Figure,
    Run,
    Spread,
    Tally,
    latencies,
    number,
    of_hop,
    percentile,
)
from tests.benchmarks.page import page, table
from tests.benchmarks.report import (
    PAGE,
    PICTURES,
    REPORT,
    pictures,
    read,
)
from tests.benchmarks.wording import BENCHES, CURVES_ONLY

ALL_THERE = Tally(expected=10, found=10, distinct=10)


def _run(rate: float, cpu: float = 0.0) -> Run:
    return Run(
        measures={"rate": rate},
        events=5_000,
        tally=ALL_THERE,
        cpu={"python": cpu, "generator": 99.0},
    )


def test_the_page_is_generated_from_the_figures() -> None:
    assert PAGE.read_text("utf-8") == page(read()), "run: python -m tests.benchmarks --page"


def test_the_pictures_are_drawn_from_the_figures() -> None:
    drawn = {path.name: path.read_text("utf-8") for path in PICTURES.glob("*.svg")}
    assert drawn == pictures(read()), "run: python -m tests.benchmarks --page"


def test_every_bench_has_its_words_on_the_page() -> None:
    assert [*BENCHES, *CURVES_ONLY] == list(MEASURES)
    assert MEASURES.keys() >= NEED_KAFKA
    assert sorted(name for names in CURVED.values() for name in names) == sorted(CURVES)


def test_no_published_run_lost_or_repeated_an_event() -> None:
    assert not read().wrong


def test_only_what_is_applied_once_may_not_repeat() -> None:
    repeated = Tally(expected=1, found=2, distinct=1)
    lost = Tally(expected=1, found=0, distinct=0)

    def wrong(bench: str, tally: Tally) -> bool:
        run = Run(measures={"rate": 1}, events=1, tally=tally)
        return Figure(bench=bench, load="l", fsync="native", ours=[run]).wrong

    assert wrong("consume", repeated)
    assert not wrong("relay", repeated)
    assert wrong("relay", lost)


def test_a_spread_is_the_median_and_the_range() -> None:
    assert Spread.of([5, 1, 3]) == Spread(median=3, low=1, high=5)
    assert Spread.of([4, 1, 2, 3]) == Spread(median=2.5, low=1, high=4)


@pytest.mark.parametrize(
    ("share", "expected"), [(0.5, 50), (0.99, 99), (0.999, 100), (0.0, 1), (1.0, 100)]
)
def test_a_percentile_is_a_value_that_was_measured(share: float, expected: int) -> None:
    assert percentile(list(range(100, 0, -1)), share) == expected


def test_the_percentile_of_few_values_is_the_worst() -> None:
    assert latencies([2.0, 1.0]) == {"p50": 1.0, "p99": 2.0, "p99.9": 2.0}
    assert math.isnan(percentile([], 0.5))


def test_a_tally_tells_lost_from_repeated() -> None:
    assert (ALL_THERE.lost, ALL_THERE.repeated) == (0, 0)
    lost = Tally(expected=10, found=9, distinct=9)
    assert (lost.lost, lost.repeated) == (1, 0)
    both = Tally(expected=10, found=10, distinct=8)
    assert (both.lost, both.repeated) == (2, 2)
    more = Tally(expected=10, found=12, distinct=12)
    assert (more.lost, more.repeated) == (0, 2)


def test_a_ratio_is_of_medians_and_is_held_to_its_bar() -> None:
    bars = [Bar(measure="rate", limit=0.6, of="ratio"), Bar(measure="rate", limit=500)]
    ours, floor = [_run(100), _run(900), _run(600)], [_run(1_000)] * 3
    figure = Figure(bench="b", load="l", fsync="native", ours=ours, floor=floor, bars=bars)

    assert figure.ratio("rate") == pytest.approx(0.6)
    assert [met for _, met in figure.judged("rate")] == [True, True]
    assert not Bar(measure="p99", limit=30).met(30)


def test_cpu_seconds_are_of_ten_thousand_events_without_the_generator() -> None:
    figure = Figure(bench="b", load="l", fsync="native", ours=[_run(1, 2.0), _run(1, 4.0)])

    assert figure.cpu(figure.ours) == pytest.approx(6.0)


def test_a_hop_counts_what_went_all_of_it_and_never_backwards() -> None:
    begun, ended = {"a": 1.0, "b": 2.0, "c": 3.0}, {"a": 1.004, "b": 1.999}

    assert of_hop(begun, ended, ["a", "b", "c"]) == pytest.approx(
        {"p50": 0.0, "p95": 4.0, "p99": 4.0}
    )


def test_what_only_ours_has_stands_beside_no_floor() -> None:
    ours = Run(measures={"p99": 3.0, "noticed": 29.0}, events=1, tally=ALL_THERE)
    floor = Run(measures={"p99": 2.0}, events=1, tally=ALL_THERE)
    bars = [Bar(measure="noticed", limit=35), Bar(measure="p99", limit=1.1, of="ratio")]
    frozen = Figure(
        bench="frozen", load="l", fsync="native", ours=[ours], floor=[floor], bars=bars
    )
    report = replace(read(), figures=[frozen], curves=())

    assert frozen.floor_spread("noticed") is None
    assert [met for _, met in frozen.judged("noticed")] == [True]
    assert [met for _, met in frozen.judged("p99")] == [False]
    row = "| l | native | noticed | 29.0 s (29.0 – 29.0) | – | – | < 35.0 s: met |"
    assert row in page(report)
    assert table(report).row_count == 2


@pytest.mark.parametrize(
    ("value", "expected"),
    [(0.0, "0"), (12345.6, "12 346"), (99.94, "99.9"), (1.234, "1.23"), (math.nan, "–")],
)
def test_a_number_says_no_more_than_it_knows(value: float, expected: str) -> None:
    assert number(value) == expected


def test_a_peer_has_a_line_and_a_bar_of_its_own() -> None:
    bars = [
        Bar(measure="rate", limit=0.6, of="ratio"),
        Bar(measure="rate", limit=3, of="peer:other"),
        Bar(measure="rate", limit=6, of="peer:nowhere"),
    ]
    figure = Figure(
        bench="append",
        load="l",
        fsync="native",
        ours=[_run(900)],
        floor=[_run(1_000)],
        peers={"other": [_run(300)]},
        bars=bars,
    )
    report = replace(read(), figures=[figure], curves=())

    assert figure.peer_ratio("other", "rate") == pytest.approx(3.0)
    assert [met for _, met in figure.judged("rate")] == [True, True, False]
    assert "| 0.90 | ≥ 0.6 of the floor: met |" in page(report)
    ours, theirs = "| … beside other | native | rate |  |", "| 3.00 | ≥ 3 × other: met |"
    assert f"{ours} 300/s (300 – 300) {theirs}" in page(report)
    assert table(report).row_count == 2


def test_a_report_is_read_as_it_was_written() -> None:
    figure = Figure(
        bench="append", load="l", fsync="native", ours=[_run(9)], peers={"p": [_run(3)]}
    )
    report = replace(read(), figures=[figure], curves=())

    again = REPORT.validate_json(REPORT.dump_json(report))
    assert again.figures[0].peers == {"p": [_run(3)]}

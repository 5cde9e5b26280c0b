"""Why a bar is missed stands on the page, beside what was missed."""

from dataclasses import replace

from tests.benchmarks.figures import Bar, Figure, Run, Tally
from tests.benchmarks.limit_page import UNKNOWN, limits, missed
from tests.benchmarks.limit_wording import LIMITS
from tests.benchmarks.report import read


def _figure(limit: float, bench: str = "append") -> Figure:
    run = Run(
        measures={"rate": 100.0},
        events=100,
        tally=Tally(expected=100, found=100, distinct=100),
    )
    return Figure(
        bench=bench,
        load="16 writers",
        fsync="native",
        ours=[run],
        floor=[run],
        bars=[Bar(measure="rate", limit=limit)],
    )


def test_a_met_bar_is_not_spoken_of() -> None:
    report = replace(read(), figures=[_figure(100)], curves=[])
    assert limits(report) == ""


def test_a_missed_bar_stands_with_its_value_and_says_where_nobody_looked() -> None:
    for bench, known in (("append", True), ("verify", False)):
        said = limits(replace(read(), figures=[_figure(101, bench)], curves=[]))
        assert "- 16 writers, native: rate ≥ 101/s; it is 100/s" in said
        assert (UNKNOWN not in said) is known


def test_every_missed_bar_of_the_published_page_was_looked_into() -> None:
    known = {key for limit in LIMITS for key in limit.keys}
    assert missed(read()).keys() <= known


def test_no_bar_has_two_reasons() -> None:
    keys = [key for limit in LIMITS for key in limit.keys]
    assert len(keys) == len(set(keys))

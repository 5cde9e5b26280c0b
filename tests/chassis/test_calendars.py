"""The shipped notices, the statutory table, and what a site may lay over them."""

from datetime import date
from pathlib import Path

import pytest

from chassis.calendars import load_calendar
from chassis.workdays import CalendarError

NOTICE_2027 = """\
year: 2027
source: 国办发明电〔2026〕1号
issued: 2026-11-03
rest:
  - {name: 元旦, from: 2026-12-31, to: 2027-01-02}
work:
  - {name: 元旦, day: 2026-12-27}
  - {name: 元旦, day: 2028-01-02}
"""


@pytest.fixture
def site(tmp_path: Path) -> Path:
    """Return a site's folder with a later year in it."""
    (tmp_path / "2027.yaml").write_text(NOTICE_2027, encoding="utf-8")
    (tmp_path / "README.txt").write_text("not a calendar", encoding="utf-8")
    return tmp_path


def day(text: str) -> date:
    """Read an ISO day."""
    return date.fromisoformat(text)


# What is shipped


def test_every_shipped_notice_is_confirmed_and_names_its_number() -> None:
    years = load_calendar().years
    assert {year: years[year].source for year in years if years[year].confirmed} == {
        2024: "国办发明电〔2023〕7号",
        2025: "国办发明电〔2024〕12号",
        2026: "国办发明电〔2025〕7号",
    }


def test_asking_for_some_years_leaves_the_others_provisional() -> None:
    calendar = load_calendar([2025])
    assert calendar.status(2024) == "provisional"
    assert calendar.status(2025) == "confirmed"
    assert calendar.status(2026) == "provisional"


def test_a_year_may_be_asked_for_before_its_notice_is_out() -> None:
    assert load_calendar([2027]).status(2027) == "provisional"


def test_a_year_beyond_the_statutory_table_is_refused() -> None:
    with pytest.raises(CalendarError, match="no calendar for 2041"):
        load_calendar([2041])


@pytest.mark.parametrize("year", [2024, 2025, 2026])
def test_a_notice_gives_every_statutory_day_off(year: int) -> None:
    notice = load_calendar().years[year]
    statute = load_calendar([]).years[year]
    assert statute.off <= notice.off
    assert statute.work == frozenset()


@pytest.mark.parametrize("year", [2024, 2025, 2026])
def test_a_make_up_day_is_a_weekend_day_and_never_off(year: int) -> None:
    notice = load_calendar().years[year]
    assert all(made_up.weekday() >= 5 for made_up in notice.work)
    assert not notice.work & notice.off
    assert notice.names.keys() == notice.work | notice.off


def test_the_statute_of_2024_knows_eleven_days_and_that_of_2025_thirteen() -> None:
    years = load_calendar([]).years
    assert len(years[2024].off) == 11
    assert len(years[2027].off) == 13


def test_new_years_eve_and_the_second_of_may_are_off_from_2025() -> None:
    years = load_calendar([]).years
    assert day("2024-02-09") not in years[2024].off
    assert day("2024-05-02") not in years[2024].off
    assert day("2025-01-28") in years[2025].off
    assert day("2025-05-02") in years[2025].off


def test_a_festival_that_meets_another_is_named_with_it() -> None:
    assert load_calendar().festival(day("2028-10-03")) == "中秋节、国庆节"


@pytest.mark.parametrize("year", range(2024, 2041))
def test_the_table_keeps_every_festival_in_its_season(year: int) -> None:
    statute = load_calendar([]).years[year]
    first: dict[str, date] = {}
    for off in sorted(statute.off):
        for name in statute.names[off].split("、"):
            first.setdefault(name, off)
    assert (first["元旦"].month, first["元旦"].day) == (1, 1)
    assert date(year, 1, 20) <= first["春节"] <= date(year, 2, 20)
    assert date(year, 4, 4) <= first["清明节"] <= date(year, 4, 6)
    assert date(year, 5, 25) <= first["端午节"] <= date(year, 6, 25)
    assert date(year, 9, 7) <= first["中秋节"] <= date(year, 10, 8)


# What a site adds


def test_a_site_adds_a_later_year_that_rules_its_neighbours_too(site: Path) -> None:
    calendar = load_calendar(folder=site)
    assert calendar.status(2027) == "confirmed"
    assert not calendar.is_work_day(day("2026-12-31"))
    assert calendar.is_work_day(day("2026-12-27"))
    assert calendar.is_work_day(day("2028-01-02"))


def test_what_a_notice_leaves_out_stays_as_the_statute_has_it(site: Path) -> None:
    assert not load_calendar(folder=site).is_work_day(day("2027-10-01"))


def test_a_site_replaces_a_shipped_year(site: Path) -> None:
    text = "year: 2026\nsource: 更正\nissued: 2025-12-01\n"
    (site / "2026.yml").write_text(text, encoding="utf-8")
    calendar = load_calendar([2025], site)
    assert calendar.years[2026].source == "更正"
    assert not calendar.is_work_day(day("2026-01-04"))


def test_a_year_beyond_the_statutory_table_needs_only_its_notice(site: Path) -> None:
    text = "year: 2041\nsource: 通知\nissued: 2040-11-01\nrest: [{name: 元旦, from: 2041-01-01}]\n"
    (site / "2041.yaml").write_text(text, encoding="utf-8")
    calendar = load_calendar([2041], site)
    assert calendar.status(2041) == "confirmed"
    assert not calendar.is_work_day(day("2041-01-01"))


OVERLAY_2026 = """\
year: 2026
source: 自治区人民政府办公厅通知
issued: 2026-01-05
overlay: true
rest:
  - {name: 诺鲁孜节, from: 2026-03-20}
  - {name: 元旦, from: 2026-01-04}
work:
  - {name: 抗洪, day: 2026-10-07}
"""


def test_an_overlay_changes_only_the_days_it_names(site: Path) -> None:
    (site / "0-region.yaml").write_text(OVERLAY_2026, encoding="utf-8-sig")
    calendar = load_calendar(folder=site)
    assert calendar.status(2026) == "confirmed"
    assert calendar.festival(day("2026-03-20")) == "诺鲁孜节"
    assert not calendar.is_work_day(day("2026-01-04"))
    assert calendar.is_work_day(day("2026-10-07"))
    assert not calendar.is_work_day(day("2026-10-06"))
    assert calendar.years[2026].source == "国办发明电〔2025〕7号；自治区人民政府办公厅通知"


def test_an_overlay_confirms_no_year_and_lies_on_the_notice_beside_it(site: Path) -> None:
    overlay = OVERLAY_2026.replace("2026", "2027")
    (site / "0-region.yaml").write_text(overlay, encoding="utf-8")
    assert load_calendar(folder=site).status(2027) == "confirmed"
    (site / "2027.yaml").unlink()
    assert load_calendar(folder=site).status(2027) == "provisional"


def test_an_overlay_on_a_year_nobody_knows_is_refused(site: Path) -> None:
    text = "year: 2050\nsource: 通知\nissued: 2049-11-01\noverlay: true\n"
    (site / "2050.yaml").write_text(text, encoding="utf-8")
    with pytest.raises(
        CalendarError, match=r"2050\.yaml: overlay: .*add the State Council's"
    ):
        load_calendar(folder=site)


def test_two_notices_for_one_year_are_refused(site: Path) -> None:
    (site / "again.yaml").write_text(NOTICE_2027, encoding="utf-8")
    with pytest.raises(
        CalendarError, match=r"again\.yaml: year: 2027\.yaml .*overlay: true"
    ):
        load_calendar(folder=site)


# What is refused


@pytest.mark.parametrize(
    ("wrong", "right", "message"),
    [
        ("holidays: []", "", r"holidays: Extra inputs"),
        ("year: '2027'", "year: 2027", r"year: Input should be a valid integer"),
        ("year: 1027", "year: 2027", r"year: Input should be greater"),
        ("year: 2027\nyear: 2028", "year: 2027", r"line 2: year is written twice"),
        ("from: 2026-12-31T08:00:00", "from: 2026-12-31", r"rest\[0\]\.from: .*valid date"),
        ("from: 某日", "from: 2026-12-31", r"rest\[0\]\.from: .*valid date"),
        ("day: 2026-12-32", "day: 2026-12-27", r"line 7: 2026-12-32: day is out of range"),
        ("to: 2026-12-30", "to: 2027-01-02", r"rest\[0\]\.to: .*swap them"),
        ("day: 2026-11-30", "day: 2026-12-27", r"work\[0\]: 2026-11-30 is not in 2027"),
        ("day: 2028-02-01", "day: 2028-01-02", r"work\[1\]: 2028-02-01 is not in 2027"),
        (
            "day: 2026-12-31",
            "day: 2026-12-27",
            r"work\[0\]: .* both rest and work; keep one",
        ),
        ("day: 2028-01-02", "day: 2026-12-27", r"work\[1\]: 2028-01-02 is twice; keep one"),
        ("name: ''", "name: 元旦", r"rest\[0\]\.name: .*at least 1"),
        ("rest: 3", "rest:", r"line \d+:"),
        ("- [", "year: 2027", r"line \d+: .*correct the YAML"),
        ("source: \x07", "source: 国办发明电〔2026〕1号", r"2027\.yaml: .*readable UTF-8"),
    ],
)
def test_a_malformed_file_is_refused_by_name_place_and_remedy(
    site: Path, wrong: str, right: str, message: str
) -> None:
    text = NOTICE_2027.replace(right, wrong) if right else NOTICE_2027 + wrong + "\n"
    (site / "2027.yaml").write_text(text, encoding="utf-8")
    with pytest.raises(CalendarError, match=message) as refused:
        load_calendar(folder=site)
    assert str(site / "2027.yaml") in str(refused.value)


def test_an_empty_file_is_refused(site: Path) -> None:
    (site / "2027.yaml").write_text("", encoding="utf-8")
    with pytest.raises(CalendarError, match=r"the whole file: .*shows the form"):
        load_calendar(folder=site)


def test_a_file_that_is_no_text_is_refused(site: Path) -> None:
    (site / "2027.yaml").write_bytes(b"\xff\xfe\x00")
    with pytest.raises(CalendarError, match="readable UTF-8"):
        load_calendar(folder=site)


def test_a_missing_folder_is_refused(tmp_path: Path) -> None:
    with pytest.raises(CalendarError, match="no such folder"):
        load_calendar(folder=tmp_path / "nowhere")


@pytest.mark.parametrize("zone", ["Asia/Nowhere", "../etc", ""])
def test_an_unknown_zone_is_refused(zone: str) -> None:
    with pytest.raises(CalendarError, match="Asia/Shanghai"):
        load_calendar(zone=zone)

"""What the first screens say of rungs, notices, opinions and the rhythm of progress."""

from typing import Any

import pytest

from tests.system.test_today import OVERDUE, said

UNDER_WAY = OVERDUE | {
    "light": "green",
    "due": "2025-05-20T18:00:00+08:00",
    "sheet_no": None,
}


def row(**changes: Any) -> str:
    """Return the line of one matter on the section head's screen."""
    return said("sun.li", OVERDUE | changes)[1]


def rung(sheet: str | None, colour: str, at: str = "2025-05-09T08:30:00+08:00") -> Any:
    return [{"due_at": at, "sheet": sheet, "colour": colour}]


@pytest.mark.parametrize(
    ("rungs", "line"),
    [
        (rung("urging_sheet", "blue"), "明日08:30催办：催办单→县水利局"),
        (rung("supervision_notice", "red"), "明日08:30升级：红色督办通知单→罗海"),
        (rung(None, "red"), "明日08:30升级：红色报告→罗海"),
    ],
)
def test_the_next_rung_says_when_which_sheet_goes_to_whom(rungs: Any, line: str) -> None:
    assert row(rungs=rungs).endswith(line)


@pytest.mark.parametrize("status", ["feedback", "completed"])
def test_no_rung_is_ahead_while_a_result_is_in(status: str) -> None:
    assert "升级" not in row(status=status)


def test_no_rung_is_ahead_before_the_due_date_or_after_the_last_one() -> None:
    assert "升级" not in said("sun.li", UNDER_WAY)[1]
    assert "升级" not in row(rungs=[])


def test_a_notice_takes_the_place_of_the_sheet_before_it() -> None:
    number = {"notice_no": "云政督办〔2025〕4号"}
    assert "督办通知单待发" in row(notice_prepared=True)
    assert "督办通知单4号未签收" in row(**number)
    assert "督办通知单4号已签收" in row(**number, notice_received=True)


def test_what_an_organ_owes_is_known_by_the_opinion_and_waits_for_no_assigning() -> None:
    opinion = UNDER_WAY | {
        "number": "云人常办〔2025〕21号",
        "subject": None,
        "lead": None,
        "co": [],
        "responsible_person": None,
        "addressed_organ": "gov",
        "source_document_no": None,
        "source_no": "云人常办〔2025〕21号",
        "rungs": [],
    }
    lines = said("sun.li", opinion)
    assert "待我交办 0" in lines[0]
    assert lines[1].startswith("● 云人常办〔2025〕21号  承办机关云岭县人民政府")


def test_a_matter_opened_by_hand_waits_under_its_subject() -> None:
    by_hand = UNDER_WAY | {
        "number": None,
        "status": "opened",
        "subject": "审议意见研究处理",
        "source_document_no": None,
    }
    assert said("sun.li", by_hand)[1].startswith("● 待交办 审议意见研究处理")


def test_a_unit_sees_when_its_next_progress_is_due() -> None:
    owed = UNDER_WAY | {"next_feedback": "2025-05-15T18:00:00+08:00"}
    assert "  节点反馈限05-15 18:00" in said("deng.jie", owed)

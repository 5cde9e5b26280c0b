"""The first screens, composed from what the services answer: no server is asked here."""

from datetime import date, datetime
from typing import Any

import pytest

from chassis.calendars import load_calendar
from suite.local import SAMPLE
from suite.organisation import load_people
from suite.reaching import Who
from suite.today import Screen, compose, reads_documents
from suite.today_lines import SHOWN, Lines

PEOPLE = load_people(SAMPLE / "organisation.yaml")
CALENDAR = load_calendar([2025])
NOW = "2025-05-08T08:35:00+08:00"
COUNTED = ["2025-04-27", "2025-04-28", "2025-04-29", "2025-04-30", "2025-05-06"]
RUNG_AT = "2025-05-08T18:00:00+08:00"
NOTICE = {"due_at": RUNG_AT, "sheet": "supervision_notice", "colour": "orange"}
OVERDUE: dict[str, Any] = {
    "matter_id": "8fb12bf7-5f4a-5045-996b-bb596de6993c",
    "organ": "gov",
    "status": "in_progress",
    "light": "red",
    "number": "云政督〔2025〕31号",
    "subject": "水库排查",
    "requirement": "排查结果，单位负责人签字",
    "source_document_id": "386ff6e4-54f5-5e54-9219-30165125f194",
    "source_document_no": "收〔2025〕417号",
    "asked_by": "zhou.zhiyuan",
    "asked_at": "2025-04-25T18:30:00+08:00",
    "addressee": "chen.jianguo",
    "lead": "water",
    "responsible_person": "tang.yong",
    "handler": "gao.yan",
    "assigned_by": "sun.li",
    "co": ["emergency", "qingshi"],
    "received": ["water", "emergency", "qingshi"],
    "start": "2025-04-25",
    "counted": COUNTED,
    "rule": "P-WD",
    "due": "2025-05-06T18:00:00+08:00",
    "outside_due": "2025-05-09T18:00:00+08:00",
    "lead_time_work_days": 3,
    "assign_due": "2025-04-25T19:42:00+08:00",
    "sheet_no": "云政督催〔2025〕9号",
    "sheet_prepared": False,
    "sheet_received": True,
    "urged": 2,
    "rungs": [NOTICE],
    **dict.fromkeys(["source_no", "addressed_organ", "notice_no", "next_feedback"]),
    **dict.fromkeys(["notice_prepared", "notice_received"], False),
    "feedback_waiting": None,
    "late_work_days": None,
    "closed_at": None,
}
DOCUMENTS: dict[str, Any] = {
    "now": NOW,
    "to_register": 0,
    "to_instruct": 0,
    "to_file": 0,
    "to_sign": 0,
    "to_issue": 0,
    "answers_owed": [
        {
            "document_id": "386ff6e4-54f5-5e54-9219-30165125f194",
            "receipt_no": "收〔2025〕417号",
            "sender": "华州市人民政府办公室",
            "title": "紧急通知",
            "outside_due": "2025-05-09T18:00:00+08:00",
            "work_days_left": 1,
        }
    ],
}


def screens(
    person: str, *rows: dict[str, Any], closed: list[dict[str, Any]] | None = None
) -> list[Screen]:
    found = PEOPLE.people[person]
    who = Who(person, found.name, found.unit, found.roles)
    matters = {"now": NOW, "open": rows, "closed_this_week": closed or []}
    documents = DOCUMENTS if reads_documents(who) else None
    return compose(who, matters, documents, PEOPLE, CALENDAR)


def said(
    person: str,
    *rows: dict[str, Any],
    language: str = "zh",
    closed: list[dict[str, Any]] | None = None,
) -> list[str]:
    words = Lines(PEOPLE, CALENDAR, language)
    return [
        line.text
        for screen in screens(person, *rows, closed=closed)
        for line in words.lines(screen)
    ]


def test_the_clerk_sees_what_waits_and_the_answer_that_is_due_next() -> None:
    assert said("li.juan", OVERDUE) == [
        "待签收 0   待登记 0   待分办 0   待录批示 0   待核发 0   待归档 0",
        (
            "最急： ● 收〔2025〕417号 答复华州市人民政府办公室   明日18:00到期（剩1个工作日）"
            "   在：县水利局 已逾期"
        ),
    ]


def test_the_section_head_sees_every_matter_red_first() -> None:
    green = OVERDUE | {
        "number": "云政督〔2025〕30号",
        "subject": "防汛",
        "light": "green",
        "due": "2025-05-20T18:00:00+08:00",
        "sheet_no": None,
    }
    assert said("sun.li", green, OVERDUE) == [
        "督办在办 2   红 1  黄 0  绿 1   待我审核 0   待我交办 0",
        (
            "● 云政督〔2025〕31号 水库排查  主办县水利局 唐勇  限05-06  已逾期2个工作日"
            "  催办单9号已签收  今日18:00升级：督办通知单→罗海"
        ),
        "● 云政督〔2025〕30号 防汛      主办县水利局 唐勇  限05-20  办理中",
        "科内：王磊 在办2 超期1",
    ]


@pytest.mark.parametrize(
    ("change", "state"),
    [
        ({"status": "feedback"}, "已报待审核"),
        ({"status": "completed"}, "已办结待销号"),
        ({"status": "assigned", "due": "2025-05-09T18:00:00+08:00"}, "待签收"),
        ({"light": "yellow", "due": "2025-05-09T18:00:00+08:00"}, "临期"),
        ({"due": "2025-05-08T08:00:00+08:00"}, "已逾期"),
    ],
)
def test_a_matter_s_state_is_said_in_one_word(change: dict[str, Any], state: str) -> None:
    assert f"  {state}  " in said("wang.lei", OVERDUE | change)[1]


def test_what_is_reported_is_overdue_no_more() -> None:
    (screen,) = screens("sun.li", OVERDUE | {"status": "feedback"})
    assert screen.counts["to_review"] == 1
    assert screen.officers == {"wang.lei": (1, 0)}


def test_what_is_not_assigned_yet_waits_for_the_section_head() -> None:
    opened = OVERDUE | {"status": "opened", "number": None, "subject": None}
    lines = said("sun.li", opened)
    assert "待我交办 1" in lines[0]
    assert "● 待交办（来源收〔2025〕417号）" in lines[1]


def test_the_leader_sees_what_became_of_their_instructions() -> None:
    assert said("zhou.zhiyuan", OVERDUE) == [
        "您的批示：在办1  超期1  本周销号0",
        (
            "● 水库排查（您4月25日批示）  县水利局 罗海  逾期2个工作日  原因：未报"
            "   华州市人民政府办公室5月9日18时要结果，剩1个工作日"
        ),
        "待您签批 0",
    ]


def test_what_was_closed_this_week_is_named() -> None:
    closed = OVERDUE | {"status": "closed", "closed_at": "2025-05-06T08:45:00+08:00"}
    first = said("zhou.zhiyuan", closed=[closed])[0]
    assert first == "您的批示：在办0  超期0  本周销号1（水库排查，05-06）"


def test_an_aide_reads_the_same_for_each_leader_they_serve() -> None:
    lines = said("fan.lin", OVERDUE)
    assert lines[0] == "周志远：您的批示：在办1  超期1  本周销号0"
    assert "（您4月25日批示）" in lines[1]
    assert lines[3] == "陈建国：您的批示：在办1  超期1  本周销号0"
    assert "（周志远4月25日批示）" in lines[4]


def test_another_department_sees_the_arithmetic_and_the_call_that_answers() -> None:
    assert said("deng.jie", OVERDUE) == [
        "我单位：待签收 0   在办 1   超期 1",
        (
            "● 云政督〔2025〕31号  主办  限05-06 18:00 = 4月25日+5个工作日"
            "（4/27班 4/28 4/29 4/30 5/6；五一休5天）  交办人 孙立"
        ),
        (
            "  须报：排查结果，单位负责人签字  →  shuniu feedback give 云政督〔2025〕31号"
            " --file 结果.docx --signed-by luo.hai --as deng.jie"
        ),
    ]


def test_a_handler_is_told_who_may_hand_the_result_in() -> None:
    assert said("gao.yan", OVERDUE)[2].endswith("--signed-by luo.hai --as deng.jie")


def test_a_unit_receives_before_it_does_anything_else() -> None:
    fresh = OVERDUE | {"status": "assigned", "received": [], "sheet_no": None}
    lines = said("shen.fang", fresh)
    assert lines[0] == "我单位：待签收 1   在办 0   超期 0"
    call = "shuniu act receive_matter -w matter=云政督〔2025〕31号 --as shen.fang"
    assert lines[2] == f"  请签收  →  {call}"


def test_a_unit_does_not_see_what_was_not_assigned_to_it_yet() -> None:
    assert said("deng.jie", OVERDUE | {"status": "opened", "number": None}) == [
        "我单位：待签收 0   在办 0   超期 0"
    ]


def test_every_screen_can_be_read_in_english() -> None:
    for person in ("li.juan", "sun.li", "zhou.zhiyuan", "fan.lin", "deng.jie"):
        text = "\n".join(said(person, OVERDUE, language="en"))
        for word in ("待", "在办", "逾期", "批示", "主办", "工作日"):
            assert word not in text, f"{person}: {text}"


def test_a_long_list_says_how_much_more_there_is() -> None:
    lines = said("wang.lei", *[OVERDUE] * (SHOWN + 3))
    assert lines[-1] == "  …另有3件"


@pytest.mark.parametrize(
    ("day", "kind"),
    [
        (date(2025, 4, 27), "班（补班工作日）"),
        (date(2025, 5, 1), "休息日（劳动节）"),
        (date(2025, 5, 10), "休息日"),
        (date(2025, 5, 8), "工作日"),
    ],
)
def test_the_heading_says_what_day_it_is(day: date, kind: str) -> None:
    (screen,) = screens("li.juan")
    moment = datetime(day.year, day.month, day.day, 9, tzinfo=CALENDAR.zone)
    today = Screen(kind="clerk", reader=screen.reader, now=moment, counts={})
    heading = Lines(PEOPLE, CALENDAR, "zh").heading(today).text
    assert heading.startswith(f"今天 {day.month}月{day.day}日 周")
    assert f" {kind} " in heading
    assert heading.endswith("李娟 文电科")

"""An opinion becomes a matter on the government, its child a bureau's: over doors and the log."""

import json
from datetime import datetime
from typing import Any
from uuid import uuid4

import pytest
import pytest_asyncio
from google.protobuf.message import Message

from chassis.store.cause import derived_id
from shuniu.meetings.v1.events_pb2 import (
    DeliberationOpinionHandedOver,
    HandlingReportDelivered,
    SatisfactionOutcome,
    SatisfactionVoted,
)
from tests.support.office import open_series
from tests.support.suite import Suite, expect_problem

pytestmark = pytest.mark.asyncio(loop_scope="module")

MATTERS = "/supervision/v1/matters"
PUBLISH = "select log.publish_v1($1, $2, $3, $4, $5::jsonb[])"
OPINION, STORY = uuid4(), uuid4()
PARENT = str(derived_id("matter", str(OPINION)))
OPINION_NO = "云人常办〔2025〕21号"


async def told(suite: Suite, message: Message, at: str) -> str:
    """Let meetings tell *message* at that moment; return the event's id."""
    await moved(suite, at)
    event_id = str(uuid4())
    named = {
        "ce_specversion": "1.0",
        "ce_id": event_id,
        "ce_source": "/shuniu/local/meetings",
        "ce_type": message.DESCRIPTOR.full_name,
        "ce_subject": str(OPINION),
        "ce_time": f"2025-{at}:00+08:00",
        "ce_correlationid": str(STORY),
    }
    topic, key = "public.meetings.opinion.v1", str(OPINION).encode()
    given = ([topic], [0], [key], [message.SerializeToString()], [json.dumps(named)])
    await suite.rows("log", PUBLISH, *given)
    await suite.settled()
    return event_id


async def moved(suite: Suite, at: str) -> None:
    await suite.clock.move(datetime.fromisoformat(f"2025-{at}:00+08:00"))
    await suite.settled()


async def seen(suite: Suite, matter: str, person: str = "sun.li") -> dict[str, Any]:
    answer = await suite.as_(person).get(f"{MATTERS}/{matter}")
    assert answer.status_code == 200, answer.text
    return dict(answer.json())


async def reported(suite: Suite, matter: str) -> str:
    """Let the bureau report its result; return the path of that feedback."""
    result = {"kind": "final", "summary": "已处理", "signed_by": "luo.hai"}
    path = f"{MATTERS}/{matter}/feedback"
    await suite.done("deng.jie", path, result)
    return f"{path}/{(await seen(suite, matter))['feedback'][-1]['feedback_id']}"


def stamped(message: Any, **moments: str) -> Any:
    for field, moment in moments.items():
        getattr(message, field).FromJsonString(f"2025-{moment}:00+08:00")
    return message


def by_hand(**changes: Any) -> dict[str, Any]:
    return {
        "asked_by": "zhou.zhiyuan",
        "subject": "审议意见研究处理",
        "lead": "water",
        "co": ["finance", "qingshi"],
        "due": "2025-08-29",
        "parent_id": PARENT,
        "rhythm": {"monthly_day": 25},
    } | changes


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def child(suite: Suite) -> str:
    """Hand the opinion over, open M-2 under C-1, assign it; return its id."""
    await open_series(suite, "supervision", "云政督", 31)
    await open_series(suite, "supervision", "云政督办", 3)
    await open_series(suite, "supervision", "云政督催", 8)
    handed = DeliberationOpinionHandedOver(
        opinion_id=str(OPINION),
        organ="npc",
        number=OPINION_NO,
        addressed_organ="gov",
        handed_over_by="xu.hui",
        due_statutory_last_day="2025-09-27",
    )
    dates = {"due": "09-28T18:00", "comment_due": "09-12T18:00"}
    event_id = await told(
        suite, stamped(handed, handed_over_at="06-27T10:00", **dates), "06-27T10:00"
    )
    stored = await suite.rows(
        "supervision",
        "select meta from store.event where stream_id = $1",
        f"matter-{PARENT}",
    )
    assert json.loads(bytes(stored[0]["meta"]))["causation_id"] == event_id
    await moved(suite, "06-27T16:00")
    opened = await suite.done("sun.li", MATTERS, by_hand())
    matter = str(opened["id"])
    body = {
        "mark": "云政督",
        "subject": "审议意见研究处理",
        "requirement": "逐条研究处理",
        "lead": "water",
        "responsible_person": "tang.yong",
        "co": ["finance", "qingshi"],
    }
    done = await suite.done("sun.li", f"{MATTERS}/{matter}/assignment", body)
    assert done["number"] == "云政督〔2025〕32号"
    await suite.done("deng.jie", f"{MATTERS}/{matter}/receipts")
    await suite.settled()
    return matter


async def test_the_opinion_opens_a_matter_that_both_organs_see(
    suite: Suite, child: str
) -> None:
    parent = await seen(suite, PARENT)
    assert (parent["number"], parent["addressed_organ"]) == (OPINION_NO, "gov")
    assert parent["children"][0]["matter_id"] == child
    assert parent["correlation_id"] == str(STORY)
    assert parent["near"] == "2025-09-24T00:30:00Z"
    for person in ("sun.li", "han.bing"):
        found = await suite.as_(person).get(MATTERS, params={"number": OPINION_NO})
        (row,) = found.json()["items"]
        assert (row["status"], row["children"]) == ("in_progress", [child])
    assert (await suite.as_("deng.jie").get(f"{MATTERS}/{PARENT}")).status_code == 403


async def test_the_child_continues_the_story_and_names_the_last_event_of_its_parent(
    suite: Suite, child: str
) -> None:
    assert (await seen(suite, child))["correlation_id"] == str(STORY)
    rows = await suite.rows(
        "supervision",
        "select event_id, meta from store.event where stream_id = any($1) "
        "and type = 'matter.Opened' order by position",
        [f"matter-{PARENT}", f"matter-{child}"],
    )
    cause = json.loads(bytes(rows[1]["meta"]))["causation_id"]
    assert cause == str(rows[0]["event_id"])


@pytest.mark.parametrize(
    ("change", "rule"),
    [
        ({"due": "2025-09-15"}, "no_child_due_after_the_comment_step"),
        ({"due": "2025-06-01"}, "due_in_the_past"),
        ({"co": ["water"]}, "unit_twice"),
        ({"rhythm": {}}, "rhythm_unclear"),
    ],
)
async def test_an_order_that_cannot_be_is_refused_and_leaves_nothing(
    suite: Suite, child: str, change: Any, rule: str
) -> None:
    answer = await suite.do("sun.li", MATTERS, by_hand(**change))
    assert expect_problem(answer, 409, "refused")["rule"] == rule
    assert len((await seen(suite, PARENT))["children"]) == 1, child


async def test_who_may_not_open_by_hand_and_what_is_no_date(
    suite: Suite, child: str
) -> None:
    for person in ("deng.jie", "liu.min", "ding.qian"):
        expect_problem(await suite.do(person, MATTERS, by_hand()), 403, "denied")
    for due in ("29/08/2025", "2025-02-30", 20250829, None):
        answer = await suite.do("sun.li", MATTERS, by_hand(due=due))
        expect_problem(answer, 422, "invalid")
    lost = await suite.do("sun.li", MATTERS, by_hand(parent_id=str(uuid4())))
    expect_problem(lost, 404, "not-found")
    assert child


async def test_the_chain_from_missing_progress_to_the_vote(
    suite: Suite, child: str
) -> None:
    await moved(suite, "07-25T18:00")
    await moved(suite, "08-26T10:15")
    detail = await seen(suite, child)
    assert [each["period"] for each in detail["feedback_late"]] == ["2025-07", "2025-08"]
    assert [each["means"] for each in detail["urgings"]] == ["automatic", "automatic"]
    assert detail["light"] == "yellow"
    news = {"kind": "progress", "summary": "已完成", "signed_by": "deng.jie"}
    await suite.done("deng.jie", f"{MATTERS}/{child}/feedback", news)
    detail = await seen(suite, child)
    last = detail["feedback"][-1]
    assert (last["late_work_days"], detail["next_feedback"]) == (1, None)

    await moved(suite, "09-02T18:00")  # two working days after 08-29
    detail = await seen(suite, child)
    assert [each["rung"] for each in detail["escalations"]] == ["supervision_notice"]
    path = f"{MATTERS}/{child}/supervision-notices"
    wrong = await suite.do("sun.li", path, {"mark": "云政督办", "unit_head": "deng.jie"})
    assert expect_problem(wrong, 409, "refused")["rule"] == "notice_to_unit_head"
    body = {"mark": "云政督办", "unit_head": "luo.hai"}
    notice = {"sheet_no": (await suite.done("sun.li", path, body))["number"]}
    assert notice == {"sheet_no": "云政督办〔2025〕4号"}
    refused = await suite.do("deng.jie", f"{path}/receipt", notice)
    assert expect_problem(refused, 409, "refused")["rule"] == "notice_in_person"
    await suite.done("luo.hai", f"{path}/receipt", notice)

    feedback = await reported(suite, child)
    reasons = {"reasons": "缺逐库清单"}
    await suite.done("sun.li", f"{feedback}/sending-back", reasons)
    accepted = await suite.do("sun.li", f"{feedback}/acceptance")
    assert expect_problem(accepted, 409, "refused")["rule"] == "already_sent_back"

    report = HandlingReportDelivered(
        opinion_id=str(OPINION), organ="npc", number=OPINION_NO, doc_no="云政函〔2025〕34号"
    )
    await told(suite, stamped(report, delivered_at="09-03T09:00"), "09-03T09:00")
    assert not (await seen(suite, PARENT))["completed"]
    feedback = await reported(suite, child)
    await suite.done("sun.li", f"{feedback}/acceptance")
    await suite.settled()
    parent = await seen(suite, PARENT)
    assert (parent["completed"], parent["report_no"]) == (True, "云政函〔2025〕34号")
    vote = SatisfactionVoted(
        opinion_id=str(OPINION),
        organ="npc",
        number=OPINION_NO,
        meeting_id=str(uuid4()),
        outcome=SatisfactionOutcome.SATISFACTION_OUTCOME_SATISFIED,
    )
    await told(suite, stamped(vote, voted_at="10-17T10:30"), "10-17T10:30")
    assert (await seen(suite, PARENT, "han.bing"))["closed"]
    early = await suite.do("sun.li", f"{MATTERS}/{child}/closure")
    assert expect_problem(early, 409, "refused")["rule"] == "result_not_seen"
    praise = {"given_by": "zhou.zhiyuan", "commended": True}
    await suite.done("li.juan", f"{MATTERS}/{child}/result-seen", praise)
    await suite.done("sun.li", f"{MATTERS}/{child}/closure")
    detail = await seen(suite, child)
    assert detail["results_seen"][0]["commended"]
    assert (detail["closed"], detail["light"]) == (True, "red")

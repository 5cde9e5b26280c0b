"""A matter becomes an agenda item, the item an opinion, the opinion a report: by the real doors."""

from typing import Any

import pytest

from suite.client import Client, RefusedCallError
from suite.issuer import OPERATOR
from tests.support.meeting_story import ITEM, LATER, MEETING, RESOLUTION, SUBMISSION, Story
from tests.support.office import assigned, matter_of, open_series, registered
from tests.support.suite import Suite

pytestmark = pytest.mark.asyncio(loop_scope="module")


async def told(suite: Suite, category: str) -> list[str]:
    rows = await suite.rows(
        "meetings",
        "select type from store.event where stream_id like $1 || '-%' order by position",
        category,
    )
    return [row["type"].partition(".")[2] for row in rows]


async def alerted(suite: Suite, rule: str) -> list[str]:
    rows = await suite.rows(
        "notifier",
        "select m.subscriber from notifier.mailbox m join notifier.alert a using (alert_id) "
        "where a.rule = $1 order by m.subscriber",
        rule,
    )
    return [row["subscriber"] for row in rows]


async def test_the_problem_becomes_an_item_an_opinion_and_a_report(suite: Suite) -> None:
    async with Client(suite.url, suite.token) as client:
        story = Story(suite, client)
        number, began = await prompted(story)
        await submitted(story, number, began)
        await delivered(story)
        await noticed(story)
        await deliberated(story)
        opinion = await handed_over(story, began)
        await reported(story, opinion)
        await judged(story, opinion["number"])
        assert "StepOverdue" not in " ".join(await told(suite, "opinion"))
        assert (await told(suite, "agenda_item")).count("MaterialLate") == 1
        assert "NoticeOverdue" not in await told(suite, "meeting")
        assert await alerted(suite, "N-ITEM-RESCHEDULED") == []


async def prompted(story: Story) -> tuple[str, str]:
    """Let a leader's instruction become a matter; return its number and its story."""
    suite = story.suite
    for mark in ("收", "云政督"):
        await open_series(suite, "documents" if mark == "收" else "supervision", mark)
    series = {"organ": "npc", "mark": "云人常办", "year": 2025, "last": 20}
    await suite.done(OPERATOR, "/meetings/v1/series", series)
    matter = await matter_of(suite, await registered(suite))
    number = await assigned(suite, matter)
    await suite.settled()
    chain = await story.client.get("sun.li", f"/supervision/v1/matters/{matter}")
    return number, chain["correlation_id"]


async def submitted(story: Story, number: str, began: str) -> None:
    """Put it forward because of the matter, in the story of the matter."""
    await story.at("05-15 15:00")
    planned = {"meeting_body": "npc.standing_committee", "ordinal": 27, "day": "2025-06-20"}
    await story.do("ding.qian", "plan_meeting", **planned)
    with pytest.raises(RefusedCallError, match="unknown_matter"):
        await story.do("ding.qian", "submit_agenda_item", **SUBMISSION, prompted_by="九号")
    await story.do("ding.qian", "submit_agenda_item", **SUBMISSION, prompted_by=number)
    resolution = SUBMISSION | {"kind": "resolution", "title": RESOLUTION, "without": []}
    await story.do("ding.qian", "submit_agenda_item", **resolution)
    for title in (ITEM, RESOLUTION):
        await story.do("ding.qian", "accept_agenda_item", item=title, meeting=MEETING)
    item = await story.item("liu.min")
    assert item["correlation_id"] == began
    assert [stage["stage"] for stage in item["stages"]] == [
        "draft_for_comment",
        "revised",
        "to_members",
    ]
    assert item["stages"][0]["statutory_last_day"] == "2025-05-31"
    assert item["stages"][0]["due"] == "2025-05-30T10:00:00Z"
    assert item["stages"][0]["near"] == "2025-05-27T00:30:00Z"


async def delivered(story: Story) -> None:
    """Deliver the draft three days after the law's day, and the revised report in time."""
    await story.at("05-27 08:30")
    assert (await story.stage("draft_for_comment"))["status"] == "near"
    await story.at("05-30 18:00")
    assert (await story.stage("draft_for_comment"))["status"] == "late"
    await story.at("06-01 00:00")
    assert (await story.stage("draft_for_comment"))["statutory_missed"]
    await story.at("06-03 10:30")
    draft = {"item": ITEM, "stage": "draft_for_comment"}
    await story.do("liu.min", "deliver_material", **draft)
    stage = await story.stage("draft_for_comment")
    assert (stage["late_work_days"], stage["days_after_statutory"]) == (1, 3)
    with pytest.raises(RefusedCallError, match="late_material_not_accepted"):
        await story.do("cao.wei", "review_material", **draft, comments=7)
    with pytest.raises(RefusedCallError, match="law_stage_never_waived"):
        await story.do("xu.hui", "waive_material", **draft, reason="来不及")
    await story.do("xu.hui", "accept_late_material", **draft, reason="汛情紧急")
    await story.at("06-05 17:00")
    await story.do("cao.wei", "review_material", **draft, comments=7)
    await story.at("06-10 16:20")
    revised = {"item": ITEM, "stage": "revised", "doc_no": "云政函〔2025〕33号"}
    await story.do("liu.min", "deliver_material", **revised)
    assert (await story.stage("revised"))["late"] is False


async def noticed(story: Story) -> None:
    """Send notice and papers seven days before."""
    await story.at("06-13 11:00")
    await story.do("ding.qian", "send_notice", meeting=MEETING)
    await story.do("ding.qian", "deliver_material", item=ITEM, stage="to_members")
    await story.do("ding.qian", "deliver_material", item=RESOLUTION, stage="to_members")
    await story.do("ding.qian", "record_receipts", meeting=MEETING, receipts=26)
    phone = {"meeting": MEETING, "receipts": 1, "by_phone": True}
    await story.do("ding.qian", "record_receipts", **phone)


async def deliberated(story: Story) -> None:
    """Hold the meeting; it cannot close while an item has no outcome."""
    await story.at("06-20 09:00")
    attendance = {"meeting": MEETING, "present": 24, "leave": 2, "absent": 1}
    await story.do("ding.qian", "hold_meeting", **attendance)
    vote = {"outcome": "adopted", "votes_for": 23, "abstentions": 1}
    await story.do("ding.qian", "record_outcome", meeting=MEETING, item=RESOLUTION, **vote)
    await story.at("06-20 11:25")
    with pytest.raises(RefusedCallError, match=ITEM):
        await story.do("ding.qian", "close_meeting", meeting=MEETING)
    await story.at("06-20 11:32")
    heard = {"meeting": MEETING, "item": ITEM, "outcome": "deliberated", "speeches": 14}
    await story.do("ding.qian", "record_outcome", **heard)
    await story.do("ding.qian", "close_meeting", meeting=MEETING)
    found = await story.client.get("ding.qian", "/meetings/v1/opinions", name=ITEM)
    opinion = found["items"][0]
    assert opinion["draft_due"] == "2025-06-25T10:00:00Z"
    assert opinion["hand_over_due"] == "2025-06-27T10:00:00Z"


async def handed_over(story: Story, began: str) -> Any:
    """Compile, pass and hand over; return the opinion as the government's office sees it."""
    await story.at("06-25 15:00")
    await story.do("cao.wei", "draft_opinion", opinion=ITEM, text="一要健全台账。")
    await story.at("06-26 15:00")
    passing = {"opinion": ITEM, "meeting_body": "npc.chairpersons", "ordinal": 62}
    await story.do("ding.qian", "pass_opinion", **passing)
    await story.at("06-27 10:00")
    handed = await story.do("han.bing", "hand_over_opinion", opinion=ITEM, mark="云人常办")
    assert handed["number"] == "云人常办〔2025〕21号"
    name = handed["number"]
    found = await story.client.get("liu.min", "/meetings/v1/opinions", name=name)
    opinion = found["items"][0]
    assert opinion["due"] == "2025-09-28T10:00:00Z"
    assert opinion["due_statutory_last_day"] == "2025-09-27"
    assert opinion["comment_due"] == "2025-09-12T10:00:00Z"
    assert opinion["passed_meeting"] == "第六十二次主任会议"
    path = f"/meetings/v1/opinions/{opinion['opinion_id']}"
    detail = await story.client.get("liu.min", path)
    assert detail["correlation_id"] == began
    return opinion


async def reported(story: Story, opinion: Any) -> None:
    """Send the draft for comment, then the report, five days early."""
    name = opinion["number"]
    await story.at("09-10 09:30")
    await story.do("liu.min", "draft_handling_report", opinion=name)
    await story.at("09-16 10:00")
    await story.do("cao.wei", "comment_handling_report", opinion=name, comments=1)
    await story.at("09-23 15:30")
    report = {"opinion": name, "doc_no": "云政函〔2025〕34号"}
    await story.do("liu.min", "deliver_handling_report", **report)
    path = f"/meetings/v1/opinions/{opinion['opinion_id']}"
    detail = await story.client.get("han.bing", path)
    assert detail["report_delivered"]["days_early"] == 5


async def judged(story: Story, name: str) -> None:
    """Let the members judge at a meeting that was held."""
    planned = {"meeting_body": "npc.standing_committee", "ordinal": 29, "day": "2025-10-17"}
    await story.do("ding.qian", "plan_meeting", **planned)
    await story.at("10-10 10:00")
    await story.do("ding.qian", "send_notice", meeting=LATER)
    await story.at("10-17 10:30")
    votes = {"satisfied": 17, "basically_satisfied": 7, "dissatisfied": 1}
    voting: dict[str, Any] = {"opinion": name, "meeting": LATER, **votes}
    with pytest.raises(RefusedCallError, match="vote_at_a_meeting"):
        await story.do("ding.qian", "record_satisfaction_vote", **voting)
    await story.do("ding.qian", "hold_meeting", meeting=LATER, present=25, leave=2)
    await story.do("ding.qian", "record_satisfaction_vote", **voting)
    found = await story.client.get("liu.min", "/meetings/v1/opinions", name=name)
    assert found["items"][0]["outcome"] == "satisfied"


async def test_a_meeting_that_moves_takes_its_items_with_it(suite: Suite) -> None:
    async with Client(suite.url, suite.token) as client:
        story = Story(suite, client)
        await story.at("11-03 09:00")
        planned = {
            "meeting_body": "npc.standing_committee",
            "ordinal": 30,
            "day": "2025-11-28",
        }
        await story.do("ding.qian", "plan_meeting", **planned)
        titled = {"kind": "general", "title": "代表工作安排", "without": []}
        await story.do("ding.qian", "submit_agenda_item", **SUBMISSION | titled)
        item, meeting = titled["title"], "第三十次常委会会议"
        await story.do("ding.qian", "accept_agenda_item", item=item, meeting=meeting)
        assert [
            stage["due"] for stage in (await story.item("ding.qian", str(item)))["stages"]
        ] == ["2025-11-21T10:00:00Z"]
        moving = {"meeting": meeting, "day": "2025-12-05", "reason": "与上级会议冲突"}
        await story.do("ding.qian", "reschedule_meeting", **moving)
        assert await alerted(suite, "N-ITEM-RESCHEDULED") == ["liu.min"]
        moved = await story.item("ding.qian", str(item))
        assert moved["day"] == "2025-12-05"
        assert [stage["due"] for stage in moved["stages"]] == ["2025-11-28T10:00:00Z"]
        await story.at("11-21 18:00")
        assert (await story.item("ding.qian", str(item)))["stages"][0]["status"] == "open"
        assert "NoticeOverdue" not in await told(suite, "meeting")
        await story.at("11-28 18:00")
        late = await client.get("ding.qian", "/meetings/v1/late-materials")
        assert late["items"][-1]["title"] == item
        assert (await told(suite, "meeting")).count("NoticeOverdue") == 1
        assert await alerted(suite, "N-NOTICE-OVERDUE") == ["ding.qian", "han.bing"]
        unsent = await client.get("ding.qian", "/meetings/v1/meetings", name=meeting)
        assert unsent["items"][0]["notice_late"]
        refused = SUBMISSION | {"title": "不属职权的议题"}
        await story.do("ding.qian", "submit_agenda_item", **refused)
        because = {"item": refused["title"], "reason": "不属本会议体职权"}
        await story.do("ding.qian", "refuse_agenda_item", **because)

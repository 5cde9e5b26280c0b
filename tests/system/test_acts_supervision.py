"""The acts of supervision do at the doors what they are named for."""

from collections.abc import Mapping
from datetime import date, datetime
from typing import Any
from uuid import uuid4

import pytest

from suite.acts import Desk, UnknownActError
from suite.acts.supervision import ACTS
from suite.client import Client, RefusedCallError
from suite.organisation import load_people
from tests.support.office import open_series
from tests.support.suite import ORGANISATION, Suite

pytestmark = pytest.mark.asyncio(loop_scope="module")

SUBJECT, NUMBER = "病险水库除险加固", "云政督〔2025〕31号"
MATTER = {"matter": NUMBER}


class Story:
    """Acts of a suite at moments of the scenario."""

    def __init__(self, suite: Suite, client: Client) -> None:
        self.suite = suite
        self.client = client
        self.desk = Desk(client, load_people(ORGANISATION))

    async def at(self, text: str) -> None:
        """Move business time, with whatever falls due before it."""
        await self.suite.clock.move(datetime.fromisoformat(f"2025-{text}+08:00"))
        await self.suite.settled()

    async def do(self, person: str, act: str, **given: Any) -> Mapping[str, Any]:
        """Do an act, and let everything that follows from it happen."""
        done = await ACTS[act](self.desk, person, given, str(uuid4()))
        await self.suite.settled()
        return done

    async def detail(self) -> Any:
        """Read the matter."""
        matter = await self.desk.matter("sun.li", NUMBER)
        return await self.client.get("sun.li", f"/supervision/v1/matters/{matter}")


async def test_a_matter_from_a_leaders_order_to_its_commendation(suite: Suite) -> None:
    for mark, last in (("云政督", 30), ("云政督办", 3)):
        await open_series(suite, "supervision", mark, last)
    async with Client(suite.url, suite.token) as client:
        story = Story(suite, client)
        await story.at("04-25 18:40")
        await story.do(
            "sun.li",
            "open_by_hand",
            on_behalf_of="zhou.zhiyuan",
            subject=SUBJECT,
            lead="县水利局",
            co=["青石镇人民政府"],
            due=date(2025, 5, 6),
        )
        with pytest.raises(RefusedCallError, match=r"2025-05-06 18:00"):
            await story.do(
                "sun.li",
                "open_by_hand",
                asked_by="zhou.zhiyuan",
                subject="子事项",
                lead="县水利局",
                due="2025-05-07",
                parent=SUBJECT,
            )
        done = await story.do(
            "sun.li",
            "assign_matter",
            matter=SUBJECT,
            mark="云政督",
            subject=SUBJECT,
            requirement="清单",
            lead="县水利局",
            responsible_person="tang.yong",
        )
        assert done["number"] == NUMBER
        await story.do("deng.jie", "receive_matter", **MATTER)
        with pytest.raises(UnknownActError, match="no result"):
            await story.do("sun.li", "send_back_feedback", **MATTER, reasons="缺清单")
        await story.at("05-08 18:10")
        notice = await story.do(
            "sun.li",
            "issue_supervision_notice",
            **MATTER,
            mark="云政督办",
        )
        sheet = {"sheet_no": notice["number"]}
        await story.do("luo.hai", "receive_supervision_notice", **MATTER, **sheet)
        result = {"kind": "final", "summary": "已排查", "signed_by": "luo.hai"}
        await story.at("05-08 20:10")
        await story.do("deng.jie", "give_feedback", **MATTER, **result)
        await story.at("05-09 09:30")
        await story.do("sun.li", "send_back_feedback", **MATTER, reasons="缺逐库时限")
        await story.at("05-09 14:20")
        await story.do("deng.jie", "give_feedback", **MATTER, **result)
        await story.do("sun.li", "accept_feedback", **MATTER)
        await story.do(
            "li.juan",
            "record_result_seen",
            **MATTER,
            on_behalf_of="zhou.zhiyuan",
            commended=True,
        )
        await story.do("sun.li", "close_matter", **MATTER)
        detail = await story.detail()
    assert (detail["late_work_days"], detail["closed"]) == (3, True)
    assert [light["light"] for light in detail["lights"]] == ["green", "yellow", "red"]
    assert [sent["times"] for sent in detail["sent_back"]] == [1]
    assert detail["notice_receipts"][0]["received_by"] == "luo.hai"
    assert detail["results_seen"][0]["recorded_by"] == "li.juan"

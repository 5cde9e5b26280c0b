"""The acts of meetings at moments of the scenario, by the doors of a running suite."""

from datetime import datetime
from typing import Any
from uuid import uuid4

from suite.acts import Desk
from suite.acts.meetings import ACTS
from suite.client import Client
from suite.organisation import load_people
from tests.support.suite import ORGANISATION, Suite

MEETING, LATER = "第二十七次常委会会议", "第二十九次常委会会议"
ITEM, RESOLUTION = "水库安全管理情况", "关于批准2024年县级决算的决议"
SUBMISSION: dict[str, Any] = {
    "meeting_body": "npc.standing_committee",
    "kind": "special_work_report",
    "title": ITEM,
    "reporting_organ": "gov",
    "reporting_unit": "县政府办公室",
    "office": "常委会办公室",
    "reviewing_committee": "农业农村工委",
    "without": ["collected_opinions"],
}


class Story:
    """Acts of a suite at moments of the scenario."""

    def __init__(self, suite: Suite, client: Client) -> None:
        self.suite = suite
        self.client = client
        self.desk = Desk(client, load_people(ORGANISATION))

    async def at(self, text: str) -> None:
        """Move business time to "06-20 09:00", with whatever falls due before it."""
        moment = datetime.fromisoformat(f"2025-{text}+08:00")
        await self.suite.clock.move(moment)
        for running in self.suite.hosted.running.values():
            if running.parts.tailer is not None:
                await running.parts.tailer.nudge()
        await self.suite.settled()

    async def do(self, person: str, act: str, **given: Any) -> Any:
        """Do an act, and let everything that follows from it happen."""
        done = await ACTS[act](self.desk, person, given, str(uuid4()))
        await self.suite.settled()
        return done

    async def item(self, person: str, title: str = ITEM) -> Any:
        """Read an agenda item."""
        found = await self.client.get(person, "/meetings/v1/agenda-items", title=title)
        item_id = found["items"][0]["agenda_item_id"]
        return await self.client.get(person, f"/meetings/v1/agenda-items/{item_id}")

    async def stage(self, name: str) -> Any:
        """Read one stage of the item."""
        item = await self.item("ding.qian")
        return next(stage for stage in item["stages"] if stage["stage"] == name)

"""What a test's story begins with: a document received, registered, instructed on, assigned."""

from typing import Any
from uuid import UUID

from suite.issuer import OPERATOR
from tests.support.suite import Suite

DRAFT = {
    "doc_type": "letter",
    "direction": "level",
    "title": "关于报送排查情况的函",
    "main_to": ["华州市人民政府"],
}
RECEIPT = {
    "medium": "telegram",
    "sender": "华州市人民政府办公室",
    "sender_doc_no": "华政办明电〔2025〕18号",
    "title": "关于切实做好水库安全隐患排查整治工作的紧急通知",
    "urgency": "extra_urgent",
    "outside_due": "2025-05-09T18:00:00+08:00",
}


async def open_series(suite: Suite, service: str, mark: str, last: int = 0) -> None:
    """Open a series of the government's for 2025."""
    body = {"organ": "gov", "mark": mark, "year": 2025, "last": last}
    await suite.done(OPERATOR, f"/{service}/v1/series", body)


async def received(suite: Suite, **changes: Any) -> str:
    """Let the clerk receive a document; return its id."""
    answer = await suite.done("li.juan", "/documents/v1/incoming", RECEIPT | changes)
    return str(answer["id"])


async def registered(suite: Suite, **changes: Any) -> str:
    """Receive a document and register it under 收; return its id."""
    document = await received(suite, **changes)
    body = {"mark": "收", "route": "for_action"}
    await suite.done("li.juan", f"/documents/v1/incoming/{document}/registration", body)
    return document


async def matter_of(suite: Suite, document: str, **changes: Any) -> str:
    """Let the head instruct, and return the matter that was opened at once."""
    body = {
        "kind": "act_and_report",
        "text": "立即排查，报结果。",
        "given_by": "zhou.zhiyuan",
        "lead": "water",
        "co": ["emergency"],
        "within_work_days": 5,
    }
    path = f"/documents/v1/incoming/{document}/instructions"
    await suite.done("li.juan", path, body | changes)
    await suite.settled()
    row = await suite.rows(
        "supervision",
        "select stream_id from store.event where type = 'matter.Opened' "
        "order by position desc limit 1",
    )
    return str(UUID(row[0]["stream_id"].removeprefix("matter-")))


async def assigned(suite: Suite, matter: str, **changes: Any) -> str:
    """Let the section assign a matter under 云政督; return its number."""
    body = {
        "mark": "云政督",
        "subject": "水库安全隐患排查",
        "requirement": "逐库排查，列出清单。",
        "lead": "water",
        "responsible_person": "tang.yong",
        "co": ["emergency"],
    }
    path = f"/supervision/v1/matters/{matter}/assignment"
    return str((await suite.done("sun.li", path, body | changes))["number"])

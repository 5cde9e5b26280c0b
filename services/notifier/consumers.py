"""What the notifier takes: every public event that a rule may be about."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any
from uuid import UUID, uuid5

from google.protobuf.json_format import MessageToDict
from google.protobuf.message import Message
from sqlalchemy.ext.asyncio import AsyncConnection

from chassis.consumer import Apply, Subscription, view
from chassis.parts import Parts
from chassis.people import People
from chassis.public import Envelope
from chassis.rows import Rows
from chassis.store import Cause
from chassis.store.cause import derived_id
from chassis.wire import codes_of, moment
from services.notifier.domain.commands import ScheduleDigest
from services.notifier.domain.digest import DIGEST
from services.notifier.domain.rules import Rule, recipients
from services.notifier.policies import load_rules
from services.notifier.projections import matters
from services.notifier.projections.mailbox import Alert, deliver
from services.notifier.reactions import digest_id, digest_time
from shuniu.documents.v1 import events_pb2 as documents
from shuniu.meetings.v1 import events_pb2 as meetings
from shuniu.supervision.v1 import events_pb2 as supervision

ALERTS = UUID("3c0b8f0e-7a0b-5b54-9d11-2f3a2c9a7e10")  # name space of alert ids
TOPICS = {
    "public.supervision.matter.v1": supervision,
    "public.documents.incoming.v1": documents,
    "public.documents.outgoing.v1": documents,
    "public.meetings.meeting.v1": meetings,
    "public.meetings.agenda-item.v1": meetings,
    "public.meetings.opinion.v1": meetings,
}
STEPS_ZH = {
    "register": "登记",
    "answer": "答复",
    "draft": "整理审议意见",
    "hand_over": "转交审议意见",
    "comment_draft": "送研究处理情况报告征求意见",
    "report": "报送研究处理情况报告",
}
STAGES_ZH = {
    "collected_opinions": "汇总意见",
    "draft_for_comment": "征求意见稿",
    "revised": "修改稿",
    "report": "报告",
    "item": "议题申报",
    "materials": "会议材料",
    "to_members": "送组成人员材料",
}


def subscriptions(parts: Parts) -> Sequence[Subscription]:
    """Return the subscriptions of the notifier."""
    by_event: dict[str, list[Rule]] = {}
    for rule in load_rules().values():
        by_event.setdefault(rule.event, []).append(rule)

    directory = _Asked(parts)

    def telling(topic: str) -> Apply:
        async def tell(message: Message, envelope: Envelope, rows: Rows) -> None:
            """Keep what the event says of its matter, then tell whom the rules name."""
            connection = await rows.written()
            await matters.keep(message, connection)
            if (
                isinstance(message, supervision.MatterOpened)
                and not message.addressed_organ
            ):
                await _plan_digests(parts, message, envelope, connection)
            facts = await _facts(message, connection)
            for rule in by_event.get(envelope.type, ()):
                if rule.applies(facts):
                    alert = await _alert(parts, rule, envelope, facts, topic)
                    people = await directory.people(connection)
                    told = [(person, "") for person in recipients(rule, facts, people)]
                    await deliver(connection, alert, told)

        return tell

    return [
        view(topic, {getattr(module, name): telling(topic) for name in _messages(module)})
        for topic, module in TOPICS.items()
    ]


class _Asked:
    """The directory, asked once a batch: its transaction is always the same connection."""

    def __init__(self, parts: Parts) -> None:
        self._parts = parts
        self._known: tuple[AsyncConnection, People] | None = None

    async def people(self, connection: AsyncConnection) -> People:
        """Return who is who for what *connection* is about."""
        if self._known is None or self._known[0] is not connection:
            self._known = connection, await self._parts.directory.people()
        return self._known[1]


def _messages(module: Any) -> Sequence[str]:
    names: Sequence[str] = list(module.DESCRIPTOR.message_types_by_name)
    return names


async def _facts(message: Message, connection: AsyncConnection) -> dict[str, Any]:
    facts = MessageToDict(
        message,
        preserving_proto_field_name=True,
        always_print_fields_with_no_presence=True,  # or "0 against" would not be said
    )
    facts |= codes_of(message)
    if "step" in facts:
        facts["step_zh"] = STEPS_ZH.get(facts["step"], facts["step"])
    if "stage" in facts:
        facts["stage_zh"] = STAGES_ZH.get(facts["stage"], facts["stage"])
    facts.setdefault("number", facts.get("receipt_no"))
    facts["units"] = [u for u in (facts.get("lead"), *facts.get("co", ())) if u]
    if "matter_id" in facts:
        facts = await matters.facts_of(facts["matter_id"], connection) | facts
    return facts


def _deadline(rule: Rule, facts: dict[str, Any]) -> datetime | None:
    written = facts.get(rule.deadline) if rule.deadline else None
    return datetime.fromisoformat(written) if written else None


async def _alert(
    parts: Parts, rule: Rule, envelope: Envelope, facts: dict[str, Any], topic: str
) -> Alert:
    return Alert(
        alert_id=uuid5(ALERTS, f"{envelope.source}|{envelope.id}|{rule.id}"),
        rule=rule.id,
        kind=rule.kind,
        severity=rule.severity,
        entity_type=topic.split(".")[2].replace("-", "_"),
        entity_id=UUID(envelope.subject),
        entity_number=facts.get("number"),
        args={k: v for k, v in facts.items() if isinstance(v, str | int | list)},
        occurred_at=envelope.time,
        created_at=await parts.clock.now(),
        deadline_at=_deadline(rule, facts),
        event_id=envelope.id,
        event_type=envelope.type,
        topic=topic,
        correlation_id=envelope.correlation_id,
    )


async def _plan_digests(
    parts: Parts,
    message: supervision.MatterOpened,
    envelope: Envelope,
    connection: AsyncConnection,
) -> None:
    """See that the leaders concerned have a digest: idempotent, whatever comes of the batch."""
    at = digest_time(parts, moment(message.asked_at))
    now = await parts.clock.now()
    at = max(at, digest_time(parts, now))
    for leader in sorted({message.asked_by, message.addressee} - {""}):
        await matters.hold_digest(leader, connection)
        cause = Cause(
            command_id=derived_id(envelope.source, envelope.id, "digest", leader),
            actor="system:notifier",
            occurred_at=now,
            correlation_id=derived_id("digest", leader),
        )
        await parts.store.execute(
            DIGEST, digest_id(leader), ScheduleDigest(leader=leader, at=at), cause
        )

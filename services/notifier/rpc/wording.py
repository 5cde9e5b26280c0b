"""Alerts as messages, put into words once for all who are told the same."""

import asyncio
from datetime import timedelta
from math import inf
from uuid import UUID

from chassis.parts import Parts
from chassis.people import People
from services.notifier.contracts import STATES, Wording, to_message
from services.notifier.policies import load_rules
from services.notifier.projections.mailbox import Delivered
from shuniu.notifier.v1 import alert_stream_pb2 as pb

KEPT = 2_000
KEPT_SECONDS = 30.0
LEARN_SECONDS = 0.25  # a name that was changed is shown within this


class Messages:
    """Puts alerts into words; remembers the last ones, since one event tells many people."""

    def __init__(self, parts: Parts) -> None:
        self._parts = parts
        self._rules = load_rules()
        self._people = People()
        self._wording = Wording(self._rules, self._people, parts.calendar)
        self._learned = -inf
        self._learning = asyncio.Lock()
        self._known: dict[UUID, pb.Alert] = {}
        self._since = 0.0

    async def learn(self, now: float) -> None:
        """Learn who is who, unless that was asked a moment ago: before `of`."""
        if now - self._learned < LEARN_SECONDS:
            return
        async with self._learning:
            if now - self._learned < LEARN_SECONDS:
                return
            people = await self._parts.directory.people()
            if people is not self._people:
                self._people = people
                self._wording = Wording(self._rules, people, self._parts.calendar)
                self._known.clear()
            self._learned = now

    def of(self, delivered: Delivered, now: float, attempt: int = 1) -> pb.Alert:
        """Return the alert as its subscriber gets it at this attempt."""
        if len(self._known) >= KEPT or now - self._since > KEPT_SECONDS:
            self._known.clear()
            self._since = now
        known = self._known.get(delivered.alert.alert_id)
        if known is None:
            known = to_message(delivered, self._wording, self._kept(delivered))
            self._known[delivered.alert.alert_id] = known
        own = pb.Alert()
        own.CopyFrom(known)
        own.sequence = delivered.sequence
        own.on_behalf_of = delivered.on_behalf_of
        own.state = STATES[delivered.state]
        own.attempt = attempt
        own.redelivered = attempt > 1
        return own

    def _kept(self, delivered: Delivered) -> timedelta:
        day = self._parts.calendar.local(delivered.alert.created_at).date()
        return timedelta(days=self._parts.policies.at("P-ALERTS-KEPT", day)["days"])

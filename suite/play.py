"""Plays a scenario against a running suite, and checks what it expects."""

import asyncio
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Protocol

from chassis.admin.lag import Lag
from chassis.people import People
from chassis.workdays import Calendar
from shuniu.notifier.v1 import alert_stream_pb2 as pb
from suite.acts import Desk, act
from suite.alerts import Watch
from suite.client import Client, RefusedCallError
from suite.driver import Driver, StuckError
from suite.expecting import Expecting, Observed
from suite.scenario import Scenario, Step

OPERATOR = "operator"
PAGE = 200
ARRIVE_SECONDS = 60.0


class Stage(Protocol):
    """Where a play is shown."""

    def step(self, number: int, of: int, step: Step) -> None:
        """Show that a step begins."""
        ...

    def alert(self, person: str, alert: pb.Alert) -> None:
        """Show an alert that arrived."""
        ...

    def differs(self, where: str, differences: Sequence[str]) -> None:
        """Show what was not as expected."""
        ...


@dataclass(slots=True)
class Result:
    """What came of a play."""

    differences: list[str] = field(default_factory=list)


class Play:
    """One performance."""

    def __init__(
        self,
        *,
        scenario: Scenario,
        client: Client,
        driver: Driver,
        watch: Watch,
        heads: Callable[[], Awaitable[dict[str, int]]],
        services: Sequence[str],
        stage: Stage,
        people: People,
        calendar: Calendar,
    ) -> None:
        self._scenario = scenario
        self._client = client
        self._driver = driver
        self._watch = watch
        self._heads = heads
        self._services = services
        self._stage = stage
        self._desk = Desk(client, people, scenario.organisation.parent)
        self._expecting = Expecting(self._desk, people, calendar)
        self._seen: dict[str, int] = {}
        self._alerts = 0
        self._rest: list[Lag] | None = None

    async def perform(self, until: datetime | None = None) -> Result:
        """Play every step up to *until*; return the differences from what was expected."""
        result = Result()
        steps = [s for s in self._scenario.steps if until is None or s.at <= until]
        for number, step in enumerate(steps, 1):
            self._rest = await self._driver.advance(step.at, self._rest)
            self._stage.step(number, len(steps), step)
            await self._check(f"{step.at:%m-%d %H:%M} {step.says or step.do}", step, result)
        if until is not None:
            await self._driver.advance(until, self._rest)
        else:
            for lag in self._rest or ():
                for consumer, count in lag.parked.items():
                    result.differences.append(f"{count} records of {consumer} are parked")
            observed = Observed(None, None, [], [])
            for expected in self._scenario.end:
                await self._compare("end", expected, observed, result)
        return result

    async def _check(self, where: str, step: Step, result: Result) -> None:
        answer, refusal = await self._do(step)
        if step.do is not None or self._rest is None:
            self._rest = await self._driver.settle()
        await self._arrived()
        arrived = self._watch.arrived[self._alerts :]
        self._alerts += len(arrived)
        observed = Observed(
            answer,
            refusal,
            await self._events(self._rest, wanted=any(map(_on_events, step.expect))),
            [(person, alert.on_behalf_of, alert.kind) for person, alert in arrived],
        )
        if refusal is not None and not any("refused" in e for e in step.expect):
            result.differences.append(f"{where}: {refusal}")
            self._stage.differs(where, [str(refusal)])
        for expected in step.expect:
            await self._compare(where, expected, observed, result)

    async def _arrived(self) -> None:
        """Wait for every alert there is. Raises `StuckError`."""
        heads = await self._heads()
        try:
            async with asyncio.timeout(ARRIVE_SECONDS):
                await self._watch.until(heads)
        except TimeoutError:
            reached = self._watch.reached
            late = {who: at for who, at in heads.items() if reached.get(who, at) < at}
            raise StuckError(f"alerts do not arrive: {late} are in the mailboxes") from None

    async def _compare(
        self, where: str, expected: Mapping[str, Any], observed: Observed, result: Result
    ) -> None:
        try:
            found = await self._expecting.differences(expected, observed)
        except RefusedCallError as error:
            found = [f"could not be checked: {error}"]
        if found:
            result.differences += [f"{where}: {difference}" for difference in found]
            self._stage.differs(where, found)

    async def _do(
        self, step: Step
    ) -> tuple[Mapping[str, Any] | None, RefusedCallError | None]:
        if step.do is None or step.person is None:
            return None, None
        given = dict(step.given)
        if step.on_behalf_of:
            given["on_behalf_of"] = step.on_behalf_of
        key = f"{self._scenario.name}/{step.at.isoformat()}/{step.do}/{step.person}"
        try:
            return await act(self._desk, step.do, step.person, given, key), None
        except RefusedCallError as refusal:
            return None, refusal

    async def _events(
        self, rest: Sequence[Lag], *, wanted: bool
    ) -> list[Mapping[str, Any]]:
        """Return what was stored since the last step, where somebody *wanted* to know."""
        events: list[Mapping[str, Any]] = []
        for service, lag in zip(self._services, rest, strict=True):
            path = f"/{service}/admin/v1/events"
            while wanted and (after := self._seen.get(service, 0)) < lag.stored:
                found = await self._client.get(OPERATOR, path, after=after, limit=PAGE)
                events += found
                self._seen[service] = found[-1]["position"]
            self._seen[service] = lag.stored
        return events


def _on_events(expected: Mapping[str, Any]) -> bool:
    return not expected.keys().isdisjoint(("event", "no_event"))

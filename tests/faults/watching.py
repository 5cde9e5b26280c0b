"""What goes on beside the commands: probes of every process, reads, and a stream of alerts."""

import asyncio
import contextlib
from collections.abc import Awaitable, Callable, Mapping

import httpx

from shuniu_client import (
    AlertClient,
    AlertsRefusedError,
    Delivery,
    MemoryPlace,
    Patience,
)
from tests.faults.evidence import Probe
from tests.faults.fleet import Fleet

HEARD = "sun.li"
READ = {"documents": ("li.juan", "incoming"), "supervision": (HEARD, "matters")}
EVERY_SECONDS = 0.5
ANSWER_SECONDS = 3.0
STREAM_PATIENCE = Patience(progress_interval=2.0, probe_timeout=2.0, open_timeout=4.0)

Asking = Callable[[], Awaitable[httpx.Response]]


class Watching:
    """Asks again and again, and hears alerts; all that came is kept with its time."""

    def __init__(self, now: Callable[[], float], note: Callable[[str], None]) -> None:
        self.probes: list[Probe] = []
        self.streamed: dict[str, list[tuple[int, str]]] = {}
        self.gaps: list[str] = []
        self._reached: dict[str, int] = {}
        self._now = now
        self._note = note
        self._tasks: list[asyncio.Task[None]] = []
        self._http = httpx.AsyncClient(timeout=ANSWER_SECONDS, trust_env=False)

    async def close(self) -> None:
        """Ask no more."""
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)
        await self._http.aclose()

    def watch(
        self,
        fleet: Fleet,
        doors: Mapping[str, str],
        stream: str,
        token: Callable[[str], str],
    ) -> None:
        """Begin: every process's probe, a list of each kind, and one person's alerts."""
        for name in fleet.names:
            self.ask(f"readyz {name}", f"{fleet.programs[name].http}/readyz")
        for service, (person, path) in READ.items():
            header = {"Authorization": f"Bearer {token(person)}"}
            self.ask(f"read {service}", f"{doors[service]}/{service}/v1/{path}", header)
        self.hear(HEARD, stream, token)

    def ask(self, of: str, url: str, headers: Mapping[str, str] | None = None) -> None:
        """Read *url* every half second from now on, under the name *of*."""
        self._tasks.append(asyncio.create_task(self._asking(of, url, headers or {})))

    def hear(self, person: str, target: str, token: Callable[[str], str]) -> None:
        """Receive the alerts of *person* from now on, as a client program does.

        Such a program is started again where the server refuses it for good.
        """
        self.streamed[person] = []
        self._tasks.append(asyncio.create_task(self._hearing(person, target, token)))

    def reached(self, person: str) -> int:
        """Return the last sequence that *person* was given, or told to be in a gap."""
        return self._reached.get(person, 0)

    async def _asking(self, of: str, url: str, headers: Mapping[str, str]) -> None:
        while True:
            began = self._now()
            status, hinted = None, False
            with contextlib.suppress(httpx.TransportError, TimeoutError):
                async with asyncio.timeout(ANSWER_SECONDS):
                    answer = await self._http.get(url, headers=headers)
                    status, hinted = answer.status_code, "Retry-After" in answer.headers
            took = self._now() - began
            self.probes.append(
                Probe(of=of, at=began, took=took, status=status, hinted=hinted)
            )
            await asyncio.sleep(max(0.0, EVERY_SECONDS - took))

    async def _hearing(self, person: str, target: str, token: Callable[[str], str]) -> None:
        place = MemoryPlace()
        while True:
            client = AlertClient(
                target,
                token=lambda: token(person),
                device_id="faults",
                place=place,
                patience=STREAM_PATIENCE,
            )
            try:
                await self._heard(person, client)
            except AlertsRefusedError as refused:  # by a clock that is a day ahead
                self._note(f"the stream of {person} begins anew: {refused.code.name}")
            await asyncio.sleep(EVERY_SECONDS)

    async def _heard(self, person: str, client: AlertClient) -> None:
        async with client as alerts:
            async for item in alerts:
                if isinstance(item, Delivery):
                    alert = item.alert
                    self.streamed[person].append((alert.sequence, alert.alert_id))
                    self._reached[person] = max(alert.sequence, self.reached(person))
                else:
                    self.gaps.append(f"{person}: {item.reason} {item.first}-{item.last}")
                    self._reached[person] = item.last  # perhaps of another mailbox
                await item.done()

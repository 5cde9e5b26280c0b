"""The tailer goes on after whatever may happen to its connection."""

from urllib.parse import parse_qs, urlsplit

import pytest

from chassis.feed.tailer import Tailer
from tests.support.proxy import Proxy
from tests.support.samples import COUNTER
from tests.support.service import ServiceDatabase, eventually
from tests.support.writers import new_stream, raise_counters

pytestmark = pytest.mark.postgres


async def test_a_tailer_that_asks_between_the_server_s_goodbye_and_its_hanging_up_goes_on(
    service_database: ServiceDatabase,
) -> None:
    url = urlsplit(service_database.dsn)
    (folder,) = parse_qs(url.query)["host"]
    async with (
        Proxy(folder) as proxy,
        service_database.process(COUNTER, tailing=False) as process,
    ):
        store = process.store
        tailer = Tailer(url._replace(query=f"host={proxy.folder}").geturl())
        tailing = process.run(tailer.run())
        await eventually(lambda: tailer.final(1))
        await proxy.end_sessions(pause=0.6)
        position = await raise_counters(store.pool, store, {new_stream(): 0}, 1)
        await eventually(lambda: (at := tailer.final(1)) and at.position >= position)
        assert not tailing.done()

"""What an append costs among very many items, and on one item with a long history."""

from collections.abc import Sequence

from chassis.store import Store
from tests.benchmarks.big_store import BigStore
from tests.benchmarks.by_hand import REMARK, REQUEST, connected, insert
from tests.benchmarks.curves import FLOOR, OURS, Curve, Growing
from tests.benchmarks.figures import percentile
from tests.benchmarks.growing_events import timed
from tests.benchmarks.lab import Lab, store_on, tenfolds
from tests.support.samples import COUNTER, RaiseCounter, cause

STREAMS, LENGTH = "grow-streams", "grow-length"
FIRST, SHORTEST = 1_000, 10
READS = 3


async def measure_streams(lab: Lab) -> Sequence[Curve]:
    """Open one more item, among more and more of them."""
    curve = Growing()
    async with lab.database("bench_streams") as database, store_on(database, 2) as store:
        (session,) = await connected(database.settings.owner_dsn(database.name), 1)
        big = BigStore(owner=database.owner, each=1)

        async def floor() -> None:
            await insert(session, lab.uuid(), lab.uuid(), 1)

        async def ours() -> None:
            item = lab.uuid()
            command = RaiseCounter(counter_id=item, remark=REMARK)
            why = cause(lab.uuid(), request_hash=REQUEST)
            await store.execute(COUNTER, item, command, why)

        for at in tenfolds(FIRST, lab.sizes.stored):
            await big.grow(at)
            for _ in range(lab.sizes.runs):
                for line, work in ((OURS, ours), (FLOOR, floor)):
                    taken = await timed(work, lab.sizes.appended)
                    curve.add(line, at, percentile(taken, 0.5))
            lab.say(f"{at} streams: appended to")
        curve.count(await big.verified())
        await session.close()
    return [curve.curve(STREAMS, "append-by-streams")]


async def measure_length(lab: Lab) -> Sequence[Curve]:
    """Act on one item whose history is longer and longer, with its snapshot and without."""
    curve = Growing()
    async with lab.database("bench_length") as database, store_on(database, 2) as store:
        for n, at in enumerate(tenfolds(SHORTEST, lab.sizes.length)):
            big = BigStore(owner=database.owner, each=at, items=n)
            await big.grow(at * (n + 1))
            await _acted(lab, store, big, curve)
            lab.say(f"{at} events of one item: acted on")
        curve.count(await big.verified())
    return [curve.curve(LENGTH, "append-by-length")]


async def _acted(lab: Lab, store: Store, big: BigStore, curve: Growing) -> None:
    item = await big.item(big.items)

    async def whole() -> None:
        await big.owner.execute("delete from store.snapshot")
        await store.read(COUNTER, item)

    async def ours() -> None:
        command = RaiseCounter(counter_id=item, remark=REMARK)
        await store.execute(COUNTER, item, command, cause(lab.uuid(), request_hash=REQUEST))

    curve.add("whole", big.each, *await timed(whole, READS))
    await ours()  # leaves a snapshot, where the history is long enough
    for _ in range(lab.sizes.runs):
        taken = await timed(ours, lab.sizes.appended)
        curve.add(OURS, big.each, percentile(taken, 0.5))

"""A link fails as networks do, and is a good one again once it is healed."""

import asyncio
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager, suppress

import pytest

from tests.faults.links import HOST, Link

Ends = tuple[asyncio.StreamReader, asyncio.StreamWriter]


@asynccontextmanager
async def echoing(name: str = "one") -> AsyncIterator[tuple[str, int]]:
    """Run a server that says its *name*, and then repeats what it hears."""

    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        writer.write(name.encode())
        try:
            while heard := await reader.read(1000):
                writer.write(heard)
        except ConnectionError:
            pass
        finally:
            writer.close()

    server = await asyncio.start_server(serve, HOST, 0)
    async with server:
        yield server.sockets[0].getsockname()


class Trial:
    """A link, and the connections that a test opened through it."""

    def __init__(self, targets: Sequence[tuple[str, int]]) -> None:
        self.link = Link("test", lambda: targets)
        self._opened: list[Ends] = []

    async def connect(self) -> Ends:
        """Open a connection through the link."""
        ends = await asyncio.open_connection(HOST, self.link.port)
        self._opened.append(ends)
        return ends

    async def close(self) -> None:
        """End all."""
        self.link.close()
        for _, writer in self._opened:
            writer.close()
            with suppress(ConnectionError):
                await writer.wait_closed()


@asynccontextmanager
async def linked(*targets: tuple[str, int]) -> AsyncIterator[Trial]:
    trial = Trial(targets)
    try:
        yield trial
    finally:
        await trial.close()


async def heard(ends: Ends, count: int = 3, within: float = 2.0) -> bytes:
    return await asyncio.wait_for(ends[0].readexactly(count), within)


async def test_what_one_end_says_the_other_hears_the_end_of_it_as_well() -> None:
    async with echoing() as there, linked(there) as trial:
        ends = await trial.connect()
        assert await heard(ends) == b"one"
        ends[1].write(b"abc")
        assert await heard(ends) == b"abc"
        ends[1].write_eof()
        assert await asyncio.wait_for(ends[0].read(), 2) == b""


async def test_a_cut_link_ends_what_is_connected_and_refuses_what_comes() -> None:
    async with echoing() as there, linked(there) as trial:
        ends = await trial.connect()
        await heard(ends)
        trial.link.cut()
        assert await asyncio.wait_for(ends[0].read(), 2) == b""
        with pytest.raises(ConnectionRefusedError):
            await trial.connect()
        trial.link.heal()
        assert await heard(await trial.connect()) == b"one"


async def test_a_reset_is_an_error_and_the_next_connection_gets_through() -> None:
    async with echoing() as there, linked(there) as trial:
        ends = await trial.connect()
        await heard(ends)
        trial.link.reset()
        with pytest.raises(ConnectionResetError):
            await asyncio.wait_for(ends[0].read(), 2)
        assert await heard(await trial.connect()) == b"one"


async def test_a_black_hole_swallows_everything_and_healed_lets_it_go_on() -> None:
    async with echoing() as there, linked(there) as trial:
        ends = await trial.connect()
        await heard(ends)
        trial.link.black_hole()
        ends[1].write(b"abc")
        late = await trial.connect()
        for silent in (ends, late):
            with pytest.raises(TimeoutError):
                await heard(silent, within=0.2)
        trial.link.heal()
        assert await heard(ends) == b"abc"
        assert await heard(late) == b"one"


async def test_a_slow_link_takes_its_time_each_way_and_keeps_the_order() -> None:
    async with echoing() as there, linked(there) as trial:
        ends = await trial.connect()
        await heard(ends)
        trial.link.delay(0.1, jitter=0.05)
        began = asyncio.get_running_loop().time()
        for n in range(5):
            ends[1].write(b"%03d" % n)
            await asyncio.sleep(0.01)
        assert await heard(ends, 15) == b"000001002003004"
        assert asyncio.get_running_loop().time() - began > 0.2


async def test_a_lossy_link_sends_again_what_it_lost() -> None:
    async with echoing() as there, linked(there) as trial:
        ends = await trial.connect()
        await heard(ends)
        trial.link.lossy(1.0)
        ends[1].write(b"abc")
        with pytest.raises(TimeoutError):
            await heard(ends, within=0.1)
        assert await heard(ends, within=5) == b"abc"


async def test_several_targets_take_turns_and_who_is_away_is_passed_over() -> None:
    async with echoing("one") as one, echoing("two") as two:
        async with linked(one, (HOST, 1), two) as trial:
            said = {await heard(await trial.connect()) for _ in range(6)}
        assert said == {b"one", b"two"}


async def test_where_nobody_is_a_connection_is_reset() -> None:
    async with linked((HOST, 1)) as trial:
        ends = await trial.connect()
        with pytest.raises(ConnectionResetError):
            await asyncio.wait_for(ends[0].read(), 2)

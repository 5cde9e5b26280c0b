"""What the client is made of: its place on disk, its patience, its channel."""

import asyncio
import json
from datetime import UTC, datetime
from importlib.util import find_spec
from pathlib import Path

import grpc
import pytest
from google.protobuf.duration_pb2 import Duration
from google.rpc import code_pb2, error_details_pb2, status_pb2
from grpc_status import rpc_status

from shuniu.notifier.v1 import alert_stream_pb2 as pb
from shuniu_client import (
    AlertsRefusedError,
    Cursor,
    FilePlace,
    MemoryPlace,
    Patience,
    PlaceError,
)
from shuniu_client.channels import OPTIONS
from shuniu_client.frames import Terms
from shuniu_client.line import Line
from shuniu_client.refusals import FINAL, judged
from shuniu_client.shelf import Shelf
from shuniu_client.waiting import Backoff


async def test_a_place_is_found_again_by_the_next_run(tmp_path: Path) -> None:
    path = tmp_path / "new" / "alerts.json"
    assert await FilePlace(path).load() is None
    for sequence in (1, 2):
        await FilePlace(path).store(Cursor("e", sequence))
    assert await FilePlace(path).load() == Cursor("e", 2)
    assert [each.name for each in path.parent.iterdir()] == ["alerts.json"]
    memory = MemoryPlace()
    await memory.store(Cursor("e", 3))
    assert await memory.load() == Cursor("e", 3)


async def test_a_place_is_whole_whenever_it_is_read(tmp_path: Path) -> None:
    place = FilePlace(tmp_path / "alerts.json")
    await place.store(Cursor("e" * 500, 0))

    async def write() -> None:
        for sequence in range(1, 100):
            await place.store(Cursor("e" * 500, sequence))

    writing = asyncio.create_task(write())
    seen = []
    while not writing.done():
        kept = await asyncio.to_thread((tmp_path / "alerts.json").read_text)
        seen.append(json.loads(kept)["sequence"])
    assert seen == sorted(seen)


async def test_a_write_that_was_given_up_does_not_come_between_the_next(
    tmp_path: Path,
) -> None:
    place = FilePlace(tmp_path / "alerts.json")
    for sequence in range(200):
        given_up = asyncio.create_task(place.store(Cursor("e" * 500, sequence)))
        await asyncio.sleep(0)
        given_up.cancel()  # what its thread began goes on
        await place.store(Cursor("e", 1000 + sequence))
        assert await place.load() == Cursor("e", 1000 + sequence)


async def test_where_to_begin_is_a_moment_until_something_came() -> None:
    since = datetime(2025, 5, 1, tzinfo=UTC)
    terms = Terms(
        device_id="desk",
        begin=since,
        filter=None,
        shared=False,
        max_in_flight=128,
        patience=Patience(),
    )
    place = MemoryPlace()
    shelf = Shelf(Line("127.0.0.1:1", lambda: "", None), place, terms)
    await shelf.opened(pb.SubscribeOpened(epoch="e", head_sequence=9))
    assert terms.opening(shelf.cursor).open.since_time.ToDatetime(UTC) == since
    assert place.cursor is None
    shelf.ledger.bookmark(9)
    assert shelf.cursor == Cursor("e", 9)


@pytest.mark.parametrize("text", ["", "{", "[]", '{"epoch": "e"}', '"e"', "7"])
async def test_a_file_that_is_no_place_is_refused_by_name(
    tmp_path: Path, text: str
) -> None:
    path = tmp_path / "alerts.json"
    path.write_text(text)
    with pytest.raises(PlaceError, match=r"alerts\.json is no cursor"):
        await FilePlace(path).load()


def test_waiting_grows_with_failures_and_is_never_less_than_the_server_asks() -> None:
    for failures, most in [(0, 0.5), (1, 1.0), (4, 8.0), (60, 30.0)]:
        waits = [Backoff(failures=failures).next() for _ in range(500)]
        assert 0 <= min(waits) < most / 4
        assert most * 3 / 4 < max(waits) <= most
    assert 7.0 <= Backoff().next(asked=7.0) <= 7.5
    backoff = Backoff(failures=60)
    backoff.reset()
    assert backoff.next() <= 0.5


def refusal(code: grpc.StatusCode, retry: Duration | None = None) -> grpc.aio.AioRpcError:
    status = status_pb2.Status(code=code.value[0], message="full")
    if retry is not None:
        status.details.add().Pack(error_details_pb2.ErrorInfo(reason="LIMIT"))
        status.details.add().Pack(error_details_pb2.RetryInfo(retry_delay=retry))
    trailing = rpc_status.to_status(status).trailing_metadata
    metadata = grpc.aio.Metadata(*((each[0], each[1]) for each in trailing))
    return grpc.aio.AioRpcError(code, grpc.aio.Metadata(), metadata, "full")


def test_the_time_that_a_refusal_asks_for_is_read_off_it() -> None:
    full = grpc.StatusCode.RESOURCE_EXHAUSTED
    assert full.value[0] == code_pb2.RESOURCE_EXHAUSTED
    wait = Duration(seconds=3, nanos=500_000_000)
    assert judged(refusal(full, wait), final=False).asked == 3.5
    assert judged(refusal(full), final=False).asked == 0.0
    garbage = grpc.aio.Metadata(("grpc-status-details-bin", b"\xff\xff"))
    error = grpc.aio.AioRpcError(full, grpc.aio.Metadata(), garbage)
    assert judged(error, final=False).asked == 0.0


@pytest.mark.parametrize("code", list(grpc.StatusCode))
def test_every_status_means_to_go_on_but_those_that_nothing_would_change(
    code: grpc.StatusCode,
) -> None:
    if code in FINAL:
        with pytest.raises(AlertsRefusedError, match=f"{code.name}: full"):
            judged(refusal(code), final=True)
    else:
        assert judged(refusal(code), final=True).why == f"{code.name}: full"


def test_a_token_that_is_refused_is_asked_for_anew() -> None:
    expired = refusal(grpc.StatusCode.UNAUTHENTICATED)
    assert judged(expired, final=False).why.startswith("UNAUTHENTICATED")


async def test_every_option_of_the_channel_is_one_that_grpc_knows() -> None:
    spec = find_spec("grpc._cython.cygrpc")
    assert spec is not None
    assert spec.origin is not None
    library = await asyncio.to_thread(Path(spec.origin).read_bytes)
    for name, _value in OPTIONS:  # an unknown name would be ignored without a word
        assert name.encode() + b"\0" in library, name

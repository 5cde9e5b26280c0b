"""Noise at the gRPC door is the caller's fault, whoever calls: no status of ours, no stack trace."""

import asyncio
import random

import grpc
import pytest

from tests.faults.hostile.calls import OURS, made, wrong_call
from tests.support.suite import Suite

pytestmark = pytest.mark.asyncio(loop_scope="module")

SEED, CALLS = 20250425, 150


async def test_no_malformed_call_is_answered_as_a_fault_of_ours(
    suite: Suite, caplog: pytest.LogCaptureFixture
) -> None:
    dice = random.Random(SEED)  # noqa: S311 the same calls each time
    token = f"Bearer {suite.token('deng.jie')}"
    came: dict[grpc.StatusCode, int] = {}
    with grpc.insecure_channel(suite.grpc_address) as channel:
        for _ in range(CALLS):
            code, _ = await asyncio.to_thread(made, wrong_call(dice, token), channel)
            came[code] = came.get(code, 0) + 1
    assert not OURS & came.keys(), came
    assert {
        grpc.StatusCode.INVALID_ARGUMENT,
        grpc.StatusCode.UNIMPLEMENTED,
        grpc.StatusCode.RESOURCE_EXHAUSTED,
    } <= came.keys(), came
    assert "Traceback" not in caplog.text

"""What is no HTTP, or nearly: bytes on a socket, and what comes back."""

import asyncio
import contextlib
from collections.abc import AsyncIterator, Callable, Sequence
from random import Random

ANSWER_SECONDS = 4.0
LONGEST = 65_536
HELLO = bytes.fromhex("16030100500100004c0303") + bytes(70)
PREFACE = b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n"
ASK = b"POST /documents/v1/incoming HTTP/1.1\r\nHost: x\r\n"

Bytes = Callable[[Random], bytes]

WRONG: Sequence[Bytes] = (
    lambda chance: chance.randbytes(chance.randrange(1, 4_000)),
    lambda _: HELLO,
    lambda chance: PREFACE + chance.randbytes(300),
    lambda _: b"GET /\r\n\r\n",
    lambda _: b"GET / HTTP/9.9\r\n\r\n",
    lambda _: b"\r\n" * 500 + b"\0\0\0",
    lambda _: b"GET " + b"/a" * 40_000 + b" HTTP/1.1\r\n\r\n",
    lambda _: ASK + b"X: " + b"y" * 100_000 + b"\r\n\r\n",
    lambda _: ASK + b"X: y\r\n" * 3_000 + b"\r\n",
    lambda _: ASK + b"no colon\r\n\r\n",
    lambda _: ASK + b"Content-Length: -1\r\n\r\n",
    lambda _: ASK + b"Content-Length: 9e9\r\n\r\n",
    lambda _: ASK + b"Content-Length: 1\r\nContent-Length: 2\r\n\r\nab",
    lambda _: ASK + b"Content-Length: 99999999999999999999\r\n\r\n",
    lambda _: ASK + b"Content-Length: 4\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\nGET",
    lambda _: ASK + b"Transfer-Encoding: chunked\r\n\r\nzz\r\n",
    lambda _: ASK + b"Transfer-Encoding: chunked\r\n\r\n-1\r\n\r\n",
    lambda _: ASK + b"Transfer-Encoding: chunked\r\n\r\n" + b"1\r\na\r\n" * 4_000,
    lambda _: ASK + b"Content-Length: 10\r\n\r\nabc",
    lambda _: ASK + b"Expect: 100-continue\r\nContent-Length: 10\r\n\r\n",
    lambda _: (
        ASK + b"Upgrade: websocket\r\nConnection: upgrade\r\nContent-Length: 0\r\n\r\n"
    ),
    lambda _: (ASK + b"Content-Length: 0\r\n\r\n") * 50,
    lambda chance: (
        ASK + b"Authorization: " + chance.randbytes(50).hex().encode() + b"\xff\r\n\r\n"
    ),
)


async def wrong_bytes(chance: Random, port: int) -> bytes:
    """Send something wrong, then end our side or reset; return what was answered."""
    rude = chance.random() < 0.3
    sent = chance.choice(WRONG)(chance)
    answer = b""
    with contextlib.suppress(OSError, TimeoutError):
        async with asyncio.timeout(ANSWER_SECONDS):
            reader, writer = await asyncio.open_connection("127.0.0.1", port)
            try:
                writer.write(sent)
                await writer.drain()
                if not rude:
                    writer.write_eof()
                    answer = await reader.read(LONGEST)
            finally:
                writer.transport.abort()
    return answer


@contextlib.asynccontextmanager
async def silent(port: int, number: int) -> AsyncIterator[None]:
    """Hold connections that say nothing, or never end what they say."""
    writers = []
    for n in range(number):
        _, writer = await asyncio.open_connection("127.0.0.1", port)
        writer.write(b"" if n % 2 else ASK + b"Content-Length: 100\r\n\r\n{")
        writers.append(writer)
    try:
        yield
    finally:
        for writer in writers:
            writer.transport.abort()

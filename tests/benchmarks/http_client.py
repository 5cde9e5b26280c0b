"""A client that costs little: HTTP/1.1 written and read by hand on kept-alive connections."""

import asyncio
import json
from collections.abc import Callable
from uuid import UUID

PATH = "/documents/v1/incoming"
RECEIPT = {
    "medium": "telegram",
    "sender": "华州市人民政府办公室",
    "sender_doc_no": "华政办明电〔2025〕18号",
    "title": "关于切实做好水库安全隐患排查整治工作的紧急通知",
    "urgency": "extra_urgent",
    "outside_due": "2025-05-09T18:00:00+08:00",
}
CREATED, FOUND = b" 201 ", b" 200 "


class Lines:
    """Kept-alive connections to one server; whoever posts takes a free one."""

    def __init__(self, port: int, token: str, count: int) -> None:
        self._port = port
        self._count = count
        self._free: asyncio.LifoQueue[tuple[asyncio.StreamReader, asyncio.StreamWriter]] = (
            asyncio.LifoQueue()
        )
        self._writers: list[asyncio.StreamWriter] = []
        self._body = json.dumps(RECEIPT, ensure_ascii=False).encode()
        self._who = f"Host: 127.0.0.1:{port}\r\nAuthorization: Bearer {token}\r\n"
        self._head = (
            f"POST {PATH} HTTP/1.1\r\n{self._who}Content-Type: application/json\r\n"
            f"Content-Length: {len(self._body)}\r\nIdempotency-Key: "
        ).encode()
        self.refused = 0
        self.last_words = ""

    async def open(self) -> None:
        """Connect them all."""
        for _ in range(self._count):
            self._free.put_nowait(await self._connect())

    def close(self) -> None:
        """Hang up."""
        for writer in self._writers:
            writer.close()

    async def post(self, key: Callable[[], UUID]) -> None:
        """Post one receipt and read its answer."""
        await self._ask(
            self._head + str(key()).encode() + b"\r\n\r\n" + self._body, CREATED
        )

    async def get(self, path: str) -> bytes:
        """Get a page and return it."""
        return await self._ask(f"GET {path} HTTP/1.1\r\n{self._who}\r\n".encode(), FOUND)

    async def _ask(self, question: bytes, good: bytes) -> bytes:
        line = await self._free.get()
        if line[0].at_eof():  # it was idle for too long, and the server hung up
            line = await self._connect()
        reader, writer = line
        writer.write(question)
        head = await reader.readuntil(b"\r\n\r\n")
        length = head.lower().partition(b"content-length: ")[2].partition(b"\r")[0]
        body = await reader.readexactly(int(length))
        if good not in head[:16]:
            self.refused += 1
            self.last_words = f"{head[:12].decode()} {body[:300].decode()}"
        self._free.put_nowait(line)
        return body

    async def _connect(self) -> tuple[asyncio.StreamReader, asyncio.StreamWriter]:
        line = await asyncio.open_connection("127.0.0.1", self._port)
        self._writers.append(line[1])
        return line

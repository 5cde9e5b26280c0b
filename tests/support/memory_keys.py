"""A key ring in memory: for tests of the codec, and for the golden events."""

from collections.abc import Iterable
from hashlib import sha256
from uuid import UUID

from chassis.keys import SubjectErasedError


class MemoryKeyRing:
    """Each subject's key is always the same one, until it is erased."""

    def __init__(self) -> None:
        self.erased: set[UUID] = set()

    async def keys(self, subjects: Iterable[UUID], *, create: bool) -> dict[UUID, bytes]:
        """Return the keys; see `chassis.keys.KeyRing`."""
        wanted = set(subjects)
        if create and (gone := wanted & self.erased):
            raise SubjectErasedError(f"erased: {sorted(map(str, gone))}")
        return {s: sha256(s.bytes).digest() for s in wanted - self.erased}

    async def erase(self, subject: UUID) -> None:
        """Forget the subject's key."""
        self.erased.add(subject)

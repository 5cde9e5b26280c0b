"""A disk that can be full: a tmpfs of its own, whose size is taken away and given back.

What writes to it gets ENOSPC from the kernel, as from any other disk. To mount it takes root;
without that it is a plain folder, which has always room.
"""

import os
import shutil
import subprocess
from pathlib import Path
from typing import Final

ROOM: Final = 8 << 30  # memory is taken only for what is stored


class NotHereError(Exception):
    """This fault cannot be brought about on this machine; the message says why."""


class Disk:
    """A folder with a disk of its own."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        folder.mkdir(parents=True)
        self._mounted = os.geteuid() == 0 and _does(
            "mount", "-t", "tmpfs", "-o", f"size={ROOM},mode=0700", "tmpfs", str(folder)
        )

    def fill(self, spare: int = 0) -> None:
        """Leave no room but *spare* bytes. Raises `NotHereError`."""
        if not self._mounted:
            raise NotHereError("a small disk is a tmpfs: mounting one takes root")
        used = shutil.disk_usage(self.folder).used
        self._resize(used + spare)

    def free(self) -> None:
        """Give all the room back."""
        if self._mounted:
            self._resize(ROOM)

    def remove(self) -> None:
        """Remove it with all that is on it."""
        if self._mounted:
            _does("umount", "--lazy", str(self.folder))
            self._mounted = False
        shutil.rmtree(self.folder, ignore_errors=True)

    def _resize(self, size: int) -> None:
        if not _does("mount", "-o", f"remount,size={size}", str(self.folder)):
            raise NotHereError(f"{self.folder} cannot be given another size")


def _does(*words: str) -> bool:
    return subprocess.run(words, capture_output=True, check=False).returncode == 0  # noqa: S603 words of ours

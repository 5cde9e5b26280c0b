"""The guides as a reader follows them: their blocks, run in a shell beside a demo that is up."""

import os
import re
import signal
import subprocess
import sys
import time
from dataclasses import dataclass
from itertools import zip_longest
from pathlib import Path

from tests.support.cli import ROOT, environment

GUIDES = ROOT / "docs" / "guides"
ADDRESS = "http://127.0.0.1:8000"
BLOCK_SECONDS = 60.0
ENDED_BY_CTRL_C = {130, -signal.SIGINT}

FENCE = re.compile(r"^```(\w+)\n(.*?)^```$", re.DOTALL | re.MULTILINE)
SAID_CODE = re.compile(r"[ \t]+#.*?(\d+)$", re.MULTILINE)
COMMENT = re.compile(r"[ \t]+#.*$", re.MULTILINE)
STAYS = re.compile(r"^shuniu \w+ tail(?!.*--no-follow)")
VARIES = (
    (re.compile(r"[0-9a-f]{8}-[0-9a-f]{4}-\S{4}-\S{4}-[0-9a-f]{12}"), "<id>"),
    (re.compile(r"(10-31) \d\d:\d\d(:\d\d)?"), r"\1 <time>"),
    (re.compile(r"^ *\d+/\d+ "), "<step> "),
    (re.compile(r"^(● \S+ \S+) +\d+ "), r"\1 <sequence> "),
    (re.compile(r"\s+"), " "),
)


@dataclass(frozen=True, slots=True)
class Block:
    """What a guide lets its reader type, and what it says comes of it."""

    typed: str
    excerpts: tuple[str, ...]

    @property
    def commands(self) -> str:
        """What is typed, without its remarks, which are in the guide's language."""
        return COMMENT.sub("", self.typed)

    @property
    def code(self) -> int:
        """The exit code that the guide says."""
        said = SAID_CODE.search(self.typed)
        return int(said[1]) if said else 0

    @property
    def acts(self) -> bool:
        """Say whether it changes something: then it is done once, in no language."""
        return "shuniu act " in self.typed and self.code == 0

    @property
    def stays(self) -> bool:
        """Say whether it goes on until Ctrl-C."""
        return bool(STAYS.match(self.typed))


def read(page: Path) -> tuple[tuple[str, ...], list[Block]]:
    """Return the excerpts that stand before any command, and the blocks."""
    first: list[str] = []
    blocks: list[tuple[str, list[str]]] = []
    for language, text in FENCE.findall(page.read_text("utf-8")):
        if language == "sh":
            blocks.append((text, []))
        else:
            (blocks[-1][1] if blocks else first).append(text)
    return tuple(first), [Block(typed, tuple(said)) for typed, said in blocks]


def missing(excerpt: str, said: str) -> str | None:
    """Return the first line of *excerpt* that *said* does not have in its place, if any.

    Ids, numbers of steps, places in a mailbox, and times after the play may differ. A line … stands for any number of lines.
    """
    rest = iter([_levelled(line) for line in said.splitlines()])
    for line in excerpt.splitlines():
        wanted = _levelled(line)
        if wanted != "…" and not any(wanted in found for found in rest):
            return line
    return None


class Reader:
    """Somebody who follows a guide in *language*, in a folder of their own."""

    def __init__(self, folder: Path, state: Path, language: str, http: str) -> None:
        bin_ = folder / "bin"
        bin_.mkdir(exist_ok=True)
        command = bin_ / "shuniu"
        main = f'exec {sys.executable} -c "from suite.cli import main; main()" "$@"'
        command.write_text(f"#!/bin/sh\n{main}\n", "utf-8")
        command.chmod(0o755)
        self._folder = folder
        self._http = http
        path = f"{bin_}{os.pathsep}{os.environ['PATH']}"
        self._environment = environment(
            PATH=path, SHUNIU_STATE=str(state), SHUNIU_LANG=language
        )

    def run(self, block: Block) -> tuple[int, str]:
        """Type *block*; return the exit code and all that was said.

        One that stays is ended as by Ctrl-C once it has said what is expected.
        """
        said = self._folder / "said"
        with said.open("wb") as output:
            process = subprocess.Popen(  # noqa: S603 what our own page says
                ["/bin/sh", "-ec", block.commands.replace(ADDRESS, self._http)],
                env=self._environment,
                cwd=self._folder,
                stdout=output,
                stderr=subprocess.STDOUT,
                start_new_session=True,
            )
            try:
                code = self._end(process, block, said)
            finally:
                if process.poll() is None:
                    os.killpg(process.pid, signal.SIGKILL)
                process.wait()
        return code, said.read_text("utf-8")

    def _end(self, process: "subprocess.Popen[bytes]", block: Block, said: Path) -> int:
        if not block.stays:
            return process.wait(BLOCK_SECONDS)
        until = time.monotonic() + BLOCK_SECONDS
        while time.monotonic() < until and process.poll() is None:
            if not any(missing(e, said.read_text("utf-8")) for e in block.excerpts):
                os.killpg(process.pid, signal.SIGINT)
                code = process.wait(BLOCK_SECONDS)
                return 0 if code in ENDED_BY_CTRL_C else code
            time.sleep(0.1)
        return -1


def paired(blocks: list[Block], others: list[Block]) -> list[tuple[Block, Block]]:
    """Return the blocks of two guides side by side. Fails where one has more."""
    both = list(zip_longest(blocks, others))
    assert all(one and other for one, other in both)
    return both


def _levelled(line: str) -> str:
    for pattern, name in VARIES:
        line = pattern.sub(name, line)
    return line.strip()

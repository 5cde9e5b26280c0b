"""The guides say what is so: each command is typed beside a demo, each excerpt is its output."""

import re
import shutil
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from tests.support.cli import ROOT, address_of, on, reached, started
from tests.support.guides import FENCE, GUIDES, Block, Reader, missing, paired, read

ENGLISH, CHINESE = GUIDES / "first-hour.md", GUIDES / "first-hour.zh-CN.md"
PAGES = {"en": ENGLISH, "zh": CHINESE}
READMES = (ROOT / "README.md", ROOT / "README.zh-CN.md")
PLAY_SECONDS = 400.0
TRIES = 3


@dataclass(frozen=True, slots=True)
class Demo:
    """A demo that is up, what its play printed, and a reader of each language."""

    printed: str
    readers: dict[str, Reader]


@pytest.fixture(scope="module")
def demo(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Demo]:
    """Play the whole sample; let the suite stay up."""
    state = tmp_path_factory.mktemp("demo") / "state"
    with started("demo", *on(state)) as process:
        printed = reached(process, "按 Ctrl-C 停止", PLAY_SECONDS)
        http = address_of(state)["http"]
        readers = {}
        for language in PAGES:  # each remembers for themselves how far they have read
            folder = tmp_path_factory.mktemp(language)
            own = folder / "state"
            shutil.copytree(state / "keys", own / "keys")
            shutil.copy(state / "address.json", own)
            readers[language] = Reader(folder, own, language, http)
        yield Demo("\n".join(printed), readers)


def test_both_languages_type_the_same_and_have_the_same_headings() -> None:
    english, chinese = [read(page)[1] for page in PAGES.values()]
    assert english
    for one, other in paired(english, chinese):
        assert one.commands == other.commands
        assert (one.code, len(one.excerpts)) == (other.code, len(other.excerpts))
    depths = [
        re.findall(r"^#+", FENCE.sub("", page.read_text("utf-8")), re.MULTILINE)
        for page in PAGES.values()
    ]
    assert depths[0] == depths[1]


@pytest.mark.postgres
@pytest.mark.parametrize("page", PAGES.values(), ids=PAGES.keys())
def test_what_passes_by_is_what_the_play_prints(page: Path, demo: Demo) -> None:
    before, _ = read(page)
    assert before
    assert [missing(excerpt, demo.printed) for excerpt in before] == [None] * len(before)


@pytest.mark.postgres
@pytest.mark.parametrize("page", READMES, ids=lambda page: page.name)
def test_what_the_readmes_show_of_it_is_so_too(page: Path, demo: Demo) -> None:
    blocks = FENCE.findall(page.read_text("utf-8"))
    shown = [text for language, text in blocks if language == "text"]
    assert [missing(excerpt, demo.printed) for excerpt in shown] == [None]


@pytest.mark.postgres
def test_every_command_does_and_says_what_the_guides_say(demo: Demo) -> None:
    both = paired(*[read(page)[1] for page in PAGES.values()])
    for pair in both:
        done: tuple[int, str] | None = None
        for language, block in zip(PAGES, pair, strict=True):
            if done is None or not block.acts:
                done = settled(demo.readers[language], block)
            code, said = done
            assert code == block.code, f"{block.typed}\n{said}"
            line = unsaid(block, said)
            assert line is None, f"{block.typed}\nnot said: {line}\n{said}"


def settled(reader: Reader, block: Block) -> tuple[int, str]:
    """Type *block*; where it only reads, again until what follows by itself has followed."""
    done = reader.run(block)
    for _ in range(0 if block.acts or block.stays else TRIES):
        if unsaid(block, done[1]) is None:
            break
        done = reader.run(block)
    return done


def unsaid(block: Block, said: str) -> str | None:
    """Return the first line that *block*'s excerpts have and *said* does not."""
    lines = (missing(excerpt, said) for excerpt in block.excerpts)
    return next((line for line in lines if line is not None), None)

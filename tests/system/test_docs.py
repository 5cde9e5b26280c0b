"""The documentation says what is there: its words, commands, links and guards exist."""

import importlib
import pkgutil
import re
from collections.abc import Iterator
from enum import StrEnum
from functools import cache
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest
from typer.main import get_command

import services
from chassis import audit, series
from chassis.domain import Category
from suite.commands import app

ROOT = Path(__file__).resolve().parents[2]
READMES = ("README.md", "README.zh-CN.md")
RECORDS = sorted((ROOT / "docs" / "adr").glob("*.md"))
PAGES = sorted(
    [*(ROOT / "docs").rglob("*.md"), *(ROOT / name for name in READMES)]
    + [ROOT / f"{name}.md" for name in ("ARCHITECTURE", "CONTRIBUTING", "CHANGELOG")]
)
SECTIONS = ["Status", "Context", "Decision", "Consequences", "Alternatives", "Held by"]

FENCE = re.compile(r"^```(\w*)\n(.*?)^```$", re.DOTALL | re.MULTILINE)
INLINE = re.compile(r"`([^`\n]+)`")
TYPED = {"sh", "python"}
LINK = re.compile(r"\]\(([^)\s]+)\)")
TARGET = re.compile(r"\bmake ([a-z][a-z-]*)")
CALL = re.compile(r"(?<![\w./-])shuniu((?:[ \t]+[^\s`|>#&…]+)*)")
OURS = re.compile(
    r"`((?:chassis|services|suite|proto|tests|docs|clients)/[\w./-]*|\.importlinter|pyproject\.toml)`"
)
GUARD = re.compile(
    r"`tests/[\w/]+/test_\w+\.py`|`\.importlinter`|ruff rule `[A-Z]+\d+`|mypy|`buf |`make [a-z-]+`"
)

each_page = pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
each_record = pytest.mark.parametrize("record", RECORDS, ids=lambda page: page.name[:4])


@cache
def glossary() -> tuple[str, ...]:
    """Return the glossary's rows."""
    lines = (ROOT / "docs" / "glossary.md").read_text("utf-8").splitlines()
    return tuple(line for line in lines if line.startswith("|"))


@cache
def domains() -> tuple[ModuleType, ...]:
    """Return every module of a domain."""
    names = [m.name for m in pkgutil.walk_packages(services.__path__, "services.")]
    return tuple(importlib.import_module(name) for name in names if ".domain." in name)


def categories() -> Iterator[Category[Any, Any, Any]]:
    for module in (*domains(), series, audit):
        yield from (v for v in vars(module).values() if isinstance(v, Category))


def vocabularies() -> Iterator[tuple[str, type[StrEnum], ModuleType]]:
    for module in domains():
        if module.__name__.endswith(".words"):
            for kind in module.LABELS:
                yield module.__name__.split(".")[1], kind, module


@cache
def command() -> Any:
    """Return the `shuniu` command with all that belongs to it."""
    return get_command(app)


def test_every_event_stands_in_the_glossary() -> None:
    missing = set()
    for category in categories():
        for event in category.events:
            row = f"| {event.label.zh} | {event.label.en} | `{event.__name__}` "
            row += f"| `{category.type_of(event)}` |"
            if not any(line.startswith(row) for line in glossary()):
                missing.add(row)
    assert not missing, "docs/glossary.md:\n" + "\n".join(sorted(missing))


def test_every_word_of_a_vocabulary_stands_in_the_glossary() -> None:
    missing = set()
    for service, kind, module in vocabularies():
        name = f"`{service}.{kind.__name__}`"
        row = next((line for line in glossary() if line.startswith(f"| {name} |")), "")
        for word, label in module.LABELS[kind].items():
            if f" {label.zh} {label.en} `{word}` " not in row:
                missing.add(f"{name}: {label.zh} {label.en} `{word}`")
    assert not missing, "docs/glossary.md:\n" + "\n".join(sorted(missing))


def test_the_glossary_names_no_event_that_does_not_exist() -> None:
    stored = {c.type_of(event) for c in categories() for event in c.events}
    named = re.findall(r"\| `([a-z]+\.[A-Z]\w+)` \|", "\n".join(glossary()))
    assert (
        set(named) - stored - {f"{s}.{k.__name__}" for s, k, _ in vocabularies()} == set()
    )


def test_both_readmes_name_the_same_commands_and_have_the_same_headings() -> None:
    english, chinese = [(ROOT / name).read_text("utf-8") for name in READMES]
    assert calls(english) == calls(chinese)
    assert targets(english) == targets(chinese)
    depths = [re.findall(r"^#+", bare(text), re.MULTILINE) for text in (english, chinese)]
    assert depths[0] == depths[1]


@each_page
def test_every_link_leads_somewhere(page: Path) -> None:
    broken = [
        link
        for link in LINK.findall(INLINE.sub("", bare(page.read_text("utf-8"))))
        if "://" not in link and not reachable(page, link)
    ]
    assert not broken


@each_page
def test_every_file_and_folder_that_is_named_exists(page: Path) -> None:
    named = OURS.findall(page.read_text("utf-8"))
    assert [path for path in named if not (ROOT / path).exists()] == []


@each_page
def test_every_make_target_that_is_named_exists(page: Path) -> None:
    makefile = (ROOT / "Makefile").read_text("utf-8")
    known = set(re.findall(r"^([a-z][a-z-]*):", makefile, re.MULTILINE))
    assert targets(page.read_text("utf-8")) - known == set()


@each_page
def test_every_shuniu_command_that_is_named_exists(page: Path) -> None:
    said = calls(page.read_text("utf-8"))
    assert [call for call in said if not callable_as(call.split())] == []


def test_the_records_are_numbered_without_a_gap() -> None:
    assert [r.name[:4] for r in RECORDS] == [f"{n:04}" for n in range(1, len(RECORDS) + 1)]


@each_record
def test_a_record_has_its_sections_and_one_sentence_that_decides(record: Path) -> None:
    text = record.read_text("utf-8")
    assert text.startswith(f"# {record.name[:4]} ")
    assert re.findall(r"^## (.+)$", text, re.MULTILINE) == SECTIONS
    assert re.fullmatch(r"\*\*[^*\n]+\.\*\*", section(text, "Decision"))


@each_record
def test_a_record_names_the_machine_that_holds_it(record: Path) -> None:
    held = section(record.read_text("utf-8"), "Held by")
    assert GUARD.search(held)


def bare(text: str) -> str:
    return FENCE.sub("", text)


def section(text: str, title: str) -> str:
    return text.partition(f"## {title}\n")[2].partition("\n## ")[0].strip()


def code(text: str) -> str:
    """Return what stands in code: commands as they are typed, no sample of an output."""
    typed = [block for language, block in FENCE.findall(text) if language in TYPED]
    return "\n".join(typed + INLINE.findall(bare(text)))


def targets(text: str) -> set[str]:
    return set(TARGET.findall(code(text)))


def calls(text: str) -> set[str]:
    """Return every call of `shuniu` in *text*, by its words and options alone."""
    found = set()
    for call in CALL.findall(code(text)):
        words = [word.partition("=")[0] for word in call.split()]
        found.add(" ".join(w for w in words if re.fullmatch(r"-{0,2}[a-z][a-z-]*", w)))
    return found


def callable_as(words: list[str]) -> bool:
    """Say whether the command has these subcommands and options, in this order."""
    known = command()
    options = [word for word in words if word.startswith("-")]
    for word in words:
        below = getattr(known, "commands", {})
        if not below or word.startswith("-"):
            break
        if word not in below:
            return False
        known = below[word]
    offered = {name for p in known.params for name in (*p.opts, *p.secondary_opts)}
    return set(options) <= offered | {"--help"}


def reachable(page: Path, link: str) -> bool:
    path, _, anchor = link.partition("#")
    target = page.parent / path if path else page
    if not target.exists():
        return False
    slugs = re.findall(r"^#+ (.+)$", target.read_text("utf-8"), re.MULTILINE)
    return not anchor or anchor in {
        re.sub(r"[^\w\- ]", "", s.lower()).replace(" ", "-") for s in slugs
    }

"""Reading an import: YAML with all kinds in it, or CSV with one. Every problem has its line.

YAML:  organs: [{id, name}]
       units:  [{id, name, organ, parent?, functions?, unit_class?}]
       people: [{id, name, unit, post | posts, roles?, superior?, clearance?, aide_of?,
                 substitutes?: [{person, since?, until?}], mobile?, email?}]
CSV:   a header with some of the same names (no substitutes); several values by semicolon.
"""

import csv
import io
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

import yaml

from services.directory.api.lines import Problem, read_entry
from services.directory.domain.entries import (
    ORGAN,
    PERSON,
    UNIT,
    Named,
    OrganEntry,
    PersonEntry,
    UnitEntry,
)
from services.directory.domain.importing import Fault, Import

SECTIONS: Mapping[str, str] = {"organs": ORGAN, "units": UNIT, "people": PERSON}
SEVERAL = frozenset({"functions", "posts", "roles", "aide_of"})
DEEPEST = 8
MOST_PROBLEMS = 1000  # a file with more is read no further
MOST_DIGITS = 18
Loader: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)


@dataclass(slots=True)
class Read:
    """What was read of a file, and what is wrong with it."""

    organs: list[OrganEntry] = field(default_factory=list)
    units: list[UnitEntry] = field(default_factory=list)
    people: list[PersonEntry] = field(default_factory=list)
    names: dict[str, Named] = field(default_factory=dict)
    problems: list[Problem] = field(default_factory=list)
    lines: dict[tuple[str, str], dict[str, int]] = field(default_factory=dict)
    broken: set[str] = field(default_factory=set)
    cut: bool = False

    @property
    def wanted(self) -> Import:
        """What the file says."""
        return Import(
            organs=tuple(self.organs),
            units=tuple(self.units),
            people=tuple(self.people),
            names=self.names,
        )

    def take(self, kind: str, content: Mapping[str, Any], lines: dict[str, int]) -> None:
        """Take one entry; *lines* are those of its fields, "" that of the whole."""
        section = next(name for name, named in SECTIONS.items() if named == kind)
        found = read_entry(kind, content, section, lines)
        if isinstance(found, list):
            self.problems += found
            self.broken.add(str(content.get("id")))
            return
        entry, named = found
        if (kind, entry.id) in self.lines:
            first = self.lines[kind, entry.id][""]
            zh, en = f"与第{first}行重复", f"stands in line {first} already"
            line = lines.get("id", lines[""])
            self.problems.append(Problem(line=line, at=f"{section}.id", zh=zh, en=en))
            return
        self.lines[kind, entry.id] = lines
        match entry:
            case OrganEntry():
                self.organs.append(entry)
            case UnitEntry():
                self.units.append(entry)
            case PersonEntry():
                self.people.append(entry)
                if named is not None:
                    self.names[entry.id] = named

    def fail(self, line: int, at: str, zh: str, en: str) -> None:
        """Note that the file could not be read to its end."""
        self.problems.append(Problem(line=line, at=at, zh=zh, en=en))
        self.cut = True

    @property
    def hopeless(self) -> bool:
        """Whether there are more problems than anybody is shown."""
        return len(self.problems) > MOST_PROBLEMS

    def judge(self, faults: Iterable[Fault]) -> None:
        """Add what does not fit, but for what may fit once the lines above are corrected."""
        self.problems += [
            self._problem_of(fault)
            for fault in faults
            if not self.cut and self.broken.isdisjoint(fault.refusal.facts.values())
        ]

    def _problem_of(self, fault: Fault) -> Problem:
        section = next(name for name, kind in SECTIONS.items() if kind == fault.kind)
        lines = self.lines[fault.kind, fault.id]
        refusal = fault.refusal
        line = lines.get(refusal.field, lines[""])
        zh, en = refusal.message("zh"), refusal.message("en")
        return Problem(line=line, at=f"{section}.{refusal.field}", zh=zh, en=en)


def read_yaml(text: str) -> Read:
    """Read organs, units and people."""
    read = Read()
    try:
        _expect_plain(text)
        for kind, item in _items(yaml.compose(text, Loader=Loader)):
            lines = {"": item.start_mark.line + 1}
            lines |= {k.value: k.start_mark.line + 1 for k, _ in _fields(item)}
            read.take(kind, _plain(item), lines)
            if read.hopeless:
                read.cut = True
                break
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        zh, en = _WORDS.get(
            error.problem or "", ("YAML在此处有误", "the YAML is broken here")
        )
        line = mark.line + 1 if mark else 1
        read.fail(line, "file", zh, en)
    except (yaml.YAMLError, ValueError):  # a character that YAML has not
        zh, en = "含有YAML不允许的字符", "has a character that YAML does not allow"
        read.fail(1, "file", zh, en)
    return read


def read_csv(text: str, kind: str) -> Read:
    """Read entries of one *kind*: a header row, then one row an entry."""
    read = Read()
    rows = csv.reader(io.StringIO(text.removeprefix("\ufeff"), newline=""), strict=True)
    try:
        header = [name.strip() for name in next(rows, [])]
        if "id" not in header or len(set(header)) < len(header):
            zh, en = (
                "首行须为列名，含id，不得重复",
                "the first row names the columns, id is one",
            )
            read.fail(1, "header", zh, en)
            return read
        line = rows.line_num + 1
        for row in rows:
            if any(row):
                _take_row(read, kind, header, row, line)
            if read.hopeless:
                read.cut = True
                break
            line = rows.line_num + 1
    except csv.Error:
        zh, en = "CSV在此处有误", "the CSV is broken here"
        read.fail(rows.line_num, "file", zh, en)
    return read


def _take_row(read: Read, kind: str, header: list[str], row: list[str], line: int) -> None:
    if len(row) > len(header):
        zh, en = "列数多于首行", "has more columns than the first row"
        read.fail(line, "row", zh, en)
        return
    content: dict[str, Any] = {}
    for name, cell in zip(header, (c.strip() for c in row), strict=False):
        if cell:
            parts = [part.strip() for part in cell.split(";")]
            content[name] = [p for p in parts if p] if name in SEVERAL else cell
    read.take(kind, content, {"": line})


def _expect_plain(text: str) -> None:
    """Refuse what a list of entries never needs, and what could make a small file a huge one."""
    depth = 0
    for event in yaml.parse(text, Loader=Loader):
        if isinstance(event, yaml.AliasEvent):
            raise _fault("alias", event)
        depth += isinstance(event, yaml.CollectionStartEvent)
        depth -= isinstance(event, yaml.CollectionEndEvent)
        if depth > DEEPEST:
            raise _fault("deep", event)


def _items(root: yaml.Node | None) -> Iterator[tuple[str, yaml.Node]]:
    if root is None:
        raise yaml.MarkedYAMLError(problem="empty")
    for section, node in _fields(root):
        kind = SECTIONS.get(section.value)
        if kind is None or not isinstance(node, yaml.SequenceNode):
            raise _fault("section", section)
        yield from ((kind, item) for item in node.value)


def _fault(problem: str, at: Any) -> yaml.MarkedYAMLError:
    return yaml.MarkedYAMLError(problem=problem, problem_mark=at.start_mark)


def _fields(node: yaml.Node) -> Iterator[tuple[yaml.ScalarNode, yaml.Node]]:
    if not isinstance(node, yaml.MappingNode):
        raise _fault("mapping", node)
    seen: set[str] = set()
    for key, value in node.value:
        if not isinstance(key, yaml.ScalarNode) or key.value in seen:
            raise _fault("key", key)
        seen.add(key.value)
        yield key, value


def _plain(node: yaml.Node) -> Any:
    match node:
        case yaml.MappingNode():
            return {key.value: _plain(value) for key, value in _fields(node)}
        case yaml.SequenceNode():
            return [_plain(item) for item in node.value]
        case yaml.ScalarNode(tag="tag:yaml.org,2002:null"):
            return None
        case yaml.ScalarNode(tag="tag:yaml.org,2002:int", value=value):
            number = value.isascii() and value.isdigit() and len(value) <= MOST_DIGITS
            return int(value) if number else value
        case _:
            return str(node.value)


_WORDS: Mapping[str, tuple[str, str]] = {
    "empty": ("文件是空的", "the file is empty"),
    "section": (
        "须为列表 organs、units 或 people",
        "must be a list: organs, units or people",
    ),
    "alias": ("不得使用锚点和别名", "must not use anchors and aliases"),
    "deep": ("嵌套过深", "is nested too deeply"),
    "mapping": ("须为“名称: 值”", "must be `name: value` pairs"),
    "key": ("此项重复或不是名称", "stands there twice, or is no name"),
}

"""What a line of an import may say, and what is wrong with one: where, in both languages."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Annotated, Any

from pydantic import Field, StringConstraints, ValidationError

from chassis.http import Body, Moment
from chassis.http.bodies import Short
from chassis.http.faults import fault_of
from services.directory.domain.entries import (
    ORGAN,
    PERSON,
    UNIT,
    Entry,
    Named,
    OrganEntry,
    PersonEntry,
    Substitute,
    UnitEntry,
)

Code = Annotated[str, StringConstraints(pattern=r"^[a-z][a-z0-9.-]{0,60}$")]
Word = Annotated[str, StringConstraints(pattern=r"^[a-z][a-z0-9_]{0,60}$")]
Codes = Annotated[list[Code], Field(max_length=50)]
Words = Annotated[list[Word], Field(max_length=50)]


@dataclass(frozen=True, kw_only=True, slots=True)
class Problem:
    """What is wrong in one line of an import."""

    line: int
    at: str
    zh: str
    en: str

    def shown(self, language: str) -> dict[str, Any]:
        """Return it as an entry of a problem document."""
        fault = self.en if language == "en" else self.zh
        return {"line": self.line, "at": self.at, "fault": fault}


class OrganContent(Body):
    """An organ."""

    name: Short

    def entry(self, code: str) -> OrganEntry:
        """Return it as the entry called *code*."""
        return OrganEntry(id=code, name=self.name)


class UnitContent(Body):
    """A unit or section."""

    name: Short
    organ: Code
    parent: Code | None = None
    functions: Words = []
    unit_class: Word | None = None

    def entry(self, code: str) -> UnitEntry:
        """Return it as the entry called *code*."""
        return UnitEntry(
            id=code,
            name=self.name,
            organ=self.organ,
            parent=self.parent,
            functions=tuple(sorted(set(self.functions))),
            unit_class=self.unit_class,
        )


class SubstituteContent(Body):
    """Who stands in, and when."""

    person: Code
    since: Moment | None = None
    until: Moment | None = None


class PersonContent(Body):
    """A person: `post` where there is one, `posts` where there are several."""

    name: Short
    unit: Code
    post: Short | None = None
    posts: Annotated[list[Short], Field(max_length=20)] = []
    roles: Words = []
    superior: Code | None = None
    clearance: Annotated[int, Field(ge=0, le=3)] = 0
    aide_of: Codes = []
    substitutes: Annotated[list[SubstituteContent], Field(max_length=20)] = []
    mobile: Short | None = None
    email: Short | None = None

    def entry(self, code: str) -> PersonEntry:
        """Return it as the entry called *code*."""
        main = [self.post] if self.post else []
        return PersonEntry(
            id=code,
            unit=self.unit,
            posts=tuple(dict.fromkeys([*main, *self.posts])),
            roles=tuple(sorted(set(self.roles))),
            superior=self.superior,
            clearance=self.clearance,
            aide_of=tuple(sorted(set(self.aide_of))),
            substitutes=tuple(Substitute(**s.model_dump()) for s in self.substitutes),
        )

    @property
    def named(self) -> Named:
        """The name and the contact targets."""
        return Named(name=self.name, mobile=self.mobile, email=self.email)


CONTENTS: Mapping[str, type[OrganContent | UnitContent | PersonContent]] = {
    ORGAN: OrganContent,
    UNIT: UnitContent,
    PERSON: PersonContent,
}


class CodeContent(Body):
    """The code of an entry."""

    id: Code


def read_entry(
    kind: str, content: Mapping[str, Any], at: str, lines: Mapping[str, int]
) -> tuple[Entry, Named | None] | list[Problem]:
    """Return what one line says, or all that is wrong with it. *lines* are those of fields."""
    rest = {name: value for name, value in content.items() if name != "id"}
    problems: list[Problem] = []
    code = content.get("id")
    try:
        code = CodeContent.model_validate({"id": code} if code is not None else {}).id
    except ValidationError as error:
        problems += _problems(error, at, lines)
    try:
        read = CONTENTS[kind].model_validate(rest)
    except ValidationError as error:
        return problems + _problems(error, at, lines)
    if problems:
        return problems
    named = read.named if isinstance(read, PersonContent) else None
    return read.entry(str(code)), named


def _problems(error: ValidationError, at: str, lines: Mapping[str, int]) -> list[Problem]:
    found = []
    for fault in error.errors():
        named, zh = fault_of(fault, "zh")["at"], fault_of(fault, "zh")["fault"]
        line = lines.get(str(fault["loc"][0]) if fault["loc"] else "", lines[""])
        en = fault_of(fault, "en")["fault"]
        place = f"{at}.{named}" if named else at
        found.append(Problem(line=line, at=place, zh=zh, en=en))
    return found

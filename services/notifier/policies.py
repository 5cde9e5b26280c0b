"""From policy data to what the domain decides by. Every fault is named, none guessed around."""

from pathlib import Path
from string import Formatter

import yaml
from google.protobuf import descriptor_pool
from pydantic import BaseModel, ConfigDict, ValidationError

from services.notifier.domain.rules import Rule, Tell
from shuniu.documents.v1 import events_pb2 as _documents  # noqa: F401 so that it is known
from shuniu.meetings.v1 import events_pb2 as _meetings  # noqa: F401 the same
from shuniu.supervision.v1 import events_pb2 as _supervision  # noqa: F401 the same

FOLDER = Path(__file__).parent
RULES = FOLDER / "rules"
MADE = frozenset({"number", "units", "step_zh", "stage_zh"})
OF_MATTERS = frozenset({"responsible_person", "handler", "asked_by", "addressee", "due"})
SEVERITIES = ("reminder", "notice", "warning", "critical")


class RulesError(ValueError):
    """The rules file cannot be used: says where and why."""


class _Tell(BaseModel):
    model_config = ConfigDict(extra="forbid")

    person: str | None = None
    role: str | None = None
    of: str | None = None
    function: str | None = None
    organ: str = "organ"
    roles: str | None = None


class _Rule(BaseModel):
    model_config = ConfigDict(extra="forbid")

    id: str
    event: str
    kind: str
    severity: str
    tell: list[_Tell]
    title_zh: str
    title_en: str
    when: dict[str, str] = {}
    having: tuple[str, ...] = ()
    lacking: tuple[str, ...] = ()
    deadline: str | None = None


class _File(BaseModel):
    model_config = ConfigDict(extra="forbid")

    effective_from: str | object
    source: str
    rules: list[_Rule]


def _check_words(path: Path, rule: _Rule) -> None:
    """Refuse a rule whose words no event will ever fill."""
    try:
        message = descriptor_pool.Default().FindMessageTypeByName(rule.event)
    except KeyError as error:
        raise RulesError(f"{path}: {rule.id}: there is no event {rule.event}") from error
    known = set(message.fields_by_name) | MADE
    if "matter_id" in known:
        known |= OF_MATTERS
    used = {rule.deadline} if rule.deadline else set()
    used |= {t.person for t in rule.tell if t.person} | {t.of for t in rule.tell if t.of}
    used |= {t.organ for t in rule.tell} | {t.roles for t in rule.tell if t.roles}
    for template in (rule.title_zh, rule.title_en):
        used |= {name for _, name, _, _ in Formatter().parse(template) if name}
    used |= {*rule.when, *rule.having, *rule.lacking}
    if unknown := sorted(used - known):
        raise RulesError(f"{path}: {rule.id}: {rule.event} knows no {', '.join(unknown)}")


def load_rules(folder: Path = RULES) -> dict[str, Rule]:
    """Return the rules of every file in *folder* by id. Raises `RulesError`."""
    rules: dict[str, Rule] = {}
    for path in sorted(folder.glob("*.yaml")):
        _load(path, rules)
    return rules


def _load(path: Path, rules: dict[str, Rule]) -> None:
    try:
        content = _File.model_validate(yaml.safe_load(path.read_text("utf-8")))
    except (OSError, yaml.YAMLError, ValidationError) as error:
        raise RulesError(f"{path}: {error}") from error
    for found in content.rules:
        if found.severity not in SEVERITIES:
            raise RulesError(
                f"{path}: {found.id}: severity is one of {', '.join(SEVERITIES)}"
            )
        if found.id in rules:
            raise RulesError(f"{path}: {found.id} stands there twice")
        _check_words(path, found)
        rules[found.id] = Rule(
            **found.model_dump(exclude={"tell"}),
            tell=tuple(Tell(**tell.model_dump()) for tell in found.tell),
        )

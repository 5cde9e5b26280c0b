"""Reads the rules from their file. Every fault is named, none is guessed around."""

from pathlib import Path

import yaml
from pydantic import BaseModel, ConfigDict, ValidationError

from services.notifier.domain.rules import Rule, Tell

SEVERITIES = ("reminder", "notice", "warning", "critical")


class RulesError(ValueError):
    """The rules file cannot be used: says where and why."""


class _Tell(BaseModel):
    model_config = ConfigDict(extra="forbid")

    person: str | None = None
    role: str | None = None
    of: str | None = None
    function: str | None = None


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
    deadline: str | None = None


class _File(BaseModel):
    model_config = ConfigDict(extra="forbid")

    effective_from: str | object
    source: str
    rules: list[_Rule]


def load_rules(path: Path) -> dict[str, Rule]:
    """Return the rules of *path* by id. Raises `RulesError`."""
    try:
        content = _File.model_validate(yaml.safe_load(path.read_text("utf-8")))
    except (OSError, yaml.YAMLError, ValidationError) as error:
        raise RulesError(f"{path}: {error}") from error
    rules: dict[str, Rule] = {}
    for found in content.rules:
        if found.severity not in SEVERITIES:
            raise RulesError(
                f"{path}: {found.id}: severity is one of {', '.join(SEVERITIES)}"
            )
        if found.id in rules:
            raise RulesError(f"{path}: {found.id} stands there twice")
        rules[found.id] = Rule(
            **found.model_dump(exclude={"tell"}),
            tell=tuple(Tell(**tell.model_dump()) for tell in found.tell),
        )
    return rules

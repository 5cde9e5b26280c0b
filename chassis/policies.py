"""Policies: rules of practice as data, each with its source and the days it is in force.

A service ships its defaults; a deployment's folder may hold a file of the same name that
replaces a policy by its id, or adds one in force from a later day.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any, Literal, Self

import yaml
from pydantic import BaseModel, ConfigDict, Field, ValidationError, model_validator


class PolicyError(ValueError):
    """A policy file cannot be used, or no policy is in force: says which and why."""


class Policy(BaseModel):
    """One policy as it is written in a file."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    id: str = Field(pattern=r"^[A-Z][A-Z0-9-]{1,30}$")
    title_zh: str
    title_en: str
    kind: Literal["LAW", "STD", "POL", "LOC", "PRAC", "DEFAULT"]
    source: str = Field(min_length=1)
    effective_from: date
    effective_to: date | None = None
    values: dict[str, Any]

    @model_validator(mode="after")
    def _in_order(self) -> Self:
        if self.effective_to is not None and self.effective_to < self.effective_from:
            raise ValueError("effective_to lies before effective_from")
        return self


class _File(BaseModel):
    model_config = ConfigDict(extra="forbid")

    policies: list[Policy]


@dataclass(frozen=True)
class Policies:
    """The policies of one service."""

    every: Sequence[Policy]

    @classmethod
    def load(cls, shipped: Path, override: Path | None) -> Self:
        """Read the shipped file, then the deployment's where it has one.

        An override of a law is refused: law is fixed. Raises `PolicyError`.
        """
        every = _read(shipped)
        theirs = override / shipped.parent.name / shipped.name if override else None
        if theirs is not None and theirs.is_file():
            fixed = {policy.id for policy in every if policy.kind in ("LAW", "STD")}
            for policy in _read(theirs):
                if policy.id in fixed:
                    raise PolicyError(
                        f"{theirs}: {policy.id} is law and cannot be replaced"
                    )
                every = [old for old in every if not _replaces(policy, old)] + [policy]
        return cls(tuple(every))

    def at(self, policy_id: str, day: date) -> Mapping[str, Any]:
        """Return the values in force on *day*: the latest that has begun. Raises `PolicyError`."""
        in_force = [
            policy
            for policy in self.every
            if policy.id == policy_id
            and policy.effective_from <= day
            and (policy.effective_to is None or day <= policy.effective_to)
        ]
        if not in_force:
            raise PolicyError(f"no policy {policy_id} is in force on {day}")
        return max(in_force, key=lambda policy: policy.effective_from).values


def read_policy(path: Path) -> Policy:
    """Return the one policy of a file of its own. Raises `PolicyError`."""
    try:
        return Policy.model_validate(yaml.safe_load(path.read_text("utf-8")))
    except (OSError, yaml.YAMLError, ValidationError) as error:
        raise PolicyError(f"{path}: {error}") from error


def _replaces(new: Policy, old: Policy) -> bool:
    return new.id == old.id and new.effective_from == old.effective_from


def _read(path: Path) -> list[Policy]:
    try:
        return _File.model_validate(yaml.safe_load(path.read_text("utf-8"))).policies
    except (OSError, yaml.YAMLError, ValidationError) as error:
        raise PolicyError(f"{path}: {error}") from error

"""From policy data to what the domain decides by."""

from collections.abc import Mapping
from datetime import date
from functools import cache
from pathlib import Path
from typing import Any

from chassis.parts import Parts
from chassis.policies import Policy, PolicyError, read_policy
from services.supervision.domain.evaluation.rules import Rule, RuleError, rule_of
from services.supervision.domain.ladder import LadderError, Rung, ladder_of
from services.supervision.domain.limits import Limits

LADDER = "P-LADDER"
RULES = Path(__file__).parent / "rules"


def limits(parts: Parts, day: date) -> Limits:
    """Return the limits in force on *day*."""
    node = parts.policies.at("P-NODE", day)
    return Limits(
        assign_minutes=node["assign_minutes"],
        receive_minutes=node["receive_minutes"],
        default_work_days=parts.policies.at("P-DUE", day)["default_work_days"],
        rungs=_ladder(parts.policies.at(LADDER, day)),
    )


def check(parts: Parts) -> None:
    """Read what cannot be guessed around, once at start. Raises `PolicyError`."""
    score_rules(parts.settings.policies)
    for policy in parts.policies.every:
        if policy.id == LADDER:
            _ladder(policy.values)


def _ladder(values: Mapping[str, Any]) -> tuple[Rung, ...]:
    try:
        return ladder_of(values)
    except LadderError as error:
        raise PolicyError(f"{LADDER}: {error}") from error


@cache
def score_rules(override: Path | None) -> Mapping[str, Rule]:
    """Return the rules of scoring by id: ours, and the deployment's in their place.

    Raises `PolicyError`, naming the file and the figure.
    """
    rules = _rules_in(RULES)
    if override is not None:
        rules |= _rules_in(override / RULES.parent.name / RULES.name)
    return rules


def _rules_in(folder: Path) -> dict[str, Rule]:
    rules: dict[str, Rule] = {}
    for file in sorted(folder.glob("*.yaml")):
        policy = read_policy(file)
        if policy.id != file.stem:
            raise PolicyError(f"{file}: it is called {policy.id}, not as its file")
        rules[policy.id] = _rule(policy, file)
    return rules


def _rule(policy: Policy, file: Path) -> Rule:
    try:
        return rule_of(
            policy.id,
            policy.values,
            effective_from=policy.effective_from,
            effective_to=policy.effective_to,
        )
    except RuleError as error:
        raise PolicyError(f"{file}: {error}") from error

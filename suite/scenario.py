"""Scenarios: who does what when, and what the system must then do. Data, in YAML.

name: …
organisation: organisation.yaml     # beside the scenario
calendar_years: [2025]
steps:
  - at: 2025-04-25T18:42+08:00
    as: li.juan
    do: give_instruction            # an act of `suite.acts`; none: only let time pass
    with: {…}
    expect: [{event: InstructionGiven}, {matter: {state: opened, due: …}}]
end: […]                            # expectations once all is played
story: 收〔2025〕417号               # whose causal chain is printed
"""

from datetime import datetime
from pathlib import Path
from typing import Annotated, Any, Self

import yaml
from pydantic import (
    AwareDatetime,
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    model_validator,
)

EXPECTATIONS = frozenset(
    {
        "event",
        "no_event",
        "number",
        "document",
        "matter",
        "meeting",
        "agenda_item",
        "opinion",
        "score",
        "alerts",
        "refused",
        "calendar",
        "series",
    }
)


class ScenarioError(ValueError):
    """The scenario cannot be played: says where and why."""


def _listed(value: Any) -> Any:
    return value if isinstance(value, list) else [value]


def _written(value: Any) -> Any:
    return value.isoformat() if isinstance(value, datetime) else value


Expectations = Annotated[list[dict[str, Any]], BeforeValidator(_listed)]


class Step(BaseModel):
    """One step."""

    model_config = ConfigDict(extra="forbid", populate_by_name=True)

    at: AwareDatetime
    person: str | None = Field(default=None, alias="as")
    on_behalf_of: str | None = None
    do: str | None = None
    given: dict[str, Any] = Field(default_factory=dict, alias="with")
    says: str = ""
    expect: Expectations = []

    @model_validator(mode="after")
    def _whole(self) -> Self:
        if (self.do is None) != (self.person is None):
            raise ValueError("an act needs both `as` and `do`; a step of waiting neither")
        for expected in self.expect:
            if unknown := expected.keys() - EXPECTATIONS:
                raise ValueError(
                    f"unknown expectation {', '.join(sorted(unknown))}; "
                    f"known are: {', '.join(sorted(EXPECTATIONS))}"
                )
        return self


class Scenario(BaseModel):
    """A scenario, whole."""

    model_config = ConfigDict(extra="forbid")

    name: str
    organisation: Path
    calendar_years: list[int]
    story: str
    steps: list[Step] = Field(min_length=1)
    end: Expectations = []

    @model_validator(mode="after")
    def _in_order(self) -> Self:
        for before, after in zip(self.steps, self.steps[1:], strict=False):
            if after.at < before.at:
                raise ValueError(f"the step at {after.at} comes after one at {before.at}")
        return self


def read_yaml(text: str) -> Any:
    """Return what *text* says, its times as they are written. Raises `yaml.YAMLError`."""
    return yaml.load(text, Loader=_Loader)  # noqa: S506 a safe one


def load_scenario(path: Path) -> Scenario:
    """Read the scenario in *path*. Raises `ScenarioError`."""
    try:
        content = read_yaml(path.read_text("utf-8"))
        scenario = Scenario.model_validate(content)
    except (OSError, ValueError, yaml.YAMLError) as error:
        raise ScenarioError(f"{path}: {error}") from error
    return scenario.model_copy(update={"organisation": path.parent / scenario.organisation})


class _Loader(yaml.SafeLoader):
    """YAML's safe loader, but a time stays the text that was written, offset and all."""


_Loader.yaml_implicit_resolvers = {
    first: [(tag, rule) for tag, rule in rules if tag != "tag:yaml.org,2002:timestamp"]
    for first, rules in yaml.SafeLoader.yaml_implicit_resolvers.items()
}

"""`.env.example` says what can be set, and nothing else."""

import re
from pathlib import Path

import pytest

from chassis.settings import Settings
from suite.env_example import lines

ROOT = Path(__file__).resolve().parents[2]
EXAMPLE = ROOT / ".env.example"


def test_the_example_is_that_of_the_settings() -> None:
    made = "\n".join(lines())
    assert EXAMPLE.read_text("utf-8") == made, (
        "run: python -m suite.env_example > .env.example"
    )


def test_every_default_in_the_example_can_be_read_back(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    written = re.findall(
        r"^# (SHUNIU_[A-Z_]+)=(.+)$", EXAMPLE.read_text("utf-8"), re.MULTILINE
    )
    assert len(written) > 15
    for name, value in written:
        monkeypatch.setenv(name, value)
    monkeypatch.setenv("SHUNIU_PROFILE", "demo")
    settings = Settings(_env_file=None)  # type: ignore[call-arg] # pydantic-settings' own argument
    plain = Settings.model_construct(profile="demo")
    for name in Settings.model_fields:
        assert getattr(settings, name) == getattr(plain, name), name

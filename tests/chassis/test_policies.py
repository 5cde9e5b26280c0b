"""Policies: rules of practice as data, each with its source and the days it is in force."""

from datetime import date
from pathlib import Path
from typing import Any

import pytest
import yaml

from chassis.policies import Policies, PolicyError
from services.documents.domain.words import Urgency

SHIPPED = sorted(Path("services").glob("*/policies.yaml"))


def policy(**change: Any) -> dict[str, Any]:
    return {
        "id": "P-NODE",
        "title_zh": "时限",
        "title_en": "limits",
        "kind": "PRAC",
        "source": "惯例",
        "effective_from": date(2012, 7, 1),
        "values": {"minutes": 30},
    } | change


def write(folder: Path, *policies: dict[str, Any]) -> Path:
    folder.mkdir(parents=True, exist_ok=True)
    file = folder / "policies.yaml"
    file.write_text(yaml.safe_dump({"policies": list(policies)}, allow_unicode=True))
    return file


@pytest.mark.parametrize("file", SHIPPED, ids=lambda file: file.parent.name)
def test_what_is_shipped_can_be_loaded_and_names_its_sources(file: Path) -> None:
    every = Policies.load(file, None).every
    assert all(found.source and found.title_zh and found.title_en for found in every)


def test_limits_are_keyed_by_urgencies_that_exist() -> None:
    for file in SHIPPED:
        for found in Policies.load(file, None).every:
            for name, values in found.values.items():
                if name.endswith("_minutes"):
                    assert values.keys() <= {urgency.value for urgency in Urgency}


def test_the_latest_policy_that_has_begun_is_in_force(tmp_path: Path) -> None:
    later = policy(effective_from=date(2025, 1, 1), values={"minutes": 20})
    loaded = Policies.load(write(tmp_path / "documents", policy(), later), None)
    assert loaded.at("P-NODE", date(2024, 12, 31)) == {"minutes": 30}
    assert loaded.at("P-NODE", date(2025, 1, 1)) == {"minutes": 20}


def test_a_policy_ends_with_its_last_day(tmp_path: Path) -> None:
    ended = policy(effective_to=date(2024, 12, 31))
    loaded = Policies.load(write(tmp_path / "documents", ended), None)
    assert loaded.at("P-NODE", date(2024, 12, 31)) == {"minutes": 30}
    with pytest.raises(PolicyError, match="no policy P-NODE is in force on 2025-01-01"):
        loaded.at("P-NODE", date(2025, 1, 1))


def test_a_deployment_replaces_a_policy_and_may_add_a_later_one(tmp_path: Path) -> None:
    shipped = write(tmp_path / "shipped" / "documents", policy())
    write(
        tmp_path / "ours" / "documents",
        policy(values={"minutes": 45}),
        policy(effective_from=date(2026, 1, 1), values={"minutes": 15}),
    )
    loaded = Policies.load(shipped, tmp_path / "ours")
    assert loaded.at("P-NODE", date(2025, 6, 1)) == {"minutes": 45}
    assert loaded.at("P-NODE", date(2026, 6, 1)) == {"minutes": 15}


def test_a_law_is_not_replaced(tmp_path: Path) -> None:
    shipped = write(tmp_path / "shipped" / "documents", policy(kind="LAW"))
    write(tmp_path / "ours" / "documents", policy(values={"minutes": 45}))
    with pytest.raises(PolicyError, match="P-NODE is law and cannot be replaced"):
        Policies.load(shipped, tmp_path / "ours")


@pytest.mark.parametrize(
    "change",
    [
        {"source": ""},
        {"kind": "RUMOUR"},
        {"id": "node"},
        {"effective_to": date(2000, 1, 1)},
        {"colour": "blue"},
    ],
)
def test_a_faulty_policy_is_refused_with_its_file(
    tmp_path: Path, change: dict[str, Any]
) -> None:
    file = write(tmp_path / "documents", policy(**change))
    with pytest.raises(PolicyError, match=r"policies\.yaml"):
        Policies.load(file, None)

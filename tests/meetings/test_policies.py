"""The meeting bodies and limits of meetings: what ships can be used, and no deployment drops a law."""

from collections.abc import Callable
from copy import deepcopy
from pathlib import Path
from types import SimpleNamespace
from typing import Any, cast

import pytest
import yaml

from chassis.parts import Parts
from chassis.policies import Policies, PolicyError
from services import meetings
from services.meetings.domain.refusals import UnknownMeetingBodyError
from services.meetings.domain.words import DecidesBy
from services.meetings.policies import (
    electorate_is_present,
    expect_sound,
    meeting_bodies,
    meeting_body_of,
    opinion_limits,
)
from tests.support.meeting_samples import DAY, SHIPPED

WRITTEN = yaml.safe_load((Path(meetings.__path__[0]) / "policies.yaml").read_text("utf-8"))


def with_policy(
    folder: Path, policy_id: str, change: Callable[[dict[str, Any]], object]
) -> Parts:
    """Return a service whose deployment changed one policy."""
    policy = next(p for p in deepcopy(WRITTEN["policies"]) if p["id"] == policy_id)
    change(policy["values"])
    (folder / "meetings").mkdir()
    changed = yaml.safe_dump({"policies": [policy]}, allow_unicode=True)
    (folder / "meetings" / "policies.yaml").write_text(changed, "utf-8")
    shipped = Path(meetings.__path__[0]) / "policies.yaml"
    loaded = Policies.load(shipped, folder)
    return cast("Parts", SimpleNamespace(policies=loaded))


def test_what_ships_is_sound_and_has_the_three_bodies_of_the_county() -> None:
    expect_sound(SHIPPED)
    found = meeting_bodies(SHIPPED, DAY)
    members = {
        code: (meeting_body.members, meeting_body.quorum)
        for code, meeting_body in found.items()
    }
    assert members == {
        "npc.standing_committee": (27, 14),
        "npc.chairpersons": (5, 3),
        "gov.executive": (9, 5),
    }
    assert found["gov.executive"].decides_by is DecidesBy.CHAIR
    assert opinion_limits(SHIPPED, DAY).months == 3
    assert not electorate_is_present(SHIPPED, DAY)


def test_a_body_belongs_to_its_organ() -> None:
    assert meeting_body_of(SHIPPED, DAY, "gov.executive", "gov").organ == "gov"
    for code, organ in (("gov.executive", "npc"), ("npc.bureau", "npc")):
        with pytest.raises(UnknownMeetingBodyError):
            meeting_body_of(SHIPPED, DAY, code, organ)


def drop_draft(values: dict[str, Any]) -> None:
    del values["special_work_report"][1]


def shorten_draft(values: dict[str, Any]) -> None:
    values["special_work_report"][1]["days"] = 19


def make_local(values: dict[str, Any]) -> None:
    values["special_work_report"][2]["basis"] = "local"


def make_optional(values: dict[str, Any]) -> None:
    values["special_work_report"][3]["optional"] = True


def count_work_days(values: dict[str, Any]) -> None:
    values["counted_in"] = "work_days"


@pytest.mark.parametrize(
    "change", [drop_draft, shorten_draft, make_local, make_optional, count_work_days]
)
def test_a_deployment_that_drops_what_the_law_demands_is_refused_by_its_article(
    tmp_path: Path, change: Callable[[dict[str, Any]], object]
) -> None:
    with pytest.raises(PolicyError, match="监督法 第十五条"):
        expect_sound(with_policy(tmp_path, "P-MAT-NPC", change))


@pytest.mark.parametrize(
    ("policy", "change"),
    [
        ("P-MEETING-BODY", lambda v: v["npc.chairpersons"].update(members=0)),
        ("P-MEETING-BODY", lambda v: v.pop("gov.executive")),
        ("P-MAT-GOV", lambda v: v["general"].append(v["general"][0])),
        ("P-OPN", lambda v: v.pop("months")),
        ("P-SAT", lambda v: v.update(more_than_half_of="votes")),
    ],
    ids=[
        "no members",
        "no such meeting body",
        "stage twice",
        "months missing",
        "no such share",
    ],
)
def test_a_policy_that_cannot_be_used_is_refused_before_the_service_starts(
    tmp_path: Path, policy: str, change: Callable[[dict[str, Any]], object]
) -> None:
    with pytest.raises(PolicyError):
        expect_sound(with_policy(tmp_path, policy, change))


def test_a_deployment_may_set_its_own_months(tmp_path: Path) -> None:
    parts = with_policy(tmp_path, "P-OPN", lambda v: v.update(months=6))
    expect_sound(parts)
    assert opinion_limits(parts, DAY).months == 6

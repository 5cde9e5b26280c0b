"""A ladder is data, and one that cannot be is refused when it is loaded."""

from typing import Any

import pytest

from services.supervision.domain.ladder import LadderError, ladder_of

SOUND: dict[str, Any] = {"code": "due", "at": "due", "light": "red"}
SHEET = {"code": "sheet", "at": "opening", "after_work_days": 1, "light": "red"}


@pytest.mark.parametrize(
    ("rungs", "fault"),
    [
        ([], "1 to 20 rungs"),
        ([SHEET], "one rung at due"),
        ([SOUND, SOUND], "rung due stands there twice"),
        ([SHEET, SOUND], "rung due does not lie after rung sheet"),
        ([SOUND, SHEET | {"after_work_days": 0}], "rung sheet stands 0 working days"),
        ([SOUND | {"after_work_days": 2}], "rung due stands 2 working days"),
        ([SOUND, SHEET | {"after_work_days": True}], "rung sheet stands True"),
        ([SOUND, SHEET | {"sheet": "pink"}], "rung sheet: sheet is 'pink'"),
        ([SOUND, SHEET | {"colour": "pink"}], "rung sheet: colour is 'pink'"),
        ([SOUND, SHEET | {"at": "noon"}], "rung sheet: at is 'noon'"),
        ([SOUND | {"light": "blue"}], "rung due: light is 'blue'"),
        ([SOUND | {"tell": ["boss"]}], "rung due: role is 'boss'"),
        ([SOUND | {"tell": "principal"}], "rung due tells a list"),
        ([SOUND | {"sheet": "urging_sheet"}], "rung due calls for a sheet before"),
        ([SOUND | {"whom": []}], "rung due knows no whom"),
        (["due"], "rung 1 has no code"),
    ],
)
def test_a_ladder_that_cannot_be_is_refused_by_the_name_of_its_rung(
    rungs: list[Any], fault: str
) -> None:
    with pytest.raises(LadderError, match=fault):
        ladder_of({"rungs": rungs})


def test_a_ladder_is_a_list_under_its_name() -> None:
    wrong: list[dict[str, Any]] = [
        {},
        {"rungs": {}},
        {"rungs": [SOUND], "sheet_after_work_days": 1},
    ]
    for values in wrong:
        with pytest.raises(LadderError, match="list of rungs"):
            ladder_of(values)

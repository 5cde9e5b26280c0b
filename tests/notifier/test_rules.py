"""Rules: which event tells whom."""

from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest
import yaml

from services.notifier.domain.rules import Rule, Tell, recipients
from services.notifier.policies import RulesError, load_rules
from suite.local import SAMPLE
from suite.organisation import load_people

PEOPLE = load_people(SAMPLE / "organisation.yaml")
RULES = load_rules()
LEFT_AT = datetime(2025, 8, 11, tzinfo=UTC)
LEADERS = {"zhou.zhiyuan", "chen.jianguo", "lin.guodong", "xu.hui"}
MATTER = {
    "organ": "gov",
    "number": "云政督〔2025〕31号",
    "lead": "water",
    "units": ["water", "emergency", "qingshi"],
    "unit": "qingshi",
    "handler": "gao.yan",
    "responsible_person": "tang.yong",
    "means": "sheet",
}


@pytest.mark.parametrize(
    ("rule", "told"),
    [
        ("N-TO-ASSIGN", ["sun.li"]),
        ("N-ASSIGNED", ["deng.jie", "jiang.xin", "shen.fang"]),
        ("N-HANDLER", ["gao.yan"]),
        ("N-RECEIPT-OVERDUE", ["shen.fang", "wang.lei"]),
        ("N-NEAR", ["gao.yan", "deng.jie", "wang.lei"]),
        ("N-OVERDUE", ["gao.yan", "deng.jie", "tang.yong", "wang.lei", "sun.li"]),
        ("N-SHEET-PREPARED", ["wang.lei"]),
        ("N-ANSWER-NEAR", ["liu.min", "li.juan", "sun.li"]),
    ],
)
def test_who_is_told(rule: str, told: list[str]) -> None:
    assert recipients(RULES[rule], MATTER, PEOPLE) == told


@pytest.mark.parametrize("rule", RULES)
def test_no_rule_alerts_a_leader(rule: str) -> None:
    assert not LEADERS & set(recipients(RULES[rule], MATTER, PEOPLE))


def test_a_unit_urged_by_telephone_gets_no_alert_beside_the_call() -> None:
    sheet = RULES["N-SHEET"]
    assert sheet.applies(MATTER)
    assert not sheet.applies(MATTER | {"means": "phone"})


def test_progress_on_the_way_waits_for_no_review() -> None:
    result = RULES["N-FEEDBACK"]
    assert result.applies(MATTER | {"kind": "final"})
    assert not result.applies(MATTER | {"kind": "progress"})


def test_what_was_for_somebody_who_left_is_told_to_whoever_took_over() -> None:
    gao, tang = PEOPLE.people["gao.yan"], PEOPLE.people["tang.yong"]
    gao = replace(gao, left_at=LEFT_AT, taken_over_by="tang.yong")
    tang = replace(tang, left_at=LEFT_AT, taken_over_by="he.qiang")
    people = replace(PEOPLE, people={**PEOPLE.people, "gao.yan": gao, "tang.yong": tang})
    told = recipients(RULES["N-OVERDUE"], MATTER, people)
    assert told == ["he.qiang", "deng.jie", "wang.lei", "sun.li"]


def test_everybody_is_told_once_however_many_reasons_there_are() -> None:
    twice = Rule(
        id="N-TWICE",
        event="",
        kind="",
        severity="notice",
        tell=(Tell(person="handler"), Tell(person="handler"), Tell(person="nobody")),
        title_zh="",
        title_en="",
        when={},
    )
    assert recipients(twice, MATTER, PEOPLE) == ["gao.yan"]


def rule(**change: object) -> dict[str, object]:
    return {
        "id": "N-X",
        "event": "shuniu.supervision.v1.MatterOverdue",
        "kind": "deadline.overdue",
        "severity": "warning",
        "tell": [{"role": "liaison", "of": "lead"}],
        "title_zh": "{number}",
        "title_en": "{number}",
    } | change


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"event": "shuniu.supervision.v1.MatterLost"}, "there is no event"),
        ({"title_zh": "{colour}"}, "knows no colour"),
        ({"tell": [{"role": "liaison", "of": "bureau"}]}, "knows no bureau"),
        ({"deadline": "christmas"}, "knows no christmas"),
        ({"severity": "loud"}, "severity is one of"),
        ({"shout": True}, "shout"),
    ],
)
def test_a_rule_that_can_never_work_is_refused_by_name(
    tmp_path: Path, change: dict[str, object], said: str
) -> None:
    file = tmp_path / "rules.yaml"
    content = {"effective_from": "2025-01-01", "source": "site", "rules": [rule(**change)]}
    file.write_text(yaml.safe_dump(content, allow_unicode=True))
    with pytest.raises(RulesError, match=said):
        load_rules(tmp_path)


def test_a_rule_that_stands_there_twice_is_refused(tmp_path: Path) -> None:
    file = tmp_path / "rules.yaml"
    content = {"effective_from": "2025-01-01", "source": "site", "rules": [rule(), rule()]}
    file.write_text(yaml.safe_dump(content, allow_unicode=True))
    with pytest.raises(RulesError, match="twice"):
        load_rules(tmp_path)

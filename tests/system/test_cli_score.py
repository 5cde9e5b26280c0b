"""`shuniu score`: the score of a unit with the event behind each point, and one line of refusal."""

import asyncio
import json
from collections.abc import AsyncIterator
from datetime import datetime
from subprocess import CompletedProcess

import pytest
import pytest_asyncio

from chassis.people import People
from suite.acts import Desk
from suite.acts.score import ACTS
from suite.client import Client
from tests.support.cli import shuniu
from tests.support.scoring import FIRST_AND_THEN
from tests.support.suite import ORGANISATION, Suite
from tests.support.told import play_into

pytestmark = [pytest.mark.postgres, pytest.mark.asyncio(loop_scope="module")]

LAST_DAY = datetime.fromisoformat("2025-10-31T17:00+08:00")
PERIOD = {"from": "2025-01-01", "until": "2025-10-31"}


@pytest_asyncio.fixture(scope="module", loop_scope="module", autouse=True)
async def published(suite: Suite) -> AsyncIterator[None]:
    """Let 孙立 have published January to October by both rules, B after A."""
    await play_into(suite, LAST_DAY, FIRST_AND_THEN.events)
    async with Client(suite.url, suite.token) as client:
        desk = Desk(client, People({}, {}, {}))
        for rule in ("R-2025A", "R-2025B"):
            given = {**PERIOD, "rule": rule}
            await ACTS["publish_score"](desk, "sun.li", given, f"score/{rule}")
    await suite.settled()
    yield


async def score(suite: Suite, *words: str, who: str = "sun.li") -> "CompletedProcess[str]":
    where = {"SHUNIU_URL": suite.url, "SHUNIU_TOKEN": suite.token(who)}
    where["SHUNIU_ORGANISATION"] = str(ORGANISATION)
    return await asyncio.to_thread(shuniu, "score", *words, **where)


async def test_a_score_shows_each_point_with_its_matter_and_its_event(
    suite: Suite,
) -> None:
    done = await score(suite, "--unit", "县水利局", "--rule", "R-2025A", who="deng.jie")
    assert done.returncode == 0, done.stderr
    heading, unit, late, feedback, praise = done.stdout.splitlines()
    assert heading == "2025-01-01 – 2025-10-31  R-2025A  公布于2025-10-31 17:00"
    assert unit == (
        "县水利局 得分 98.9 （−1.6 逾期 −0.5 反馈迟 +1 肯定） 按期 1/2 不排名（少于3件）"
    )
    assert late.startswith(
        "  −1.6 逾期  云政督〔2025〕31号  2025-05-09 15:00  matter.Completed  3个工作日  "
    )
    assert feedback.startswith("  −0.5 反馈迟  云政督〔2025〕32号  2025-08-25 18:00  ")
    assert praise.startswith("  +1 肯定  云政督〔2025〕32号  2025-10-20 09:00  ")
    found = json.loads((await score(suite, "--rule", "R-2025A", "--json")).stdout)
    ids = [point["event_id"] for point in found["units"][0]["points"]]
    assert [line.split()[-1] for line in (late, feedback, praise)] == ids


async def test_without_a_rule_the_latest_score_is_shown(suite: Suite) -> None:
    done = await score(suite, "--lang", "en")
    assert done.stdout.splitlines()[:2] == [
        "2025-01-01 – 2025-10-31  R-2025B  published 2025-10-31 17:00",
        (
            "县水利局 score 96.5 （−3.5 late −1 feedback late +1 commended） "
            "on time 1/2 not ranked (fewer than 3 closed)"
        ),
    ]


async def test_a_preview_publishes_nothing(suite: Suite) -> None:
    spring = ("--from", "2025-01-01", "--until", "2025-06-30")
    done = await score(suite, "--preview", "--rule", "R-2025A", *spring)
    assert done.stdout.splitlines()[:2] == [
        "2025-01-01 – 2025-06-30  R-2025A  预览，未公布",
        "县水利局 得分 98.4 （−1.6 逾期） 按期 0/1 不排名（少于3件）",
    ]
    nothing = ("--from", "2024-01-01", "--until", "2024-12-31")
    done = await score(suite, "--preview", "--rule", "R-2025A", *nothing)
    assert done.stdout.splitlines()[1:] == ["该期间没有主办事项"]


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("--rule", "R-2031"), "no score by R-2031 is published yet: "),
        (("--unit", "外星"), "no unit is called 外星; known are: 县政府"),
        (("--preview",), "a preview needs --rule, --from and --until"),
        (
            ("--preview", "--rule", "R-1", "--from", "2025-01-01", "--until", "2025-02-01"),
            "没有计分规则R-1；现有：R-2025A、R-2025B。",
        ),
    ],
)
async def test_what_cannot_be_shown_is_one_line(
    suite: Suite, words: tuple[str, ...], said: str
) -> None:
    done = await score(suite, *words)
    assert (done.returncode, done.stdout) == (2, "")
    (line,) = done.stderr.splitlines()
    assert line.startswith(f"shuniu: {said}")

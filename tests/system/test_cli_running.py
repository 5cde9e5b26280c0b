"""The commands against one suite that stands at 2025-05-08T08:35 of the sample."""

import hashlib
import json
import signal
import time
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest

from suite.hosting import SERVICES
from tests.support.cli import (
    address_of,
    call,
    lines,
    on,
    reached,
    shuniu,
    started,
    stopped,
)

pytestmark = pytest.mark.postgres

UNTIL = "2025-05-08T08:35+08:00"
MATTER = "云政督〔2025〕31号"
SOURCE = "收〔2025〕417号"
SOON_SECONDS = 10.0


@pytest.fixture(scope="module")
def state(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """Play up to the morning of 8 May; give the folder of the suite that stays up."""
    folder = tmp_path_factory.mktemp("running") / "state"
    with started("demo", "--until", UNTIL, *on(folder)) as process:
        reached(process, "按 Ctrl-C 停止")
        yield folder


def test_the_clerk_s_first_screen(state: Path) -> None:
    heading, counts, most_urgent = lines(state, "today", "--as", "li.juan")
    assert heading.startswith("今天 5月8日 周四 工作日   ")
    assert counts == "待签收 0   待登记 0   待分办 0   待录批示 0   待核发 0   待归档 0"
    assert most_urgent == (
        f"最急： ● {SOURCE} 答复华州市人民政府办公室"
        "   明日18:00到期（剩1个工作日）   在：县水利局 已逾期"
    )


def test_the_section_head_s_first_screen(state: Path) -> None:
    assert lines(state, "today", "--as", "sun.li")[1:] == [
        "督办在办 1   红 1  黄 0  绿 0   待我审核 0   待我交办 0",
        (
            f"● {MATTER} 水库排查  主办县水利局 唐勇  限05-06  已逾期2个工作日  催办单9号已签收"
            "  今日18:00升级：督办通知单→罗海"
        ),
        "科内：王磊 在办1 超期1",
    ]


def test_the_leader_s_first_screen(state: Path) -> None:
    assert lines(state, "today", "--as", "zhou.zhiyuan")[1:] == [
        "您的批示：在办1  超期1  本周销号0",
        (
            "● 水库排查（您4月25日批示）  县水利局 罗海  逾期2个工作日  原因：未报"
            "   华州市人民政府办公室5月9日18时要结果，剩1个工作日"
        ),
        "待您签批 0",
    ]


def test_another_department_s_first_screen(state: Path) -> None:
    assert lines(state, "today", "--as", "deng.jie")[1:] == [
        "我单位：待签收 0   在办 1   超期 1",
        (
            f"● {MATTER}  主办  限05-06 18:00 = 4月25日+5个工作日"
            "（4/27班 4/28 4/29 4/30 5/6；五一休5天）  交办人 孙立"
        ),
        (
            f"  须报：排查结果，单位负责人签字  →  shuniu feedback give {MATTER}"
            " --file 结果.docx --signed-by luo.hai --as deng.jie"
        ),
    ]


def test_a_screen_for_programs(state: Path) -> None:
    (screen,) = json.loads("".join(lines(state, "today", "--as", "sun.li", "--json")))
    assert screen["counts"]["red"] == 1
    assert screen["items"][0]["overdue_work_days"] == 2


def test_why_finds_one_chain_by_every_name_of_it(state: Path) -> None:
    said = lines(state, "why", MATTER)
    assert said[0] == "因果链"
    assert said == lines(state, "why", SOURCE)
    (root,) = json.loads("".join(lines(state, "why", SOURCE, "--json")))
    incoming = root["stream"].partition("-")[2]
    assert said == lines(state, "why", incoming)
    assert said == lines(state, "why", root["events"][0]["correlation_id"])
    assert "Matter assigned" in "\n".join(lines(state, "why", MATTER, "--lang", "en"))


def test_public_events_are_read_like_another_department_s_system(state: Path) -> None:
    topic = "public.supervision.matter.v1"
    tail = ("events", "tail", "--no-follow", "--topic", topic, "--unit", "县水利局")
    said = lines(state, *tail)
    assert said[1] == (
        f"2025-04-25 18:50  交办  {MATTER}  主办县水利局  协办县应急管理局、青石镇人民政府"
    )
    assert not any("签收超时" in line for line in said), "that was about another unit"
    events = [json.loads(line) for line in lines(state, *tail, "--json")]
    assert len(events) == len(said)
    assert events[1]["type"] == "shuniu.supervision.v1.MatterAssigned"
    assert events[1]["data"]["lead"] == "water"
    assert {event["topic"] for event in events} == {topic}
    assert not lines(state, "events", "tail", "--no-follow", "--from-now")


def test_alerts_arrive_after_what_was_seen_and_ctrl_c_ends_them(state: Path) -> None:
    tail = ("alerts", "tail", "--as", "wang.lei")
    with started(*tail, SHUNIU_STATE=str(state)) as process:
        said = reached(process, "催办单待发")
        assert stopped(process, signal.SIGINT) == (130, "")
    first, *_ = said
    assert first.endswith(f"{MATTER}：青石镇人民政府未在4月25日19:50前签收")
    with started(*tail, "--after", "1", "--json", SHUNIU_STATE=str(state)) as process:
        alert = json.loads(reached(process, "{")[0])
        assert stopped(process, signal.SIGINT)[0] == 130
    assert (alert["sequence"], alert["kind"]) == ("2", "deadline.approaching")


def test_a_token_is_good_for_a_remote_call(state: Path) -> None:
    (token,) = lines(state, "token", "--as", "sun.li")
    remote = {"SHUNIU_URL": address_of(state)["http"], "SHUNIU_TOKEN": token}
    done = shuniu("today", **remote)
    assert done.returncode == 0, done.stderr
    assert "督办在办 1" in done.stdout
    done = shuniu("today", "--as", "li.juan", **remote)
    assert (done.returncode, done.stderr) == (
        2,
        "shuniu: the token names sun.li, not li.juan\n",
    )


def test_what_operators_look_at(state: Path) -> None:
    lag = json.loads("".join(lines(state, "admin", "lag", "--json")))
    assert set(lag) == set(SERVICES)
    assert not any(f["lag"] for each in lag.values() for f in each["followers"])
    assert any("relay" in line for line in lines(state, "admin", "lag", "supervision"))
    (event,) = lines(
        state, "admin", "events", "supervision", "--type", "matter.Assigned", "--json"
    )
    stream = json.loads(event)["stream"]
    story = json.loads(event)["correlation_id"]
    assert "matter.Opened" in lines(state, "admin", "stream", "supervision", stream)[1]
    assert "incoming.Received" in lines(state, "admin", "correlation", story)[1]
    timers = lines(state, "admin", "timers", "list", "documents")
    assert any("2025-05-09 18:00" in line for line in timers[1:])
    assert "没有搁置的记录" in lines(state, "admin", "parked", "list", "notifier")[0]
    assert lines(state, "admin", "verify", "documents") == ["documents  ✓ 完好 intact"]


def test_what_operators_do(state: Path) -> None:
    pause = ("admin", "followers", "pause", "notifier", "digests")
    assert "已暂停" in lines(state, *pause)[0]
    said = lines(state, "admin", "lag", "notifier")
    assert any("digests" in line and "暂停" in line for line in said)
    lines(state, "admin", "followers", "resume", "notifier", "digests")
    rebuilt = lines(state, "admin", "projections", "rebuild", "supervision", "matters")
    assert "已切换" in rebuilt[-1]
    place = ("notifier", "public.supervision.matter.v1", "3")
    assert "已暂停" in lines(state, "admin", "consumers", "pause", *place)[0]
    assert "已恢复" in lines(state, "admin", "consumers", "resume", *place)[0]
    assert (
        "从头重新发布" in lines(state, "admin", "relay", "rewind", "documents", "--yes")[0]
    )


def test_a_refusal_names_its_rule_and_its_source(state: Path) -> None:
    result = call(state, "act", "close_matter", "--as", "sun.li", "-w", f"matter={MATTER}")
    assert result.exit_code == 2
    (line,) = result.stderr.splitlines()
    assert "（规则 " in line
    assert "，LOC " in line


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (
            ("today", "--as", "nobody"),
            "nobody is called nobody here; known are: operator, ",
        ),
        (("today",), "say who you are: --as PERSON"),
        (("act", "dance", "--as", "sun.li"), "no act is called dance; known are: "),
        (("act", "accept_feedback", "--as", "sun.li"), "accept_feedback needs 'matter'"),
        (("act", "close_matter", "--as", "sun.li", "-w", "x"), "x: write KEY=VALUE"),
        (
            ("why", "收〔2025〕999号"),
            "no document, matter, agenda item or opinion is called 收〔2025〕999号",
        ),
        (("events", "tail", "--unit", "外星"), "no unit is called 外星; known are: 县政府"),
        (("admin", "lag", "archive"), "no service is called archive; known are: "),
        (("admin", "parked", "skip", "notifier", "7"), ""),
    ],
)
def test_what_cannot_be_done_is_one_line(
    state: Path, words: tuple[str, ...], said: str
) -> None:
    result = call(state, *words)
    assert result.exit_code == 2
    (line,) = result.stderr.splitlines()
    assert line.startswith(f"shuniu: {said}")


def test_feedback_carries_the_digest_of_its_file(state: Path, tmp_path: Path) -> None:
    paper = tmp_path / "结果.docx"
    paper.write_bytes(b"12 reservoirs")
    give = ("feedback", "give", MATTER, "--file", str(paper), "--as", "deng.jie")
    signed = ("--signed-by", "luo.hai")
    silent = call(state, *give, *signed)
    assert (silent.exit_code, silent.stderr) == (
        2,
        "shuniu: say what is reported: --summary TEXT\n",
    )
    once = lines(state, *give, *signed, "--summary", "已排查12座", "--key", "k-1", "--json")
    again = lines(
        state, *give, *signed, "--summary", "已排查12座", "--key", "k-1", "--json"
    )
    assert once == again
    (token,) = lines(state, "token", "--as", "sun.li")
    path = f"/supervision/v1/matters/{json.loads(once[0])['id']}"
    headers = {"Authorization": f"Bearer {token}"}
    detail = httpx.get(address_of(state)["http"] + path, headers=headers).json()
    (given,) = detail["feedback"]
    assert given["evidence_name"] == "结果.docx"
    assert given["evidence_sha256"] == hashlib.sha256(b"12 reservoirs").hexdigest()
    until = time.monotonic() + SOON_SECONDS  # lists are a moment behind
    while "已报待审核" not in lines(state, "today", "--as", "sun.li")[2]:
        assert time.monotonic() < until

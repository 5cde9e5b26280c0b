"""What a door says to what it cannot use: a problem document, the right status, never a 500."""

import base64
import json
from collections.abc import AsyncIterator, Mapping
from typing import Any
from uuid import uuid4

import httpx
import pytest

from tests.support.office import DRAFT, RECEIPT, received
from tests.support.suite import OPERATOR, Suite, expect_problem

pytestmark = pytest.mark.asyncio(loop_scope="module")

INCOMING = "/documents/v1/incoming"
MATTERS = "/supervision/v1/matters"
TIMERS = "/documents/admin/v1/timers"
PARKED = "/documents/admin/v1/parked"
MARKER = "zq7-planted"
LANGUAGES = {"zh": {}, "en": {"Accept-Language": "en"}}
JSON = {"Content-Type": "application/json"}
TOO_MUCH = 10_000_000

Asked = dict[str, Any]


def changed(**fields: Any) -> Asked:
    return {"content": json.dumps(RECEIPT | fields)}


BODIES: Mapping[str, tuple[Asked, int, str]] = {
    "an unknown field": (changed(zq=MARKER), 422, "invalid"),
    "an unknown field of an unspeakable name": (
        changed(**{f"{MARKER} 标题": 1}),
        422,
        "invalid",
    ),
    "a number for text": (changed(title=7_777_777), 422, "invalid"),
    "a list for text": (changed(title=[MARKER]), 422, "invalid"),
    "text for a closed set": (changed(urgency=MARKER), 422, "invalid"),
    "a text that is too long": (changed(title=MARKER * 300), 422, "invalid"),
    "an empty text": (changed(title="  "), 422, "invalid"),
    "a missing field": ({"content": json.dumps({"title": MARKER})}, 422, "invalid"),
    "a list for an object": ({"content": f'["{MARKER}"]'}, 422, "invalid"),
    "no body": ({}, 422, "invalid"),
    "null": ({"content": "null"}, 422, "invalid"),
    "broken JSON": ({"content": f'{{"title": "{MARKER}'}, 400, "malformed"),
    "no UTF-8": (
        {"content": f'{{"title": "{MARKER}'.encode() + b'\xff"}'},
        400,
        "malformed",
    ),
    "a depth of 100 000": ({"content": "[" * 100_000}, 400, "malformed"),
    "a depth of 500": (
        {"content": json.dumps(RECEIPT)[:-1] + ', "title":' + "[" * 500 + "]" * 500 + "}"},
        422,
        "invalid",
    ),
    "a number of 5 000 digits": (
        {"content": '{"title":' + "9" * 5000 + "}"},
        400,
        "malformed",
    ),
    "a number beyond any float": ({"content": '{"title": 1e999}'}, 422, "invalid"),
    "a naive time": (changed(outside_due="2025-05-09T18:00:00"), 422, "invalid"),
    "a time as a number": (changed(outside_due=1_746_784_800), 422, "invalid"),
    "a time as a number in quotes": (changed(outside_due="1746784800"), 422, "invalid"),
    "a day for a time": (changed(outside_due="2025-05-09"), 422, "invalid"),
    "a year before the office": (
        changed(outside_due="0001-01-01T00:00:00+14:00"),
        422,
        "invalid",
    ),
    "a year beyond all plans": (
        changed(outside_due="9999-12-31T23:59:59-14:00"),
        422,
        "invalid",
    ),
    "a plain text": (changed() | {"headers": {"Content-Type": "text/plain"}}, 415, "media"),
    "no type at all": (changed() | {"headers": {"Content-Type": ""}}, 415, "media"),
    "a form": ({"data": {"title": MARKER}, "headers": {}}, 415, "media"),
    "10 MB, announced": ({"content": b" " * TOO_MUCH}, 413, "too-large"),
    "no key": (changed() | {"key": None}, 400, "malformed"),
    "an empty key": (changed() | {"key": ""}, 400, "malformed"),
    "an over-long key": (changed() | {"key": "k" * 201}, 400, "malformed"),
    "a key with a space": (changed() | {"key": "k k"}, 400, "malformed"),
    "an If-Match without quotes": (
        changed() | {"headers": {"If-Match": "3"}},
        400,
        "malformed",
    ),
    "two If-Match": (changed() | {"headers": {"If-Match": '"1", "2"'}}, 400, "malformed"),
    "an If-Match that is no number": (
        changed() | {"headers": {"If-Match": f'"{MARKER}"'}},
        400,
        "malformed",
    ),
}
SLUGS = {"media": "unsupported-media-type"}


async def sent(suite: Suite, asked: Asked, language: str) -> httpx.Response:
    given = dict(asked)
    key = given.pop("key", str(uuid4()))
    headers = (JSON if "data" not in given else {}) | dict(given.pop("headers", {}))
    headers |= LANGUAGES[language] | ({} if key is None else {"Idempotency-Key": key})
    return await suite.as_("li.juan").post(INCOMING, headers=headers, **given)


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("case", BODIES)
async def test_a_body_that_cannot_be_used_is_refused_with_a_problem(
    suite: Suite, case: str, language: str
) -> None:
    asked, status, slug = BODIES[case]
    answer = await sent(suite, asked, language)
    expect_problem(answer, status, SLUGS.get(slug, slug), language=language, never=MARKER)
    assert "7777777" not in answer.text


@pytest.mark.parametrize("reads", [True, False])
async def test_a_body_that_grows_too_large_is_refused_while_it_arrives(
    suite: Suite, reads: bool
) -> None:
    drafted = await suite.done("liu.min", "/documents/v1/outgoing", DRAFT)
    signature = f"/documents/v1/outgoing/{drafted['id']}/signature"  # takes no body at all

    async def growing() -> AsyncIterator[bytes]:
        for _ in range(TOO_MUCH // 65_536):
            yield b" " * 65_536

    headers = {"Idempotency-Key": str(uuid4())} | JSON
    person, path = ("li.juan", INCOMING) if reads else ("zhou.zhiyuan", signature)
    answer = await suite.as_(person).post(path, content=growing(), headers=headers)
    expect_problem(answer, 413, "too-large")


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize(
    ("person", "path"),
    [("li.juan", INCOMING), ("sun.li", MATTERS), (OPERATOR, TIMERS), (OPERATOR, PARKED)],
)
async def test_a_cursor_that_we_never_gave_out_is_malformed(
    suite: Suite, person: str, path: str, language: str
) -> None:
    plain: list[Any] = [
        [],
        {},
        7,
        [MARKER],
        [MARKER, "b"],
        ["2025-04-25T08:40:00+00:00", MARKER],
        ["2025-04-25T08:40:00", str(uuid4())],  # a moment without its offset
        ["9" * 30],
        ["²"],
        ["-1"],
        ["\ud800", "b", "", ""],
        ["2025-04-25T08:40:00+00:00", "a\0", "", ""],
    ]
    cursors = [base64.urlsafe_b64encode(json.dumps(key).encode()).decode() for key in plain]
    for cursor in [*cursors, MARKER, "!", "\0", "\x7f", "é", "W10"]:
        answer = await suite.as_(person).get(
            path, params={"cursor": cursor, "consumer": "a"}, headers=LANGUAGES[language]
        )
        expect_problem(answer, 400, "malformed", language=language, never=MARKER)


async def test_a_position_that_we_never_gave_out_is_malformed(suite: Suite) -> None:
    answer = await suite.do("li.juan", INCOMING, RECEIPT)
    ours = base64.urlsafe_b64decode(answer.headers["Shuniu-Position"] + "===").decode()
    epoch, shard = ours.split(".")
    plain = [
        f"{uuid4()}.{shard}",
        f"{epoch}.{shard}-1",
        f"{epoch}.x-1",
        f"{epoch}.1",
        MARKER,
    ]
    for text in [*(base64.urlsafe_b64encode(p.encode()).decode() for p in plain), "é", "A"]:
        for language, headers in LANGUAGES.items():
            named = [(n.encode(), v.encode()) for n, v in headers.items()]
            named.append((b"Shuniu-Position", text.encode()))
            refused = await suite.as_("li.juan").get(INCOMING, headers=named)
            expect_problem(refused, 400, "malformed", language=language)
    long = {"Shuniu-Position": "A" * 1001}
    expect_problem(await suite.as_("li.juan").get(INCOMING, headers=long), 422, "invalid")


@pytest.mark.parametrize("part", ["%00", "x", "%ff", "%ed%a0%80", "%1b%5b2J", "a" * 5000])
async def test_a_path_that_names_nothing_possible_is_invalid(
    suite: Suite, part: str
) -> None:
    client, operator = suite.as_("li.juan"), suite.as_(OPERATOR)
    admin = "/documents/admin/v1"
    answers = [
        await client.get(f"{INCOMING}/{part}"),
        await suite.do("li.juan", f"{INCOMING}/{part}/registration", {}),
        await suite.as_("sun.li").get(f"{MATTERS}/{part}"),
        await suite.do("deng.jie", f"{MATTERS}/{part}/receipts"),
        await operator.get(f"{admin}/streams/{part}"),
        await operator.get(f"{admin}/correlations/{part}"),
        await suite.do(OPERATOR, f"{admin}/parked/{part}/retry?consumer=a"),
        await operator.delete(f"{admin}/parked/{'9' * 30}?consumer=a"),
    ]
    for answer in answers:
        expect_problem(answer, 422, "invalid", never=part)
    paused = await suite.do(OPERATOR, f"{admin}/followers/{part}/pause")
    assert paused.status_code in {404, 422}, paused.text


@pytest.mark.parametrize(
    ("person", "path"),
    [
        ("li.juan", f"{INCOMING}?number="),
        ("li.juan", f"{INCOMING}?status="),
        ("li.juan", f"{INCOMING}?limit="),
        ("li.juan", "/documents/v1/outgoing?number="),
        ("sun.li", f"{MATTERS}?number="),
        ("sun.li", f"{MATTERS}?closed="),
        (OPERATOR, "/documents/admin/v1/events?type="),
        (OPERATOR, "/documents/admin/v1/events?after="),
        (OPERATOR, "/documents/admin/v1/parked?consumer="),
        (OPERATOR, "/documents/admin/v1/timers?fired="),
    ],
)
async def test_control_characters_in_a_query_are_invalid(
    suite: Suite, person: str, path: str
) -> None:
    for value in ("a%00b", "a%1bb", "a%7fb", "a%C2%85b", "a%0Ab", "9" * 200):
        answer = await suite.as_(person).get(path + value)
        expect_problem(answer, 422, "invalid", never=value)


async def test_what_is_not_there_and_what_it_does_not_do_is_said_in_words(
    suite: Suite,
) -> None:
    client = suite.as_("li.juan")
    for language, headers in LANGUAGES.items():
        for path in ("/nowhere", "/documents/v1/nowhere", "/documents/v1/incoming/a/b/c"):
            answer = await client.get(path, headers=headers)
            expect_problem(answer, 404, "not-found", language=language)
        answer = await client.delete(INCOMING, headers=headers)
        expect_problem(answer, 405, "method-not-allowed", language=language)


async def test_what_is_good_after_all_that_still_gets_in(suite: Suite) -> None:
    answer = await suite.as_("li.juan").get(f"{INCOMING}/{await received(suite)}")
    assert answer.json()["title"] == RECEIPT["title"]

"""Every route of every OpenAPI document, with what no client should ever send."""

import json
import random
from collections.abc import AsyncIterator, Iterator
from dataclasses import dataclass
from typing import Any
from urllib.parse import quote
from uuid import uuid4

import httpx
import pytest
import pytest_asyncio

from suite.hosting import SERVICES
from tests.support.meeting_items import meeting_ids
from tests.support.office import DRAFT, assigned, matter_of, open_series, registered
from tests.support.suite import OPERATOR, Suite, expect_problem

pytestmark = pytest.mark.asyncio(loop_scope="module")

SEED = 20250425
REQUESTS = 500
PEOPLE = (
    *(OPERATOR, "li.juan", "liu.min", "sun.li", "zhou.zhiyuan", "deng.jie"),
    *("ding.qian", "cao.wei", "xu.hui"),  # of the other organ
)
CONTROLS = ("\0", "\x07", "\x1b[2J", "\x7f", "\x85", "\ud800")
NASTY: tuple[Any, ...] = (
    None,
    True,
    -1,
    2**31,
    2**63,
    2**70,
    1e308,
    float("nan"),
    "",
    " ",
    "\0",
    "a\0b",
    "\ud800",
    "\x85",
    "'; drop table store.event; --",
    "{given_by} %s {0.__class__}",
    "../../etc/passwd",
    "a" * 6000,
    "𠮷" * 400,
    "\u202e倒",
    "2025-02-30T00:00:00Z",
    "2025-04-25T16:40:00+99:00",
    "9999-12-31T23:59:59Z",
    [],
    [[]],
    {},
    [None] * 60,
    ["a"] * 51,
)
PLAIN: dict[str, Any] = {
    "array": [],
    "integer": 1000,
    "boolean": False,
    "date-time": "2025-05-09T18:00:00+08:00",
    "base64": "AAAA",
}


@dataclass(frozen=True)
class Route:
    """One route of an OpenAPI document."""

    method: str
    path: str
    parameters: list[dict[str, Any]]
    body: dict[str, Any] | None
    schemas: dict[str, Any]

    def resolved(self, schema: dict[str, Any]) -> dict[str, Any]:
        """Return *schema*, or what it refers to; of several the first."""
        while "$ref" in schema or "anyOf" in schema:
            if "$ref" in schema:
                schema = self.schemas[schema["$ref"].rsplit("/", 1)[1]]
            else:
                schema = schema["anyOf"][0]
        return schema

    def plain(self, schema: dict[str, Any]) -> Any:
        """Return a value that *schema* allows."""
        schema = self.resolved(schema)
        if "enum" in schema:
            return schema["enum"][0]
        if schema.get("type") == "object":
            return {n: self.plain(s) for n, s in schema["properties"].items()}
        form = schema.get("format", schema.get("type", "string"))
        return PLAIN.get(form, "relay") if form != "uuid" else str(uuid4())


async def routes_of(suite: Suite) -> list[Route]:
    found = []
    for service in SERVICES:
        document = (await suite.as_(None).get(f"/{service}/v1/openapi.json")).json()
        schemas = document.get("components", {}).get("schemas", {})
        for path, methods in document["paths"].items():
            for method, operation in methods.items():
                content = operation.get("requestBody", {}).get("content", {})
                schema = content.get("application/json", {}).get("schema")
                given = operation.get("parameters", [])
                found.append(Route(method, path, given, schema, schemas))
    return found


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def ids(suite: Suite) -> AsyncIterator[dict[str, str]]:
    """Give the ids of items that are there, by the path that names them."""
    await open_series(suite, "documents", "收")
    await open_series(suite, "supervision", "云政督")
    document = await registered(suite)
    matter = await matter_of(suite, document)
    await assigned(suite, matter)
    outgoing = await suite.done("liu.min", "/documents/v1/outgoing", DRAFT)
    yield {
        "incoming/{document_id}": document,
        "outgoing/{document_id}": outgoing["id"],
        "{matter_id}": matter,
        "{feedback_id}": str(uuid4()),
        "{stream_id}": f"incoming-{document}",
        "{correlation_id}": str(uuid4()),
        "{name}": "relay",
        "{parked_id}": "1",
        "{organ}": "npc",
        "{unit}": "duty-room",
        "{person}": "shi.dashan",
    } | await meeting_ids(suite)


def address(path: str, ids: dict[str, str]) -> str:
    for name, value in ids.items():
        path = path.replace(name, f"{name.partition('{')[0]}{value}")
    return path


async def called(
    suite: Suite, person: str | None, route: Route, path: str, body: Any, **headers: str
) -> httpx.Response:
    named = {"Idempotency-Key": str(uuid4())} | headers
    content = None if route.body is None else json.dumps(body)
    if content is not None:
        named["Content-Type"] = "application/json"
    given = {n.encode(): value.encode("utf-8", "replace") for n, value in named.items()}
    client = suite.as_(person)
    return await client.request(route.method, path, content=content, headers=given)


def strings(route: Route) -> Iterator[tuple[str, Any]]:
    """Yield each text field of the body, with what makes one bad value in its place."""
    assert route.body is not None
    for name, schema in route.resolved(route.body)["properties"].items():
        field = route.resolved(schema)
        if field.get("type") == "array":
            yield name, lambda text: [text]
        elif field.get("type") == "string":
            yield name, lambda text: text


async def test_no_text_field_of_any_body_takes_control_characters(
    suite: Suite, ids: dict[str, str]
) -> None:
    tried = 0
    for route in await routes_of(suite):
        if route.body is None or route.resolved(route.body).get("type") != "object":
            continue
        path = address(route.path, ids)
        query = "?consumer=documents.main" if "/parked/" in path else ""
        for field, wrapped in strings(route):
            for control in CONTROLS:
                text = f"zq8{control}planted"
                body = route.plain(route.body) | {field: wrapped(text)}
                for person in PEOPLE:
                    answer = await called(suite, person, route, path + query, body)
                    if answer.status_code != 403:
                        break
                problem = expect_problem(answer, 422, "invalid", never="planted")
                at = {fault["at"].removesuffix(".0") for fault in problem["errors"]}
                assert f"body.{field}" in at, (route.path, field, problem)
                tried += 1
    assert tried > 200


def mangled(dice: random.Random, body: Any) -> Any:
    """Return *body* with one or several things wrong with it, or not."""
    if dice.random() < 0.1:
        return dice.choice(NASTY)
    body = dict(body)
    for name in list(body):
        if dice.random() < 0.3:
            body[name] = dice.choice(NASTY)
        elif dice.random() < 0.05:
            del body[name]
    if dice.random() < 0.05:
        body[dice.choice(("id", "\0", "\ud800", "__class__", ""))] = dice.choice(NASTY)
    return body


def asked_for(dice: random.Random, route: Route, ids: dict[str, str]) -> str:
    """Return a path with a query, of what is there or of what cannot be."""
    path = route.path
    for name, value in ids.items():
        nasty = quote(str(dice.choice(NASTY)).encode("utf-8", "replace"), safe="") or "%00"
        part = value if dice.random() < 0.8 else nasty
        path = path.replace(name, f"{name.partition('{')[0]}{part}")
    query = []
    for parameter in route.parameters:
        if parameter["in"] == "query" and dice.random() < 0.7:
            known = route.plain(parameter["schema"])
            value = dice.choice((known, dice.choice(NASTY)))
            query.append(
                f"{parameter['name']}={quote(str(value).encode('utf-8', 'replace'))}"
            )
    return f"{path}?{'&'.join(query)}"


async def test_nothing_that_a_client_sends_is_answered_with_a_server_error(
    suite: Suite, ids: dict[str, str]
) -> None:
    dice = random.Random(SEED)  # noqa: S311 the same requests each time
    routes = await routes_of(suite)
    assert len(routes) > 50
    statuses: dict[int, int] = {}
    for number in range(REQUESTS):
        route = routes[number % len(routes)]
        person = dice.choice((*PEOPLE, OPERATOR, "li.juan", None))
        body = mangled(dice, route.plain(route.body)) if route.body else None
        path = asked_for(dice, route, ids)
        headers = {"Accept-Language": dice.choice(("en", "zh", "", "*"))}
        if dice.random() < 0.1:
            headers["If-Match"] = dice.choice(('"0"', "*", "x", '"999999999999999999"'))
        answer = await called(suite, person, route, path, body, **headers)
        assert answer.status_code < 500, (route.method, path[:300], body, answer.text)
        statuses[answer.status_code] = statuses.get(answer.status_code, 0) + 1
    assert {401, 403, 404, 409, 422} <= statuses.keys(), statuses
    await suite.settled()

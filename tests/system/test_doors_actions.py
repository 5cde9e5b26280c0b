"""Every door asks somebody: each route and RPC names an action, each action has a policy."""

import re
from typing import Any

import pytest
from fastapi import FastAPI
from google.protobuf.descriptor_pool import Default

from chassis.auth import ACTION, Caller, DeniedError, Guard, allows
from chassis.auth.guard import Allowed
from chassis.http import Asked, build
from chassis.http.doors import GuardedRoute, doors
from chassis.service import ADMIN_POLICIES
from suite.hosting import SERVICES
from tests.support.suite import OPERATOR, Suite, expect_problem

pytestmark = pytest.mark.asyncio(loop_scope="module")

OPEN_BY_NAME = {"openapi", "swagger_ui_html", "swagger_ui_redirect"}
EVERYBODY = Caller(
    subject="li.juan",
    organ="gov",
    unit="documents-section",
    roles=frozenset({OPERATOR, "registry_clerk", "principal", "section_head", "liaison"}),
    clearance=3,
)


def routes_of(app: FastAPI) -> list[Any]:
    """Return every route of *app*, those of the routers it includes as well."""
    found: list[Any] = []
    waiting: list[Any] = list(app.routes)
    while waiting:
        route = waiting.pop()
        inner = getattr(route, "original_router", None)
        if inner is None:
            found.append(route)
        else:
            waiting += inner.routes
    return [route for route in found if route.name not in OPEN_BY_NAME]


def policies_of(service: str) -> str:
    own = (SERVICES[service].folder / "policies.cedar").read_text("utf-8")
    return re.sub(r"//.*", "", own + ADMIN_POLICIES.read_text("utf-8"))


def named(endpoint: Any) -> str:
    allowed = getattr(endpoint, ACTION, None)
    assert isinstance(allowed, Allowed), f"{endpoint} names no action"
    return allowed.action


async def test_every_route_is_guarded_and_names_an_action_that_a_policy_is_about(
    suite: Suite,
) -> None:
    for service, running in suite.hosted.running.items():
        routes = routes_of(running.app)
        paths = (await suite.as_(None).get(f"/{service}/v1/openapi.json")).json()["paths"]
        assert {route.path for route in routes} == set(paths)  # the listing misses none
        for route in routes:
            assert isinstance(route, GuardedRoute), f"{route.path} is not guarded"
            action = f'Action::"{named(route.endpoint)}"'
            assert action in policies_of(service), f"no policy is about {action}"


async def test_every_rpc_names_an_action_that_a_policy_is_about(suite: Suite) -> None:
    found = 0
    for service, running in suite.hosted.running.items():
        for rpc in running.rpc:
            for method in Default().FindServiceByName(rpc.name).methods:
                action = f'Action::"{named(getattr(rpc.servicer, method.name))}"'
                assert action in policies_of(service), f"no policy is about {action}"
                found += 1
    assert found


async def test_every_policy_is_about_actions_that_a_door_names(suite: Suite) -> None:
    for service, running in suite.hosted.running.items():
        actions = {named(route.endpoint) for route in routes_of(running.app)}
        for rpc in running.rpc:
            methods = Default().FindServiceByName(rpc.name).methods
            actions |= {named(getattr(rpc.servicer, method.name)) for method in methods}
        mentioned = set(re.findall(r'Action::"([^"]+)"', policies_of(service)))
        assert mentioned <= actions, f"{service}: no door names {mentioned - actions}"


async def test_a_route_that_names_no_action_lets_in_nobody(suite: Suite) -> None:
    router = doors("/trial/v1", "trial")
    reached = []

    @router.get("/unnamed")
    async def unnamed(_: Asked) -> str:
        reached.append("unnamed")
        return "in"

    @router.get("/unheard-of")
    @allows("trial.unheard_of")
    async def unheard_of(_: Asked) -> str:
        reached.append("unheard_of")
        return "in"

    app = build("trial", "Trial", [router], 1000)
    parts = suite.hosted.running["documents"].parts
    for name in ("store", "clock", "guard", "verifier"):
        setattr(app.state, name, getattr(parts, name))
    app.state.parts = parts
    async with suite.calling(app) as client:
        for person in (OPERATOR, "li.juan", "zhou.zhiyuan"):
            headers = {"Authorization": f"Bearer {suite.token(person)}"}
            for path in ("/trial/v1/unnamed", "/trial/v1/unheard-of"):
                expect_problem(await client.get(path, headers=headers), 403, "denied")
    assert not reached
    assert all(named(route.endpoint) for route in routes_of(app) if "heard" in route.path)
    with pytest.raises(AssertionError, match="names no action"):
        [named(route.endpoint) for route in routes_of(app)]


async def test_without_a_policy_that_permits_everybody_is_denied() -> None:
    with pytest.raises(DeniedError):
        Guard([]).check(EVERYBODY, "document.read", {"organ": "gov"})


@pytest.mark.parametrize("service", SERVICES)
@pytest.mark.parametrize("roles", [frozenset(), frozenset({"clown"}), frozenset({""})])
async def test_a_caller_whose_roles_nobody_knows_may_do_next_to_nothing(
    suite: Suite, service: str, roles: frozenset[str]
) -> None:
    guard = suite.hosted.running[service].parts.guard
    caller = Caller(subject="nobody", organ="gov", unit="", roles=roles)
    for action in set(re.findall(r'Action::"([^"]+)"', policies_of(service))):
        with pytest.raises(DeniedError):
            guard.check(caller, action, {"organ": "gov", "units": ["water"]})


async def test_policies_of_every_service_can_be_read(suite: Suite) -> None:
    for service, running in suite.hosted.running.items():
        with pytest.raises(DeniedError) as denied:
            running.parts.guard.check(EVERYBODY, "no.such", {"organ": "gov"})
        assert denied.value.policy is None, service

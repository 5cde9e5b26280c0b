"""Who calls, what they may do, and that nothing is reached that nobody has to be asked about."""

import asyncio
import base64
import json
import shutil
import time
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest
from joserfc.jwk import ECKey, OctKey

from chassis.auth import TokenVerifier, UnauthenticatedError
from chassis.auth.tokens import LEEWAY_SECONDS
from chassis.database import retryable
from suite.hosting import SERVICES
from suite.issuer import AUDIENCE, ISSUER
from tests.support.office import DRAFT, assigned, matter_of, open_series, registered
from tests.support.suite import OPERATOR, Suite, expect_problem

pytestmark = pytest.mark.asyncio(loop_scope="module")

INCOMING = "/documents/v1/incoming"
OPEN_BY_NAME = {"openapi", "swagger_ui_html", "swagger_ui_redirect"}
MARKER = "内容不得外泄"


def segment(content: Any) -> str:
    return base64.urlsafe_b64encode(json.dumps(content).encode()).decode().rstrip("=")


def tokens(suite: Suite) -> dict[str, str]:
    """Return tokens that prove nothing, by what is wrong with them."""
    hour_ago = int(time.time()) - 3600
    good = suite.token("li.juan")
    stranger = ECKey.generate_key("P-256", auto_kid=True)
    claims = good.split(".")[1]
    own_kid = json.loads(base64.urlsafe_b64decode(good.split(".")[0] + "=="))["kid"]
    return {
        "garbage": "garbage",
        "three parts of garbage": "a.b.c",
        "an empty payload": f"{good.split('.')[0]}..{good.split('.')[2]}",
        "expired": suite.forged(exp=hour_ago),
        "never expiring": suite.forged(exp=None),
        "not valid yet": suite.forged(nbf=hour_ago + 7200),
        "of another audience": suite.forged(aud="somebody-else"),
        "of no audience": suite.forged(aud=None),
        "of another issuer": suite.forged(iss="https://elsewhere.example"),
        "of nobody": suite.forged(sub=None),
        "of an unknown key": suite.forged(header={"kid": stranger.kid}, key=stranger),
        "of our key id by another key": suite.forged(header={"kid": own_kid}, key=stranger),
        "unsigned": f"{segment({'alg': 'none', 'typ': 'JWT'})}.{claims}.",
        "signed by a public secret": suite.forged(
            header={"alg": "HS256", "kid": None}, key=hmac()
        ),
        "tampered with": good.replace(claims, segment({"sub": OPERATOR})),
        "with a header that is a list": f"{segment([])}.{claims}.x",
        "with a header that is deep": f"{'W1tb' * 1500}.{claims}.x",
        "with an odd algorithm": f"{segment({'alg': []})}.{claims}.x",
        "with an odd key id": f"{segment({'alg': 'ES256', 'kid': [1]})}.{claims}.x",
        "with an odd crit": f"{segment({'alg': 'ES256', 'crit': 7})}.{claims}.x",
        "with roles that are no list": suite.forged(roles="operator"),
        "over-long": good + "a" * 9000,
        "with a space": f"{good} x",
    }


def hmac() -> OctKey:
    return OctKey.import_key("the public key of the issuer, as everybody has it")


async def test_a_token_that_proves_nothing_is_answered_401_with_the_scheme(
    suite: Suite,
) -> None:
    forged = {f"Bearer {token}": fault for fault, token in tokens(suite).items()}
    good = suite.token("li.juan")
    schemes = dict.fromkeys(["", "Bearer", f"Basic {good}", good], "no scheme")
    for header, fault in (forged | schemes).items():
        for language in ("zh", "en"):
            named = {"Authorization": header, "Accept-Language": language}
            for path in (INCOMING, "/supervision/v1/matters", "/notifier/admin/v1/lag"):
                answer = await suite.as_(None).get(path, headers=named)
                assert answer.status_code == 401, (fault, answer.text)
                expect_problem(answer, 401, "unauthenticated", language=language)
                assert answer.headers["WWW-Authenticate"].startswith("Bearer"), fault
                assert good not in answer.text
    answer = await suite.as_(None).post(INCOMING, content=b"\xff" * 100)
    expect_problem(answer, 401, "unauthenticated")  # before its body is looked at


async def test_while_the_issuer_is_away_the_keys_that_are_known_serve(
    suite: Suite, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("chassis.auth.tokens.REFRESH_SECONDS", 0.0)
    keys = tmp_path / "jwks.json"
    verifier = TokenVerifier(ISSUER, AUDIENCE, str(keys))
    good = f"Bearer {suite.token('li.juan')}"
    with pytest.raises(ConnectionError) as away:  # nobody is told that their token is bad
        await verifier.caller(good)
    assert retryable(away.value)
    shutil.copyfile(suite.hosted.settings.oidc_jwks, keys)
    verifier = TokenVerifier(ISSUER, AUDIENCE, str(keys))
    assert (await verifier.caller(good)).subject == "li.juan"
    keys.unlink()
    stranger = ECKey.generate_key("P-256", auto_kid=True)
    unknown = suite.forged(header={"kid": stranger.kid}, key=stranger)
    with pytest.raises(UnauthenticatedError):
        await verifier.caller(f"Bearer {unknown}")
    assert (await verifier.caller(good)).unit == "documents-section"


async def test_a_token_that_was_good_is_refused_once_it_has_expired(suite: Suite) -> None:
    verifier = TokenVerifier(ISSUER, AUDIENCE, str(suite.hosted.settings.oidc_jwks))
    aging = f"Bearer {suite.forged(exp=int(time.time()) - LEEWAY_SECONDS + 2)}"
    assert await verifier.caller(aging) == await verifier.caller(aging)
    await asyncio.sleep(2.1)
    with pytest.raises(UnauthenticatedError, match="expired"):
        await verifier.caller(aging)


async def test_a_token_that_was_good_is_refused_once_its_key_is_withdrawn(
    suite: Suite, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("chassis.auth.tokens.REFRESH_SECONDS", 0.0)
    keys = tmp_path / "jwks.json"
    shutil.copyfile(suite.hosted.settings.oidc_jwks, keys)
    verifier = TokenVerifier(ISSUER, AUDIENCE, str(keys))
    good = f"Bearer {suite.token('li.juan')}"
    assert (await verifier.caller(good)).subject == "li.juan"
    successor = ECKey.generate_key("P-256", auto_kid=True)
    keys.write_text(json.dumps({"keys": [successor.as_dict(private=False)]}))
    newer = suite.forged(header={"kid": successor.kid}, key=successor)
    await verifier.caller(f"Bearer {newer}")
    with pytest.raises(UnauthenticatedError):
        await verifier.caller(good)


async def test_the_probes_and_the_documents_need_no_token(suite: Suite) -> None:
    client = suite.as_(None)
    for path in ("/healthz", "/readyz", "/metrics"):
        assert (await client.get(path)).status_code == 200
    for service in SERVICES:
        assert (await client.get(f"/{service}/v1/openapi.json")).status_code == 200


async def test_a_person_of_another_unit_gets_nowhere_with_a_matter_and_it_is_recorded(
    suite: Suite,
) -> None:
    await open_series(suite, "documents", "收")
    await open_series(suite, "supervision", "云政督")
    matter = await matter_of(suite, await registered(suite, title=MARKER), text=MARKER)
    await assigned(suite, matter, subject=MARKER, requirement=MARKER)
    path = f"/supervision/v1/matters/{matter}"
    await suite.done("deng.jie", f"{path}/receipts")
    report = {"kind": "progress", "summary": MARKER, "signed_by": "du.peng"}
    tries = {
        "matter.receive": ("receipts", None),
        "matter.name_handler": ("handler", {"handler": "shen.fang"}),
        "matter.feedback": ("feedback", report),
        "matter.receive_sheet": ("urging-sheets/receipt", {"sheet_no": "x"}),
        "matter.accept": (f"feedback/{uuid4()}/acceptance", None),
        "matter.close": ("closure", None),
        "matter.assign": ("assignment", {}),
    }
    before = await suite.audited("supervision")
    for person in ("shen.fang", "ding.qian"):  # of another unit; of the other organ
        for _ in range(2):  # the same try within a minute is one entry
            for part, body in tries.values():
                answer = await suite.do(person, f"{path}/{part}", body)
                expect_problem(answer, 403, "denied", never=MARKER)
            expect_problem(await suite.as_(person).get(path), 403, "denied", never=MARKER)
    entries = (await suite.audited("supervision"))[len(before) :]
    assert {e["type"] for e in entries} == {"audit.AccessDenied"}
    expected = {(p, a) for p in ("shen.fang", "ding.qian") for a in (*tries, "matter.read")}
    assert sorted((e["subject"], e["action"]) for e in entries) == sorted(expected)
    assert {e["item"] for e in entries} == {matter}
    assert MARKER not in json.dumps(entries, ensure_ascii=False)
    listed = await suite.as_("shen.fang").get("/supervision/v1/matters")
    assert (listed.status_code, matter in listed.text) == (200, False), listed.text
    assert (await suite.as_("deng.jie").get(path)).status_code == 200


async def test_the_documents_of_one_organ_are_closed_to_the_other(suite: Suite) -> None:
    received = await registered(suite, title=MARKER)
    drafted = (await suite.done("liu.min", "/documents/v1/outgoing", DRAFT))["id"]
    instruct = {"kind": "act", "text": "办。", "given_by": "lin.guodong", "lead": "water"}
    outgoing = f"/documents/v1/outgoing/{drafted}"
    for person, answer in [
        ("han.bing", await suite.as_("han.bing").get(f"{INCOMING}/{received}")),
        ("han.bing", await suite.as_("han.bing").get(outgoing)),
        ("xu.hui", await suite.do("xu.hui", f"{outgoing}/signature")),
        ("lin.guodong", await suite.do("lin.guodong", f"{outgoing}/signature")),
        (
            "lin.guodong",
            await suite.do("lin.guodong", f"{INCOMING}/{received}/instructions", instruct),
        ),
    ]:
        expect_problem(answer, 403, "denied", never=MARKER)
        assert person in {e["subject"] for e in await suite.audited("documents", "Access%")}
    answering = DRAFT | {"answered_document_id": received}
    answer = await suite.do("han.bing", "/documents/v1/outgoing", answering)
    expect_problem(answer, 404, "not-found")
    await suite.settled()
    listed = await suite.as_("han.bing").get(INCOMING)
    assert listed.json()["items"] == []

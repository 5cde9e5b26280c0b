"""Bearer tokens: JSON Web Tokens (RFC 7519) of one issuer, for one audience."""

import asyncio
import hashlib
import json
import math
import time
from pathlib import Path
from typing import Any

import httpx
import structlog
from joserfc import jwt
from joserfc.errors import ExpiredTokenError, InvalidClaimError, JoseError
from joserfc.jwk import KeySet

from chassis.auth.caller import Caller, UnauthenticatedError

ALGORITHMS = ["ES256", "RS256", "EdDSA"]
REFRESH_SECONDS = 30.0
RETRY_SECONDS = 1.0
FETCH_SECONDS = 5.0
MOST_BYTES = 8192
LEEWAY_SECONDS = 5
MOST_KNOWN = 4096

logger = structlog.get_logger(__name__)


class TokenVerifier:
    """Verifies tokens offline, with the issuer's keys from an https URL or a file.

    An unknown key id makes it fetch the keys again, at most every 30 seconds, so that a
    flood of made-up ids costs the issuer nothing. A token that was verified is known until
    it expires or other keys are fetched: a signature is most of what a verification costs.
    """

    def __init__(self, issuer: str, audience: str, jwks: str) -> None:
        self._jwks = jwks
        self._keys: KeySet | None = None
        self._fetched = -math.inf
        self._fetching = asyncio.Lock()
        self._known: dict[bytes, tuple[KeySet, Caller]] = {}
        self._claims = jwt.JWTClaimsRegistry(
            leeway=LEEWAY_SECONDS,
            iss={"essential": True, "value": issuer},
            aud={"essential": True, "value": audience},
            exp={"essential": True},
            sub={"essential": True},
        )

    async def caller(self, authorization: str | None) -> Caller:
        """Return who sends this `Authorization` header.

        Raises `UnauthenticatedError`, or `ConnectionError` before the issuer's keys are known.
        """
        scheme, _, token = (authorization or "").partition(" ")
        if scheme.lower() != "bearer" or not token:
            raise UnauthenticatedError("send a bearer token", "请先登录：缺少访问令牌。")
        if len(token) > MOST_BYTES:
            raise UnauthenticatedError("the token is too long", "访问令牌过长。")
        digest = hashlib.sha256(token.encode("utf-8", "replace")).digest()
        keys, known = self._known.get(digest, (None, None))
        if known and keys is self._keys and known.expires_at > time.time() - LEEWAY_SECONDS:
            return known
        verified = await self._verified(token)
        while len(self._known) >= MOST_KNOWN:
            del self._known[next(iter(self._known))]
        self._known[digest] = verified
        return verified[1]

    async def _verified(self, token: str) -> tuple[KeySet, Caller]:
        try:
            keys, decoded = await self._decode(token)
            self._claims.validate(decoded.claims)
            return keys, _caller(decoded.claims)
        except ExpiredTokenError as error:
            raise UnauthenticatedError(
                "the token has expired", "登录已过期，请重新登录。"
            ) from error
        except InvalidClaimError as error:
            raise UnauthenticatedError(
                f"the token's {error.claim} is not for this system",
                "访问令牌不适用于本系统。",
            ) from error
        except ConnectionError:
            raise
        except (JoseError, ValueError, LookupError, TypeError, AttributeError) as error:
            raise UnauthenticatedError(
                "the token cannot be verified", "访问令牌无效。"
            ) from error

    async def _decode(self, token: str) -> tuple[KeySet, jwt.Token]:
        keys = await self._current(refresh=False)
        try:
            return keys, jwt.decode(token, keys, algorithms=ALGORITHMS)
        except (JoseError, ValueError):
            newer = await self._current(refresh=True)
            if newer is keys:
                raise
            return newer, jwt.decode(token, newer, algorithms=ALGORITHMS)

    async def _current(self, *, refresh: bool) -> KeySet:
        if self._keys is not None and not refresh:
            return self._keys  # nobody waits while another asks the issuer again
        async with self._fetching:
            age = time.monotonic() - self._fetched
            if self._keys is None and age < RETRY_SECONDS:
                raise ConnectionError("the issuer's keys cannot be had")
            if self._keys is None or age > REFRESH_SECONDS:
                self._keys = await self._renewed(self._keys)
            return self._keys

    async def _renewed(self, known: KeySet | None) -> KeySet:
        """Return the issuer's keys; where it cannot be reached, those that are *known*."""
        try:
            self._fetched = time.monotonic()
            return KeySet.import_key_set(await self._fetch())
        except (httpx.HTTPError, OSError, JoseError, ValueError, KeyError) as error:
            logger.warning("keys.unavailable", error=type(error).__name__)
            if known is None:
                raise ConnectionError("the issuer's keys cannot be had") from error
            return known

    async def _fetch(self) -> Any:
        if not self._jwks.startswith(("https://", "http://")):
            return json.loads(await asyncio.to_thread(Path(self._jwks).read_text, "utf-8"))
        async with httpx.AsyncClient(timeout=FETCH_SECONDS) as client:
            answer = await client.get(self._jwks)
            answer.raise_for_status()
            return answer.json()


def _caller(claims: dict[str, Any]) -> Caller:
    roles = claims.get("roles", [])
    clearance = claims.get("clearance", 0)
    if not isinstance(roles, list) or not isinstance(clearance, int):
        raise TypeError("roles must be a list and clearance a number")
    return Caller(
        subject=str(claims["sub"]),
        organ=str(claims.get("organ", "")),
        unit=str(claims.get("unit", "")),
        roles=frozenset(map(str, roles)),
        clearance=clearance,
        expires_at=float(claims["exp"]),
    )

"""The demo's own token issuer. It exists in the demo profile alone."""

import json
import time
from pathlib import Path

from joserfc import jwt
from joserfc.jwk import ECKey, KeySet

from chassis.people import People

ISSUER = "urn:shuniu:demo"
AUDIENCE = "shuniu"
HOUR = 3600
OPERATOR = "operator"


class UnknownPersonError(Exception):
    """The sample organisation knows nobody of this name."""


class Issuer:
    """Signs tokens for the sample people with a key in the state folder."""

    def __init__(self, folder: Path, people: People) -> None:
        self._folder = folder
        self._people = people

    @property
    def jwks(self) -> Path:
        """Where the public keys are."""
        return self.keys_in(self._folder)

    @staticmethod
    def keys_in(folder: Path) -> Path:
        """Return where the public keys of the issuer of *folder* are."""
        return folder / "jwks.json"

    def prepare(self) -> None:
        """Make the key where there is none."""
        private = self._folder / "issuer.json"
        if private.is_file():
            return
        self._folder.mkdir(parents=True, exist_ok=True)
        key = ECKey.generate_key("P-256", auto_kid=True)
        public = KeySet([key]).as_dict(private=False)
        self.jwks.write_text(json.dumps(public), "utf-8")
        private.touch(0o600)
        private.write_text(json.dumps(key.as_dict(private=True)), "utf-8")

    def token(self, person: str, *, hours: int = 12) -> str:
        """Return a token for *person*, or for the operator. Raises `UnknownPersonError`."""
        key = ECKey.import_key(
            json.loads((self._folder / "issuer.json").read_text("utf-8"))
        )
        now = int(time.time())
        claims = {
            "iss": ISSUER,
            "aud": AUDIENCE,
            "sub": person,
            "iat": now,
            "exp": now + hours * HOUR,
            **self._claims(person),
        }
        return jwt.encode({"alg": "ES256", "kid": key.kid}, claims, key)

    def _claims(self, person: str) -> dict[str, object]:
        if person == OPERATOR:
            return {"roles": ["operator"]}
        found = self._people.people.get(person)
        if found is None:
            known = ", ".join([OPERATOR, *sorted(self._people.people)])
            raise UnknownPersonError(f"nobody is called {person} here; known are: {known}")
        return {
            "organ": self._people.organ_of(person),
            "unit": found.unit,
            "roles": sorted(found.roles),
            "clearance": found.clearance,
        }

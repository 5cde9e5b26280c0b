"""The acts of scoring. A score is called by its rule: the latest that it published is meant."""

from collections.abc import Mapping
from typing import Any

from suite.acts.desk import Act, Desk, Given, UnknownActError

SCORES = "/supervision/v1/scores"


async def score_of(desk: Desk, person: str, name: str) -> str:
    """Return the id of the latest score by the rule *name*. Raises `UnknownActError`."""
    found = await desk.client.get(person, SCORES, rule=name, limit=1)
    if not found["items"]:
        raise UnknownActError(f"{person} sees no score by {name}")
    return str(found["items"][0]["score_id"])


async def _publish(desk: Desk, person: str, given: Given, key: str) -> Mapping[str, Any]:
    """Publish the score of a period by a rule: `{from, until, rule}`."""
    body = {name: str(given.pop(name)) for name in ("from", "until", "rule")}
    return await desk.client.post(person, SCORES, body | given, key=key)


ACTS: Mapping[str, Act] = {"publish_score": _publish}

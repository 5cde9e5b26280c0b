"""Number series, which every service that numbers has."""

from collections.abc import Mapping
from typing import Any

from suite.acts.desk import Act, Desk, Given


async def _open_series(
    desk: Desk, person: str, given: Given, key: str
) -> Mapping[str, Any]:
    service = given.pop("service")
    for index, series in enumerate(given["series"]):
        path = f"/{service}/v1/series"
        await desk.client.post(person, path, series, key=f"{key}/{index}")
    return {}


ACTS: Mapping[str, Act] = {
    "open_series": _open_series,
}

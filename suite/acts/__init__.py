"""The acts that a scenario, or `shuniu act`, can do: each a call at a service's door.

Items are named as the office names them: by number, by title, or by the number of the
document they came from. Units may be named in Chinese.
"""

from collections.abc import Mapping
from typing import Any

from suite.acts import directory, documents, meetings, score, series, supervision
from suite.acts.desk import Act, Desk, Given, UnknownActError

ACTS: Mapping[str, Act] = {
    **series.ACTS,
    **directory.ACTS,
    **documents.ACTS,
    **meetings.ACTS,
    **supervision.ACTS,
    **score.ACTS,
}

__all__ = ["ACTS", "Act", "Desk", "Given", "UnknownActError", "act"]


async def act(
    desk: Desk, name: str, person: str, given: Mapping[str, Any], key: str
) -> Mapping[str, Any]:
    """Do the act called *name* as *person*. Raises `UnknownActError`, `RefusedCallError`."""
    if name not in ACTS:
        raise UnknownActError(
            f"no act is called {name}; known are: {', '.join(sorted(ACTS))}"
        )
    try:
        return await ACTS[name](desk, person, dict(given), key)
    except KeyError as error:
        raise UnknownActError(f"{name} needs {error}") from error

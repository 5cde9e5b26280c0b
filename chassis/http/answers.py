"""What a door answers."""

from typing import Any

from fastapi.responses import JSONResponse

from chassis.store.cause import Executed

Answer = JSONResponse


def answer(executed: Executed, status: int = 200) -> Answer:
    """Answer a command with its outcome, and with nothing else: a repeat answers alike."""
    outcome = executed.outcome
    content: dict[str, Any] = {"id": str(outcome.item_id), "version": outcome.version}
    return JSONResponse(
        content | outcome.facts,
        status_code=status,
        headers={"ETag": f'"{outcome.version}"', "Shuniu-Position": str(executed.position)},
    )

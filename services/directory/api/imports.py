"""Importing many entries at once over HTTP: all of them, or none and every reason why."""

import asyncio
from typing import Literal

from fastapi import Response
from fastapi.responses import JSONResponse

from chassis.auth import allows
from chassis.http import Body, Commanded, doors
from chassis.http.bodies import Content
from chassis.http.problems import problem
from chassis.parts import Given
from services.directory.api.files import (
    MOST_PROBLEMS,
    SECTIONS,
    Read,
    read_csv,
    read_yaml,
)
from services.directory.api.lines import Problem
from services.directory.handlers import carry_out, plan

router = doors("/directory/v1/imports", "directory 机构人员", patient=True)


class ImportContent(Body):
    """A file: YAML, or CSV of one kind. *dry_run* only says what it would do."""

    text: Content
    format: Literal["yaml", "csv"] = "yaml"
    kind: Literal["organs", "units", "people"] | None = None
    dry_run: bool = False

    def read(self) -> Read:
        """Read it."""
        if self.format == "yaml":
            return read_yaml(self.text)
        return read_csv(self.text, SECTIONS[self.kind or "people"])


@router.post("")
@allows("directory.import")
async def import_entries(body: ImportContent, request: Commanded, parts: Given) -> Response:
    """Import organs, units and people 导入; who is not in the file stays as they are."""
    cause = await request.cause()
    read = await asyncio.to_thread(body.read)
    found = await plan(parts, read.wanted)
    read.judge(found.faults)
    if read.problems:
        return _refusal(read.problems, request.language)
    if body.dry_run:
        changes = found.changes
        counts = [len(changes.added), len(changes.changed), changes.unchanged]
        return JSONResponse(_counted(counts, applied=False))
    done = await carry_out(parts, cause, read.wanted)
    facts = done.outcome.facts
    counts = [int(facts[name]) for name in ("added", "changed", "unchanged")]
    headers = {"Shuniu-Position": str(done.position)}
    return JSONResponse(_counted(counts, applied=True), headers=headers)


def _counted(counts: list[int], *, applied: bool) -> dict[str, object]:
    names = ("added", "changed", "unchanged")
    return {**dict(zip(names, counts, strict=True)), "applied": applied}


def _refusal(problems: list[Problem], language: str) -> Response:
    count = len(problems)
    detail = f"文件有{count}处问题，未导入任何内容；请按 errors 所列逐项改正。"
    if language == "en":
        detail = f"{count} problems: nothing was imported. Correct what errors lists."
    shown = [p.shown(language) for p in sorted(problems, key=lambda p: p.line)]
    return problem(422, "invalid", detail, language=language, errors=shown[:MOST_PROBLEMS])

"""Entering and changing one organ, unit or person over HTTP: the whole entry, as it is to be."""

from chassis.auth import allows
from chassis.http import Answer, Commanded, doors
from chassis.parts import Given
from services.directory.api.lines import Code, OrganContent, PersonContent, UnitContent
from services.directory.domain.entries import ORGAN, PERSON, UNIT
from services.directory.handlers import change

router = doors("/directory/v1", "directory 机构人员")


@router.put("/organs/{organ}")
@allows("directory.change")
async def put_organ(
    organ: Code, body: OrganContent, request: Commanded, parts: Given
) -> Answer:
    """Enter or change an organ."""
    cause = await request.cause()
    return request.answer(await change(parts, cause, ORGAN, body.entry(organ)))


@router.put("/units/{unit}")
@allows("directory.change")
async def put_unit(
    unit: Code, body: UnitContent, request: Commanded, parts: Given
) -> Answer:
    """Enter or change a unit."""
    cause = await request.cause()
    return request.answer(await change(parts, cause, UNIT, body.entry(unit)))


@router.put("/people/{person}")
@allows("directory.change")
async def put_person(
    person: Code, body: PersonContent, request: Commanded, parts: Given
) -> Answer:
    """Enter or change a person; whoever had left is back."""
    cause = await request.cause()
    entry, named = body.entry(person), body.named
    return request.answer(await change(parts, cause, PERSON, entry, named))

"""What an instruction 批示 must say, whatever document it is given on."""

from typing import Final, assert_never

from services.documents.domain.incoming import refusals
from services.documents.domain.incoming.commands import GiveInstruction
from services.documents.domain.incoming.events import InstructionGiven
from services.documents.domain.incoming.state import DocumentState
from services.documents.domain.words import InstructionKind

LONGEST_TERM: Final = 250
"""The working days of about a year: a longer term is a slip of the pen."""


def instruction_of(
    command: GiveInstruction, document: DocumentState, receipt_no: str
) -> InstructionGiven:
    """Return the instruction, or refuse one that could not be carried out as it stands."""
    if not command.giver_leads:
        raise refusals.NotALeaderError(given_by=command.given_by)
    if command.recorded_at < command.given_at:
        raise refusals.RecordedBeforeGivenError
    if command.lead and command.lead in command.co:
        raise refusals.LeadIsCoUnitError(lead=command.lead)
    days = command.within_work_days
    if days is not None and not 1 <= days <= LONGEST_TERM:
        raise refusals.TermOutOfRangeError(days=days, longest=LONGEST_TERM)
    _check_addressee(command)
    return InstructionGiven(
        document_id=command.document_id,
        instruction_id=command.instruction_id,
        organ=document.organ,
        receipt_no=receipt_no,
        urgency=document.urgency,
        kind=command.kind,
        given_by=command.given_by,
        given_at=command.given_at,
        recorded_by=command.recorded_by,
        recorded_at=command.recorded_at,
        text=command.text,
        outside_due=document.outside_due,
        initialled=command.initialled,
        addressee=command.addressee,
        lead=command.lead,
        co=command.co,
        within_work_days=command.within_work_days,
    )


def _check_addressee(command: GiveInstruction) -> None:
    match command.kind:
        case InstructionKind.READ:
            pass
        case InstructionKind.REFER_UP:
            if not command.addressee or command.addressee == command.given_by:
                raise refusals.ReferredToNobodyError
        case InstructionKind.ACT | InstructionKind.ACT_AND_REPORT:
            if not command.lead and not command.addressee:
                raise refusals.NobodyToActError
        case _:
            assert_never(command.kind)

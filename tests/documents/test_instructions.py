"""Instructions on an incoming document: who gives them, to whom, by when."""

from dataclasses import replace
from datetime import datetime
from uuid import UUID

import pytest

from chassis.domain import UnknownItemError
from chassis.testing import given
from chassis.workdays import SHANGHAI
from services.documents.domain.incoming import commands, events, refusals
from services.documents.domain.incoming.document import Document
from services.documents.domain.refusals import NotRegisteredError
from services.documents.domain.words import (
    Disposition,
    InstructionKind,
    Medium,
    Retention,
    Route,
    Urgency,
)

ID, INSTRUCTION = UUID(int=417), UUID(int=9)
CITY_DUE = datetime(2025, 5, 9, 18, tzinfo=SHANGHAI)


def at(hour: int, minute: int) -> datetime:
    return datetime(2025, 4, 25, hour, minute, tzinfo=SHANGHAI)


RECEIVED = events.DocumentReceived(
    document_id=ID,
    organ="gov",
    medium=Medium.TELEGRAM,
    sender="华州市人民政府办公室",
    sender_doc_no="华政办明电〔2025〕18号",
    normalised_doc_no="华政办明电〔2025〕18号",
    title="关于切实做好“五一”假期及汛前水库安全隐患排查整治工作的紧急通知",
    urgency=Urgency.EXTRA_URGENT,
    received_by="li.juan",
    received_at=at(16, 40),
    outside_due=CITY_DUE,
)
REGISTERED = events.DocumentRegistered(
    document_id=ID,
    receipt_no="收〔2025〕417号",
    route=Route.FOR_ACTION,
    registered_by="li.juan",
    registered_at=at(16, 52),
)
FILED = events.DispositionRecorded(
    document_id=ID,
    organ="gov",
    receipt_no="收〔2025〕417号",
    disposition=Disposition.FILE,
    recorded_by="li.juan",
    retention=Retention.D10,
)
INSTRUCT = commands.GiveInstruction(
    document_id=ID,
    instruction_id=INSTRUCTION,
    kind=InstructionKind.ACT_AND_REPORT,
    given_by="zhou.zhiyuan",
    giver_leads=True,
    given_at=at(18, 30),
    recorded_by="li.juan",
    recorded_at=at(18, 42),
    text="请建国同志牵头，水利局主办，应急局、青石镇配合，立即排查，5个工作日内报结果。",
    initialled=False,
    addressee="chen.jianguo",
    lead="县水利局",
    co=("县应急管理局", "青石镇人民政府"),
    within_work_days=5,
)
GIVEN = events.InstructionGiven(
    document_id=ID,
    instruction_id=INSTRUCTION,
    organ="gov",
    receipt_no="收〔2025〕417号",
    urgency=Urgency.EXTRA_URGENT,
    kind=InstructionKind.ACT_AND_REPORT,
    given_by="zhou.zhiyuan",
    given_at=at(18, 30),
    recorded_by="li.juan",
    recorded_at=at(18, 42),
    text=INSTRUCT.text,
    outside_due=CITY_DUE,
    addressee="chen.jianguo",
    lead="县水利局",
    co=("县应急管理局", "青石镇人民政府"),
    within_work_days=5,
)
REFER_UP = replace(
    INSTRUCT,
    kind=InstructionKind.REFER_UP,
    given_by="chen.jianguo",
    addressee="zhou.zhiyuan",
    lead=None,
    co=(),
    within_work_days=None,
)
READ = replace(
    INSTRUCT,
    kind=InstructionKind.READ,
    initialled=True,
    addressee=None,
    lead=None,
    co=(),
    within_work_days=None,
)
ACTING = [InstructionKind.ACT, InstructionKind.ACT_AND_REPORT]
PAST = Document(), RECEIVED, REGISTERED


def test_the_head_instructs_and_the_clerk_records_it() -> None:
    given(*PAST).when(INSTRUCT).then(GIVEN)


def test_an_instruction_carries_the_senders_date_if_there_is_one() -> None:
    undated = replace(RECEIVED, outside_due=None)
    given(Document(), undated, REGISTERED).when(INSTRUCT).then(
        replace(GIVEN, outside_due=None)
    )


def test_one_leader_instructs_after_another() -> None:
    referred = replace(
        GIVEN,
        instruction_id=UUID(int=8),
        kind=InstructionKind.REFER_UP,
        given_by="chen.jianguo",
        addressee="zhou.zhiyuan",
    )
    given(*PAST, referred).when(INSTRUCT).then(GIVEN)


def test_only_a_registered_document_is_instructed_on() -> None:
    given(Document()).when(INSTRUCT).then_refused(UnknownItemError)
    given(Document(), RECEIVED).when(INSTRUCT).then_refused(NotRegisteredError)


def test_only_a_leader_instructs() -> None:
    given(*PAST).when(replace(INSTRUCT, giver_leads=False)).then_refused(
        refusals.NotALeaderError, given_by="zhou.zhiyuan"
    )


@pytest.mark.parametrize("kind", ACTING)
def test_what_is_to_be_done_has_an_owner(kind: InstructionKind) -> None:
    act = replace(INSTRUCT, kind=kind)
    fact = replace(GIVEN, kind=kind)
    given(*PAST).when(replace(act, lead=None, addressee=None)).then_refused(
        refusals.NobodyToActError
    )
    given(*PAST).when(replace(act, lead=None)).then(replace(fact, lead=None))
    given(*PAST).when(replace(act, addressee=None)).then(replace(fact, addressee=None))


@pytest.mark.parametrize("addressee", [None, "", "chen.jianguo"])
def test_referring_up_goes_to_another_leader(addressee: str | None) -> None:
    given(*PAST).when(replace(REFER_UP, addressee=addressee)).then_refused(
        refusals.ReferredToNobodyError
    )


def test_a_leader_may_refer_up_or_only_read() -> None:
    for asked in (REFER_UP, READ):
        fact = replace(
            GIVEN,
            kind=asked.kind,
            given_by=asked.given_by,
            initialled=asked.initialled,
            addressee=asked.addressee,
            lead=None,
            co=(),
            within_work_days=None,
        )
        given(*PAST).when(asked).then(fact)


def test_a_record_follows_what_it_records() -> None:
    early = replace(INSTRUCT, recorded_at=at(18, 29))
    given(*PAST).when(early).then_refused(refusals.RecordedBeforeGivenError)


def test_the_lead_is_no_co_unit() -> None:
    twice = replace(INSTRUCT, co=("青石镇人民政府", "县水利局"))
    given(*PAST).when(twice).then_refused(refusals.LeadIsCoUnitError, lead="县水利局")


@pytest.mark.parametrize("days", [-1, 0, 251])
def test_a_term_that_cannot_be_is_refused(days: int) -> None:
    given(*PAST).when(replace(INSTRUCT, within_work_days=days)).then_refused(
        refusals.TermOutOfRangeError, days=days, longest=250
    )


@pytest.mark.parametrize("days", [None, 1, 250])
def test_a_term_lasts_up_to_about_a_year(days: int | None) -> None:
    given(*PAST).when(replace(INSTRUCT, within_work_days=days)).then(
        replace(GIVEN, within_work_days=days)
    )


def test_after_the_disposition_nothing_new_is_supervised() -> None:
    given(*PAST, FILED).when(INSTRUCT).then_refused(refusals.HandlingOverError)
    given(*PAST, FILED).when(replace(INSTRUCT, kind=InstructionKind.ACT)).then(
        replace(GIVEN, kind=InstructionKind.ACT)
    )

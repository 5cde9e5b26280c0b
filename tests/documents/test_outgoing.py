"""An outgoing document is drafted and signed (条例 arts 18-22)."""

from dataclasses import replace
from datetime import UTC, date, datetime

import pytest

from chassis.domain import UnknownItemError
from chassis.testing import given
from services.documents.domain.outgoing import refusals
from services.documents.domain.outgoing.commands import OutgoingCommand
from services.documents.domain.outgoing.document import Document
from services.documents.domain.refusals import (
    ClassifiedContentError,
)
from services.documents.domain.words import Direction, DocType, Secrecy
from tests.support.outgoing_report import (
    BY_DEPUTY,
    CONFIRMED,
    DRAFT,
    DRAFTED,
    LETTER,
    PAST,
    PATH,
    SIGN,
    SIGNED,
)

PAST += [CONFIRMED]


@pytest.mark.parametrize("step", range(7), ids=lambda step: type(PATH[step]).__name__)
def test_the_report_to_the_city_goes_its_way(step: int) -> None:
    given(Document(), *PAST[:step]).when(PATH[step]).then(PAST[step])


@pytest.mark.parametrize("command", PATH[1:], ids=lambda command: type(command).__name__)
def test_without_a_draft_there_is_nothing_to_act_on(command: OutgoingCommand) -> None:
    given(Document()).when(command).then_refused(UnknownItemError)


@pytest.mark.parametrize("secrecy", [word for word in Secrecy if word is not Secrecy.NONE])
def test_a_classified_draft_leaves_no_trace(secrecy: Secrecy) -> None:
    with pytest.raises(ClassifiedContentError) as refused:
        Document().decide(replace(DRAFT, secrecy=secrecy))
    assert refused.value.facts == {}
    assert DRAFT.title not in refused.value.message("zh") + refused.value.message("en")


def test_a_document_is_drafted_once() -> None:
    given(Document(), DRAFTED).when(DRAFT).then_refused(refusals.AlreadyDraftedError)


@pytest.mark.parametrize("number", [None, ""])
def test_a_reply_names_the_request_that_it_answers(number: str | None) -> None:
    reply = replace(DRAFT, doc_type=DocType.REPLY, direction=Direction.DOWNWARD)
    unnamed = replace(reply, answered_document_id=None, answered_doc_no=number)
    given(Document()).when(unnamed).then_refused(refusals.ReplyAnswersNothingError)


def test_a_reply_may_name_a_request_that_came_before_the_system() -> None:
    by_number = replace(DRAFT, doc_type=DocType.REPLY, answered_document_id=None)
    given(Document()).when(by_number).then(
        replace(DRAFTED, doc_type=DocType.REPLY, answered_document_id=None)
    )


def test_a_document_goes_to_somebody() -> None:
    given(Document()).when(replace(DRAFT, main_to=())).then_refused(
        refusals.NoRecipientError
    )


def test_an_upward_document_is_signed_by_the_principal() -> None:
    given(Document(), DRAFTED).when(BY_DEPUTY).then_refused(refusals.NotThePrincipalError)
    assert refusals.NotThePrincipalError.rule == "upward_signed_by_principal"
    assert refusals.NotThePrincipalError.source == "《党政机关公文处理工作条例》第二十二条"


def test_another_document_is_signed_by_any_leader_but_by_nobody_else() -> None:
    by_clerk = replace(BY_DEPUTY, signed_by="li.juan", signer_leads=False)
    given(Document(), LETTER).when(BY_DEPUTY).then(
        replace(SIGNED, signed_by="chen.jianguo")
    )
    given(Document(), LETTER).when(by_clerk).then_refused(refusals.NotASignatoryError)


def test_a_document_is_signed_once() -> None:
    given(Document(), DRAFTED, SIGNED).when(SIGN).then_refused(refusals.AlreadySignedError)


def test_the_date_of_writing_is_the_day_of_signing_in_shanghai() -> None:
    after_midnight = datetime(2025, 5, 9, 16, 30, tzinfo=UTC)
    given(Document(), DRAFTED).when(replace(SIGN, signed_at=after_midnight)).then(
        replace(SIGNED, signed_at=after_midnight, doc_date=date(2025, 5, 10))
    )

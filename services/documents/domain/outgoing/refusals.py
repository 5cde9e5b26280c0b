"""Why an act on an outgoing document is refused, and what to do about it."""

from typing import ClassVar

from chassis.domain import RefusedError
from services.documents.domain.refusals import REGULATION

_ART_22 = f"{REGULATION}第二十二条"
_ART_25 = f"{REGULATION}第二十五条"


class AlreadyDraftedError(RefusedError):
    """A document begins once."""

    rule: ClassVar[str] = "already_drafted"
    zh: ClassVar[str] = "该文稿已经建立，请在原稿上继续办理。"
    en: ClassVar[str] = "The draft exists already: go on with the one there is."


class ReplyAnswersNothingError(RefusedError):
    """A reply answers a request for instructions (art 8, type 12)."""

    rule: ClassVar[str] = "reply_names_its_request"
    source: ClassVar[str] = f"{REGULATION}第八条"
    zh: ClassVar[str] = "批复须指明所答复的请示，请填写来文。"
    en: ClassVar[str] = "A reply names the request that it answers: name it."


class NoRecipientError(RefusedError):
    """A document goes to somebody."""

    rule: ClassVar[str] = "has_a_recipient"
    source: ClassVar[str] = f"{REGULATION}第九条"
    zh: ClassVar[str] = "公文至少有一个主送机关，请填写。"
    en: ClassVar[str] = "A document has at least one main recipient: name it."


class NotThePrincipalError(RefusedError):
    """An upward document is signed by the principal."""

    rule: ClassVar[str] = "upward_signed_by_principal"
    source: ClassVar[str] = _ART_22
    zh: ClassVar[str] = "上行文由机关主要负责人签发，请送主要负责人签发。"
    en: ClassVar[str] = (
        "An upward document is signed by the principal of the organ: submit it there."
    )


class NotASignatoryError(RefusedError):
    """A document is signed by somebody who leads the issuing organ."""

    rule: ClassVar[str] = "signed_by_leader"
    source: ClassVar[str] = _ART_22
    zh: ClassVar[str] = "公文由本机关负责人签发，请送机关负责人签发。"
    en: ClassVar[str] = "A document is signed by a leader of the organ: submit it to one."


class AlreadySignedError(RefusedError):
    """A document is signed once."""

    rule: ClassVar[str] = "already_signed"
    source: ClassVar[str] = _ART_22
    zh: ClassVar[str] = "公文已经签发，请继续登记编号。"
    en: ClassVar[str] = "The document is signed already: go on to register it."


class NotSignedError(RefusedError):
    """The number is given after signing."""

    rule: ClassVar[str] = "number_after_signing"
    source: ClassVar[str] = _ART_25
    zh: ClassVar[str] = "公文尚未签发，签发后才能编号，请先送签。"
    en: ClassVar[str] = "A number is given after signing: have the document signed first."


class CopiesOutOfRangeError(RefusedError):
    """Copies are counted, and a slip of the pen is caught."""

    rule: ClassVar[str] = "copies_in_range"
    zh: ClassVar[str] = "份数须为1至{most}，现为{copies}，请核对。"
    en: ClassVar[str] = "Copies are 1 to {most}, not {copies}: check the figure."


class NotPrintedError(RefusedError):
    """There is no copy yet. No blank seal (GB/T 9704-2012 7.3.5.1)."""

    rule: ClassVar[str] = "printed_first"
    source: ClassVar[str] = _ART_25
    zh: ClassVar[str] = "公文尚未印制，请先印制。"
    en: ClassVar[str] = "No copy was printed: print the document first."


class MoreSealsThanCopiesError(RefusedError):
    """No blank seal: every impression stands on a printed copy."""

    rule: ClassVar[str] = "seals_within_copies"
    source: ClassVar[str] = "GB/T 9704-2012 7.3.5.1"
    zh: ClassVar[str] = (
        "共印{printed}份，已用印{sealed}份，不能再用印{copies}份，请核对份数。"
    )
    en: ClassVar[str] = (
        "{printed} copies were printed and {sealed} sealed, {copies} more are too many: "
        "check the figure."
    )


class NotSealedError(RefusedError):
    """Every type but minutes leaves the office under its seal."""

    rule: ClassVar[str] = "sealed_before_issue"
    source: ClassVar[str] = "GB/T 9704-2012 7.3.5"
    zh: ClassVar[str] = "公文尚未加盖印章，请先用印。"
    en: ClassVar[str] = "The document bears no seal: seal it first."


class AlreadyIssuedError(RefusedError):
    """A document is issued once."""

    rule: ClassVar[str] = "already_issued"
    source: ClassVar[str] = _ART_25
    zh: ClassVar[str] = "公文已经核发，请查看回执情况。"
    en: ClassVar[str] = "The document is issued already: look at its receipts."


class NotIssuedError(RefusedError):
    """Nobody has what was not sent."""

    rule: ClassVar[str] = "issued_before_receipt"
    source: ClassVar[str] = _ART_25
    zh: ClassVar[str] = "公文尚未核发，不能登记回执，请先核发。"
    en: ClassVar[str] = "The document was not sent out: issue it first."


class NotARecipientError(RefusedError):
    """Only those it went to confirm that they have it."""

    rule: ClassVar[str] = "receipt_from_recipient"
    zh: ClassVar[str] = "{recipient}不是主送机关，请按主送机关名称登记回执。"
    en: ClassVar[str] = "{recipient} is no main recipient: name one as the document does."

"""The refusals that incoming and outgoing documents share."""

from typing import ClassVar

from chassis.domain import RefusedError

REGULATION = "《党政机关公文处理工作条例》"


class ClassifiedContentError(RefusedError):
    """The deployment is not licensed for this secrecy. Raised without facts.

    Neither title nor number of the item may be stored anywhere, a refusal included.
    """

    rule: ClassVar[str] = "classified_content_refused"
    source: ClassVar[str] = "保守国家秘密法（2024）第三十一条"
    zh: ClassVar[str] = "本系统未获准处理涉密信息，请交机要室线下登记。"
    en: ClassVar[str] = (
        "This system is not licensed for classified content: "
        "hand the item to the classified-papers office (机要室) for registering offline."
    )


class NotRegisteredError(RefusedError):
    """The act needs the number that registration gives."""

    rule: ClassVar[str] = "not_registered"
    source: ClassVar[str] = f"{REGULATION}第二十四条、第二十五条"
    zh: ClassVar[str] = "公文尚未登记，请先登记。"
    en: ClassVar[str] = "The document is not registered: register it first."


class AlreadyRegisteredError(RefusedError):
    """A document is registered once and keeps its number."""

    rule: ClassVar[str] = "already_registered"
    source: ClassVar[str] = f"{REGULATION}第二十四条、第二十五条"
    zh: ClassVar[str] = "公文已经登记，不得再次编号，请沿用原编号。"
    en: ClassVar[str] = "The document is registered already: keep using its number."

"""Document numbers: one spelling, however they were typed."""

import pytest
from hypothesis import given, strategies

from services.documents.domain.numbers import normalise_doc_no

TYPED = strategies.text("政办电第号0018９０2025[]［］（）()【】〔〕﹝﹞ 　-")
NUMBER = "华政办明电〔2025〕18号"


@pytest.mark.parametrize(
    "typed",
    [
        NUMBER,
        "华政办明电[2025]18号",
        "华政办明电［2025］18号",
        "华政办明电（2025）18号",
        "华政办明电(2025)18号",
        "华政办明电【2025】18号",
        " 华政办明电 〔２０２５〕\u3000１８ 号 ",
        "华政办明电〔2025〕第18号",
        "华政办明电〔2025〕第 0018号",
    ],
)
def test_every_way_of_typing_a_number_is_one_number(typed: str) -> None:
    assert normalise_doc_no(typed) == NUMBER


@pytest.mark.parametrize(
    "typed",
    [
        "",
        "国令第713号",
        "〔临时〕第3号",
        "云政函(临时)〔2025〕3号",
        "〔2025〕0号",
        "〔2025〕第号",
    ],
)
def test_what_is_no_variant_stays_as_typed(typed: str) -> None:
    assert normalise_doc_no(typed) == typed


@given(TYPED)
def test_normalising_twice_is_normalising_once(typed: str) -> None:
    once = normalise_doc_no(typed)
    assert normalise_doc_no(once) == once

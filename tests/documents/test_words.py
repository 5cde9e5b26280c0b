"""The vocabularies: every word has its labels."""

from enum import StrEnum

import pytest

from services.documents.domain import words
from services.documents.domain.words import LABELS, Secrecy, Urgency, label_of

ENUMERATIONS = [
    value
    for value in vars(words).values()
    if isinstance(value, type) and issubclass(value, StrEnum) and value is not StrEnum
]


@pytest.mark.parametrize(
    "word", [word for enumeration in ENUMERATIONS for word in enumeration], ids=repr
)
def test_every_word_has_a_chinese_and_an_english_label(word: StrEnum) -> None:
    label = label_of(word)
    assert label.zh.strip()
    assert label.en.strip()


def test_every_label_belongs_to_a_word() -> None:
    assert {kind: list(labels) for kind, labels in LABELS.items()} == {
        kind: list(kind) for kind in ENUMERATIONS
    }
    strays = [
        word for kind in LABELS for word in LABELS[kind] if not isinstance(word, kind)
    ]
    assert strays == []


def test_words_of_equal_value_keep_their_own_labels() -> None:
    assert Urgency.NONE.value == Secrecy.NONE.value
    assert LABELS[Urgency] is not LABELS[Secrecy]
    assert label_of(Urgency.IMMEDIATE).en == "immediate"
    assert label_of(Secrecy.HIGHLY_SECRET).zh == "机密"

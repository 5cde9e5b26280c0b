"""The one spelling by which two document numbers are compared.

《党政机关公文处理工作条例》第九条 and GB/T 9704-2012 7.2.5: the year in full and in 〔〕,
the serial without 第 and without leading zeros. What was typed is kept beside it.
"""

import re

_DIGITS = str.maketrans("０１２３４５６７８９", "0123456789")
_YEAR = re.compile(r"[\[［(（【〔﹝]([0-9]{4})[\]］)）】〕﹞]")
_BEFORE_SERIAL = re.compile(r"(?<=〔[0-9]{4}〕)第*0*(?=[0-9])")


def normalise_doc_no(typed: str) -> str:
    """Return *typed* as GB/T 9704 7.2.5 spells it; twice is the same as once."""
    compact = "".join(typed.split()).translate(_DIGITS)
    return _BEFORE_SERIAL.sub("", _YEAR.sub(r"〔\1〕", compact))

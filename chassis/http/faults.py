"""What is wrong with a field, in the caller's language and never with the value itself.

The value may be the text of a document, and so may the name of a field that we do not know.
"""

import re
from collections.abc import Mapping
from typing import Any

NAMED = re.compile(r"[A-Za-z0-9_-]{1,60}")
BRANCH = re.compile(
    r"[a-z-]+\[.*\]", re.DOTALL
)  # pydantic's name for a way to read a field

WORDS: Mapping[str, tuple[str, str]] = {
    "json_invalid": ("JSON在此处有误", "the JSON is broken here"),
    "missing": ("缺少此项", "is missing"),
    "extra_forbidden": ("没有此项，请删去", "is no field of ours: leave it out"),
    "model_attributes_type": ("须为JSON对象", "must be a JSON object"),
    "string_type": ("须为文字", "must be text"),
    "string_unicode": ("不是合法的Unicode文字", "is no valid Unicode text"),
    "string_too_short": ("不得为空", "must not be empty"),
    "string_too_long": (
        "不得超过{max_length}个字符",
        "has more than {max_length} characters",
    ),
    "string_pattern_mismatch": ("格式不符", "does not have the right form"),
    "enum": ("须为下列之一：{expected}", "must be one of {expected}"),
    "bool_type": ("须为true或false", "must be true or false"),
    "bool_parsing": ("须为true或false", "must be true or false"),
    "int_type": ("须为整数", "must be a whole number"),
    "int_parsing": ("须为整数", "must be a whole number"),
    "int_parsing_size": ("数值过大", "is too large a number"),
    "int_from_float": ("须为整数", "must be a whole number"),
    "greater_than_equal": ("不得小于{ge}", "must be at least {ge}"),
    "less_than_equal": ("不得大于{le}", "must be at most {le}"),
    "less_than": ("须小于{lt}", "must be less than {lt}"),
    "list_type": ("须为列表", "must be a list"),
    "too_long": ("不得超过{max_length}项", "has more than {max_length} entries"),
    "uuid_type": ("须为UUID", "must be a UUID"),
    "uuid_parsing": ("须为UUID", "must be a UUID"),
    "datetime_type": ("须为RFC 3339时间", "must be a time as of RFC 3339"),
    "datetime_parsing": ("须为RFC 3339时间", "must be a time as of RFC 3339"),
    "datetime_from_date_parsing": ("须为RFC 3339时间", "must be a time as of RFC 3339"),
    "timezone_aware": ("时间须注明时区，例如+08:00", "needs its offset, e.g. +08:00"),
    "base64_decode": ("须为Base64", "must be Base64"),
    "control_characters": ("不得含有控制字符", "must not have control characters"),
    "time_not_written": (
        "时间须为文字，按RFC 3339注明时区",
        "must be text: a time as of RFC 3339 with its offset",
    ),
    "time_implausible": ("年份不合理", "is of a year that cannot be meant"),
}
OTHERWISE = ("不符合要求", "is not what is asked for here")


def fault_of(error: Mapping[str, Any], language: str) -> dict[str, str]:
    """Return where pydantic's *error* is, and what is wrong there."""
    zh, en = WORDS.get(error["type"], OTHERWISE)
    words = en if language == "en" else zh
    places = [part for part in map(str, error["loc"]) if not BRANCH.fullmatch(part)]
    at = (part if NAMED.fullmatch(part) else "…" for part in places)
    return {"at": ".".join(at), "fault": words.format_map(error.get("ctx") or {})}

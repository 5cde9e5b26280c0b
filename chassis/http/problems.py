"""Problem documents (RFC 9457): what went wrong, which rule, what to do."""

from collections.abc import Mapping
from typing import Any

from fastapi.encoders import jsonable_encoder
from fastapi.responses import JSONResponse

from chassis.telemetry import trace_id

MEDIA_TYPE = "application/problem+json"
PREFIX = "urn:shuniu:problem:"

TITLES: Mapping[str, tuple[str, str]] = {
    "malformed": ("请求格式有误", "The request is malformed"),
    "unauthenticated": ("未登录或登录已失效", "Not signed in"),
    "denied": ("无权进行此操作", "Not allowed"),
    "not-found": ("没有找到", "Not found"),
    "method-not-allowed": ("不支持该方法", "Method not allowed"),
    "refused": ("规则不允许", "Refused by a rule"),
    "conflict": ("正被他人处理", "Others are changing it"),
    "stale-version": ("内容已被他人更新", "Changed by somebody else"),
    "too-large": ("内容过大", "Too large"),
    "unsupported-media-type": ("不支持的内容类型", "Unsupported media type"),
    "invalid": ("内容不符合要求", "The content is invalid"),
    "key-reused": ("幂等键已用于其他请求", "Idempotency key used for another request"),
    "precondition-required": ("须注明版本", "A version is required"),
    "too-many": ("请求过多", "Too many requests"),
    "unavailable": ("暂时不可用", "Temporarily unavailable"),
    "internal": ("系统内部错误", "Internal error"),
}


def language_of(accept_language: str | None) -> str:
    """Return `en` where the caller prefers English to Chinese, else `zh`."""
    first = (accept_language or "").split(",")[0].strip().lower()
    return "en" if first.startswith("en") else "zh"


def problem(
    status: int,
    slug: str,
    detail: str,
    *,
    language: str = "zh",
    headers: Mapping[str, str] | None = None,
    **members: Any,
) -> JSONResponse:
    """Return the problem *slug* as a response."""
    zh, en = TITLES[slug]
    document = {
        "type": PREFIX + slug,
        "title": en if language == "en" else zh,
        "status": status,
        "detail": detail,
        "trace_id": trace_id(),
        **members,
    }
    return JSONResponse(
        jsonable_encoder(document, exclude_none=True),
        status_code=status,
        headers=dict(headers or {}),
        media_type=MEDIA_TYPE,
    )

"""Which error becomes which problem. Nothing a client sends may end in a 500."""

from collections.abc import Mapping

import structlog
from aiokafka.errors import KafkaError
from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse
from starlette.exceptions import HTTPException
from starlette.requests import ClientDisconnect

from chassis.auth import DeniedError, UnauthenticatedError
from chassis.database import retryable
from chassis.domain import RefusedError, UnknownItemError
from chassis.http.faults import fault_of
from chassis.http.lists import CursorError
from chassis.http.problems import language_of, problem
from chassis.keys import SubjectErasedError
from chassis.parked import NothingParkedError
from chassis.past import DivergedError
from chassis.store import ConflictError, DifferentRequestError, StaleVersionError
from chassis.views import NotYetError
from chassis.workdays import CalendarError

RETRY = {"Retry-After": "1"}
SHOWN_ERRORS = 20
UNDEFINED = frozenset({"42P01", "3F000"})  # SQLSTATE: no such table, no such schema

logger = structlog.get_logger(__name__)

SLUGS = {
    400: "malformed",
    401: "unauthenticated",
    403: "denied",
    404: "not-found",
    405: "method-not-allowed",
    413: "too-large",
    415: "unsupported-media-type",
    422: "invalid",
    429: "too-many",
    503: "unavailable",
}


DETAILS: Mapping[str, tuple[str, str]] = {
    "malformed": ("请求体无法解析。", "The body cannot be parsed."),
    "not-found": ("没有这个地址，请核对。", "There is nothing at this address: check it."),
    "method-not-allowed": (
        "这个地址不支持该方法。",
        "This address does not take that method.",
    ),
    "unsupported-media-type": (
        "请求体须为 application/json。",
        "Send the body as application/json.",
    ),
}
"""What is said of errors that the framework raises: its own words are for programmers."""

RULES: Mapping[type[Exception], tuple[str, str]] = {
    CalendarError: (
        "calendar_covers_day",
        "工作日历不含所需日期，请先载入该年放假通知。",
    ),
    SubjectErasedError: ("subject_not_erased", "该主体的个人信息已删除，不能再写入。"),
}
"""The rules of the chassis itself that can refuse, each with its Chinese words."""


class KeyMissingError(Exception):
    """A command came without a usable Idempotency-Key (HTTP 400)."""


class VersionError(Exception):
    """If-Match is not a version that we gave out (HTTP 400)."""


def respond(request: Request, error: Exception) -> JSONResponse:  # noqa: C901, PLR0911, PLR0912 (a case an error)
    """Return the problem document that *error* is."""
    language = language_of(request.headers.get("Accept-Language"))
    english = language == "en"
    match error:
        case UnknownItemError():
            return problem(404, "not-found", error.message(language), language=language)
        case RefusedError():
            return problem(
                409,
                "refused",
                error.message(language),
                language=language,
                rule=error.rule,
                source=error.source,
            )
        case UnauthenticatedError():
            detail = str(error) if english else error.zh
            headers = {"WWW-Authenticate": 'Bearer realm="shuniu"'}
            return problem(
                401, "unauthenticated", detail, language=language, headers=headers
            )
        case DeniedError(action=action, policy=policy):
            detail = str(error) if english else f"您在此无权进行“{action}”。"
            return problem(
                403, "denied", detail, language=language, action=action, policy=policy
            )
        case StaleVersionError(current=current):
            detail = str(error) if english else f"该事项现为第{current}版，请刷新后再操作。"
            etag = {"ETag": f'"{current}"'}
            return problem(412, "stale-version", detail, language=language, headers=etag)
        case ConflictError():
            detail = str(error) if english else "他人正在处理该事项，请稍后再试。"
            return problem(409, "conflict", detail, language=language, headers=RETRY)
        case DifferentRequestError():
            detail = str(error) if english else "该幂等键已用于内容不同的请求，请换用新键。"
            return problem(422, "key-reused", detail, language=language)
        case KeyMissingError():
            detail = (
                "send an Idempotency-Key of 1 to 200 visible ASCII characters"
                if english
                else "请在 Idempotency-Key 请求头中给出1至200个可见ASCII字符。"
            )
            return problem(400, "malformed", detail, language=language)
        case VersionError():
            detail = (
                'If-Match must be a version as our ETag gives it, e.g. "3"'
                if english
                else 'If-Match 须为我方 ETag 给出的版本，例如 "3"。'
            )
            return problem(400, "malformed", detail, language=language)
        case CursorError():
            detail = str(error) if english else "游标或位置无效，请从第一页重新读取。"
            return problem(400, "malformed", detail, language=language)
        case NotYetError():
            detail = str(error) if english else "列表尚未更新到该位置，请稍后再试。"
            return problem(503, "unavailable", detail, language=language, headers=RETRY)
        case CalendarError() | SubjectErasedError():
            rule, zh = RULES[type(error)]
            detail = str(error) if english else zh
            return problem(
                409, "refused", detail, language=language, rule=rule, source="本系统"
            )
        case NothingParkedError():
            detail = "nothing is parked there" if english else "那里没有搁置的记录。"
            return problem(404, "not-found", detail, language=language)
        case RequestValidationError():
            return _invalid(error, language)
        case ClientDisconnect():  # nobody reads it
            return problem(
                400, "malformed", DETAILS["malformed"][english], language=language
            )
        case HTTPException():
            slug = SLUGS.get(error.status_code, "malformed")
            headers = dict(error.headers or {})
            zh, en = DETAILS.get(slug, DETAILS["malformed"])
            return problem(
                error.status_code,
                slug,
                en if english else zh,
                language=language,
                headers=headers,
            )
        case _ if _being_built(error):
            detail = "the list is being built" if english else "列表正在生成，请稍后再试。"
            return problem(503, "unavailable", detail, language=language, headers=RETRY)
        case KafkaError():
            detail = (
                "the log does not answer: try again"
                if english
                else "事件日志暂不可用，请稍后再试。"
            )
            return problem(503, "unavailable", detail, language=language, headers=RETRY)
        case _ if retryable(error) or isinstance(error, DivergedError):
            detail = (
                "the database is busy: try again" if english else "数据库繁忙，请稍后再试。"
            )
            return problem(503, "unavailable", detail, language=language, headers=RETRY)
        case _:
            logger.error("http.failed", error=type(error).__name__, exc_info=error)
            detail = (
                "tell the operator the trace id" if english else "请将跟踪号告知管理员。"
            )
            return problem(500, "internal", detail, language=language)


def _being_built(error: BaseException) -> bool:
    """Say whether *error* is that a read model has no tables yet, as right after a start."""
    origin = getattr(error, "orig", None)
    return getattr(origin, "sqlstate", None) in UNDEFINED


def _invalid(error: RequestValidationError, language: str) -> JSONResponse:
    faults = error.errors()
    malformed = any(fault["type"] == "json_invalid" for fault in faults)
    shown = [fault_of(fault, language) for fault in faults[:SHOWN_ERRORS]]
    if malformed:
        detail = "the body is no JSON" if language == "en" else "请求体不是合法的 JSON。"
        return problem(400, "malformed", detail, language=language, errors=shown)
    detail = "see errors" if language == "en" else "请按 errors 所列逐项改正。"
    return problem(422, "invalid", detail, language=language, errors=shown)


def install(app: FastAPI) -> None:
    """Let errors outside of any guarded route become problem documents as well."""

    async def handler(request: Request, error: Exception) -> JSONResponse:
        return respond(request, error)

    app.add_exception_handler(HTTPException, handler)

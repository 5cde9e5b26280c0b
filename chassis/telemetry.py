"""Logs, metrics and traces: what an operator sees of a running process.

Logs carry the trace id and never secrets or document text: they name ids, types, rules.
"""

import contextlib
import logging
import os
import sys
from typing import Any

import structlog
from opentelemetry import trace
from opentelemetry.exporter.otlp.proto.http.trace_exporter import OTLPSpanExporter
from opentelemetry.propagate import inject
from opentelemetry.sdk.resources import Resource
from opentelemetry.sdk.trace import TracerProvider
from opentelemetry.sdk.trace.export import BatchSpanProcessor
from opentelemetry.sdk.trace.sampling import ALWAYS_OFF
from prometheus_client import Counter, Gauge, Histogram

REQUESTS = Counter(
    "shuniu_http_requests", "HTTP requests", ["service", "method", "route", "status"]
)
SECONDS = Histogram(
    "shuniu_http_seconds",
    "Seconds an HTTP request took",
    ["service", "route"],
    buckets=(0.005, 0.01, 0.03, 0.1, 0.3, 1, 3),
)

LAG = Gauge(
    "shuniu_lag", "Events or records a follower or consumer has left", ["service", "name"]
)
PARKED = Gauge(
    "shuniu_parked", "Records that wait for an operator", ["service", "consumer"]
)
STOPPED = Gauge("shuniu_stopped", "Followers and partitions that stand still", ["service"])
TIMERS_DUE = Gauge("shuniu_timers_due", "Timers whose time has come", ["service"])

tracer = trace.get_tracer("shuniu")


def configure(service: str, level: str, form: str) -> None:
    """Set up logs and traces of this process. Called once, by whoever starts it."""
    renderer: Any = (
        structlog.dev.ConsoleRenderer()
        if form == "console"
        else structlog.processors.JSONRenderer(ensure_ascii=False)
    )
    structlog.configure(
        processors=[
            structlog.contextvars.merge_contextvars,
            structlog.processors.add_log_level,
            structlog.processors.TimeStamper(fmt="iso", utc=True),
            _trace_id,
            structlog.processors.format_exc_info,
            renderer,
        ],
        wrapper_class=structlog.make_filtering_bound_logger(
            logging.getLevelNamesMapping()[level.upper()]
        ),
        logger_factory=structlog.PrintLoggerFactory(sys.stderr),
        cache_logger_on_first_use=False,
    )
    logging.basicConfig(level=logging.WARNING, handlers=[_Libraries()])
    exported = bool(os.environ.get("OTEL_EXPORTER_OTLP_ENDPOINT"))
    provider = TracerProvider(
        resource=Resource.create({"service.name": f"shuniu-{service}"}),
        sampler=None if exported else ALWAYS_OFF,  # ids are given, nothing is collected
    )
    if exported:
        provider.add_span_processor(BatchSpanProcessor(OTLPSpanExporter()))
    trace.set_tracer_provider(provider)


class _Libraries(logging.Handler):
    """Writes what libraries log as lines of ours: its first line, and of an error its kind.

    What else they say of an error, a stack trace or a value, may be a document's text.
    """

    def emit(self, record: logging.LogRecord) -> None:
        with contextlib.suppress(Exception):  # who logs must not fail of it
            kind = record.exc_info[0] if record.exc_info else None
            known = {"library": record.name, "said": record.getMessage().partition("\n")[0]}
            if kind is not None:
                known["error"] = kind.__name__
            structlog.get_logger(record.name).log(record.levelno, "library.said", **known)


def traceparent() -> str | None:
    """Return the current span as a W3C traceparent, or None outside any."""
    carrier: dict[str, str] = {}
    inject(carrier)
    return carrier.get("traceparent")


def trace_id() -> str | None:
    """Return the current trace id, for answers and problem documents."""
    context = trace.get_current_span().get_span_context()
    return f"{context.trace_id:032x}" if context.is_valid else None


def _trace_id(_logger: Any, _method: str, entry: Any) -> Any:
    if (current := trace_id()) is not None:
        entry["trace_id"] = current
    return entry

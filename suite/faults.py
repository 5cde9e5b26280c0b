"""Errors of files, settings and servers, each as one line that says what to do."""

from collections.abc import Iterator
from typing import Any

import asyncpg
import yaml
from aiokafka.errors import KafkaError
from pydantic import ValidationError

MOST = 3


def one_line(error: BaseException) -> str:
    """Return *error* on one line; what pydantic or YAML say in many becomes place and fault."""
    said, cause = str(error), error.__cause__
    if isinstance(cause, ValidationError | yaml.MarkedYAMLError):
        said = said.replace(str(cause), _plain(cause))
    elif isinstance(cause, OSError) and cause.strerror:
        said = said.replace(str(cause), cause.strerror)
    return " ".join(said.split())


def of_settings(error: ValidationError) -> str:
    """Return which environment variables are wrong, and how."""
    faults = []
    for fault in error.errors():
        name = "_".join(map(str, fault["loc"])).upper()
        said = str(fault["msg"]).removeprefix("Value error, ")
        faults.append(f"SHUNIU_{name}: {said}" if name else said)
    return "; ".join(faults)


def of_server(error: BaseException) -> str:
    """Return what a database or a broker that cannot be used says, and what to do."""
    said = " ".join(str(error).split()) or type(error).__name__
    match error:
        case asyncpg.InvalidCatalogNameError() | asyncpg.UndefinedTableError():
            return f"{said}: run `shuniu migrate` first"
        case asyncpg.InvalidAuthorizationSpecificationError():
            return (
                f"{said}: run `shuniu migrate` first, "
                "or check the user and password in SHUNIU_DATABASE_URL"
            )
        case asyncpg.PostgresError():
            return f"PostgreSQL says: {said}"
        case OSError(filename=str() as name, strerror=reason):
            return f"cannot use {name} ({reason})"
        case KafkaError():
            return f"Kafka does not answer ({said}): check SHUNIU_KAFKA_BOOTSTRAP_SERVERS"
        case _:
            return f"{said}: check SHUNIU_DATABASE_URL, and that PostgreSQL runs"


def _plain(error: ValidationError | yaml.MarkedYAMLError) -> str:
    if isinstance(error, ValidationError):
        faults = error.errors()
        shown = [f"{_place(f['loc'])}: {f['msg']}" for f in faults[:MOST]]
        more = [f"and {len(faults) - MOST} more"] if len(faults) > MOST else []
        return "; ".join(shown + more)
    where = f"line {error.problem_mark.line + 1}: " if error.problem_mark else ""
    return f"{where}{error.problem or error}; correct the YAML"


def _place(steps: tuple[Any, ...]) -> str:
    return "".join(_steps(steps)).removeprefix(".") or "the whole file"


def _steps(steps: tuple[Any, ...]) -> Iterator[str]:
    for step in steps:
        yield f"[{step}]" if isinstance(step, int) else f".{step}"

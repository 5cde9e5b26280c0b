"""Debezium and Kafka Connect: fetched through Maven into `.tools/debezium` the first time."""

import subprocess
import sys
import tempfile
from pathlib import Path

from tests.support.kafka_jars import COPY, HOME, KAFKA_VERSION, maven

DEBEZIUM_VERSION = "3.2.0.Final"
LOG4J = "2.25.1"
FOLDER = HOME.parent / "debezium"
CONNECT = FOLDER / f"connect-{KAFKA_VERSION}"
PLUGINS = FOLDER / f"plugins-{DEBEZIUM_VERSION}"
RUNTIME = (
    ("org.apache.kafka", "connect-runtime", KAFKA_VERSION),
    ("org.apache.kafka", "connect-json", KAFKA_VERSION),
    ("org.apache.kafka", "connect-transforms", KAFKA_VERSION),
    ("org.apache.logging.log4j", "log4j-slf4j-impl", LOG4J),
    ("org.apache.logging.log4j", "log4j-core", LOG4J),
    ("org.apache.logging.log4j", "log4j-1.2-api", LOG4J),
)
CONNECTOR = (("io.debezium", "debezium-connector-postgres", DEBEZIUM_VERSION),)


class NoDebeziumError(Exception):
    """There can be no Debezium here; the message says why."""


def fetch() -> None:
    """Fetch what is not here yet. Raises `NoDebeziumError`."""
    for place, dependencies in (
        (CONNECT, RUNTIME),
        (PLUGINS / "debezium-postgres", CONNECTOR),
    ):
        if not place.is_dir():
            _fetch(place, dependencies)


def _fetch(place: Path, dependencies: tuple[tuple[str, str, str], ...]) -> None:
    if not maven():
        raise NoDebeziumError("no Debezium: install Maven")
    sys.stdout.write(f"\nfetching {dependencies[0][1]} through Maven, once\n")
    sys.stdout.flush()
    place.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=FOLDER, prefix="fetching-") as scratch:
        pom, fetched = Path(scratch) / "pom.xml", Path(scratch) / "libs"
        pom.write_text(_pom(dependencies))
        goal = [COPY, "-DincludeScope=runtime", f"-DoutputDirectory={fetched}"]
        done = subprocess.run(  # noqa: S603 Maven, with words of ours
            [*maven(), "-B", "-q", "-f", str(pom), *goal],
            capture_output=True,
            text=True,
            check=False,
        )
        if done.returncode != 0:
            raise NoDebeziumError(f"no Debezium: Maven says {done.stdout[-300:].strip()}")
        if not place.is_dir():  # another run may have been quicker
            fetched.rename(place)


def _pom(dependencies: tuple[tuple[str, str, str], ...]) -> str:
    named = "".join(
        f"<dependency><groupId>{group}</groupId><artifactId>{artifact}</artifactId>"
        f"<version>{version}</version></dependency>"
        for group, artifact, version in dependencies
    )
    return (
        "<project><modelVersion>4.0.0</modelVersion><groupId>shuniu</groupId>"
        "<artifactId>debezium-for-benchmarks</artifactId><version>1</version>"
        f"<dependencies>{named}</dependencies></project>"
    )

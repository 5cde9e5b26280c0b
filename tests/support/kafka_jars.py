"""The broker's jars: fetched through Maven into `.tools/kafka` the first time they are needed."""

import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

KAFKA_VERSION = "4.2.1"
HOME = Path(__file__).resolve().parents[2] / ".tools" / "kafka"
LIBS = HOME / f"libs-{KAFKA_VERSION}"
COPY = "org.apache.maven.plugins:maven-dependency-plugin:3.8.1:copy-dependencies"
DEPENDENCIES = (
    ("org.apache.kafka", "kafka_2.13", KAFKA_VERSION),
    ("org.apache.logging.log4j", "log4j-slf4j-impl", "2.25.1"),
    ("org.apache.logging.log4j", "log4j-core", "2.25.1"),
    ("org.apache.logging.log4j", "log4j-1.2-api", "2.25.1"),
)


def jars_are_here() -> bool:
    """Return whether the jars of this version were fetched, all of them."""
    return LIBS.is_dir()


def fetch_jars() -> Path:
    """Return the folder of the jars; fetch them where they are not here yet."""
    if jars_are_here():
        return LIBS
    sys.stdout.write(
        f"\nfetching Apache Kafka {KAFKA_VERSION} through Maven, once (45 MB)\n"
    )
    sys.stdout.flush()
    HOME.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=HOME, prefix="fetching-") as scratch:
        pom = Path(scratch) / "pom.xml"
        pom.write_text(_pom())
        fetched = Path(scratch) / "libs"
        goal = [COPY, "-DincludeScope=runtime", f"-DoutputDirectory={fetched}"]
        done = subprocess.run(  # noqa: S603
            [*maven(), "-B", "-q", "-f", str(pom), *goal],
            capture_output=True,
            text=True,
            check=False,
        )
        if done.returncode != 0:
            raise RuntimeError(f"Maven could not fetch Kafka:\n{done.stdout[-4000:]}")
        if not jars_are_here():  # another run may have been quicker
            fetched.rename(LIBS)
    return LIBS


def maven() -> list[str]:
    """Return the command that runs Maven, empty where there is none."""
    found = shutil.which("mvn")
    return [found] if found else []


def _pom() -> str:
    dependencies = "".join(
        f"<dependency><groupId>{group}</groupId><artifactId>{artifact}</artifactId>"
        f"<version>{version}</version></dependency>"
        for group, artifact, version in DEPENDENCIES
    )
    return (
        "<project><modelVersion>4.0.0</modelVersion><groupId>shuniu</groupId>"
        "<artifactId>kafka-for-tests</artifactId><version>1</version>"
        f"<dependencies>{dependencies}</dependencies></project>"
    )

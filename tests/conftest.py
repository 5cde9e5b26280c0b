"""What every test can ask for: a real PostgreSQL and a real Kafka, started when first wanted.

A test that asks for one is marked with its name, so that `make fast` leaves it out.
"""

import os
import signal
from collections.abc import Iterator
from contextlib import contextmanager

import pytest

from tests.support.kafka import KafkaBroker, kafka_available
from tests.support.postgres import Postgres

# Before gRPC is imported, as `suite` does, which not every test imports first.
os.environ.setdefault("GRPC_ENABLE_FORK_SUPPORT", "0")

# A job in a shell's background ignores Ctrl-C, and so would every program that is started here.
if signal.getsignal(signal.SIGINT) is signal.SIG_IGN:
    signal.signal(signal.SIGINT, signal.default_int_handler)

SKIPPED = pytest.StashKey[int]()


@pytest.fixture(scope="session")
def postgres() -> Iterator[Postgres]:
    """Give the run's own PostgreSQL cluster: create a database of your own in it."""
    with Postgres() as cluster:
        yield cluster


@pytest.fixture(scope="session")
def kafka(pytestconfig: pytest.Config) -> Iterator[KafkaBroker]:
    """Give the run's broker: use topics and groups of your own."""
    broker = KafkaBroker()
    with _shown(pytestconfig):  # the first run of all fetches it, and says so
        broker.start()
    yield broker
    broker.close()


@contextmanager
def _shown(config: pytest.Config) -> Iterator[None]:
    capture = config.pluginmanager.getplugin("capturemanager")
    if capture is None:
        yield
        return
    with capture.global_and_fixture_disabled():
        yield


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Mark what asks for PostgreSQL or Kafka, before `-m` chooses by marks."""
    for item in items:
        for needed in {"postgres", "kafka"} & set(getattr(item, "fixturenames", ())):
            item.add_marker(needed)


def pytest_runtest_setup(item: pytest.Item) -> None:
    """Skip, and count, what needs a broker where there can be none."""
    if item.get_closest_marker("kafka") is None:
        return
    reason = kafka_available()
    if reason is not None:
        item.config.stash[SKIPPED] = item.config.stash.get(SKIPPED, 0) + 1
        pytest.skip(reason)


def pytest_sessionfinish(session: pytest.Session) -> None:
    """Fail a run of the CI that could not test what it is there to test."""
    if session.config.stash.get(SKIPPED, 0) and os.environ.get("CI") == "true":
        session.exitstatus = pytest.ExitCode.TESTS_FAILED


def pytest_terminal_summary(
    terminalreporter: pytest.TerminalReporter, config: pytest.Config
) -> None:
    """Say once, and loudly, what was not tested and how to have it tested."""
    skipped = config.stash.get(SKIPPED, 0)
    if skipped:
        failed = (
            "; with CI=true this fails the run" if os.environ.get("CI") == "true" else ""
        )
        terminalreporter.write_line(
            f"NOT TESTED: {skipped} tests on Kafka: {kafka_available()}{failed}",
            red=True,
            bold=True,
        )

"""`migrate` and `serve`: one service of a deployment, with its own PostgreSQL and Kafka."""

import json
import signal
from collections.abc import Iterator
from pathlib import Path

import pytest

from suite.issuer import AUDIENCE, ISSUER, Issuer
from suite.local import SAMPLE
from suite.organisation import load_people
from tests.support.cli import reached, shuniu, started, stopped
from tests.support.kafka import KafkaBroker
from tests.support.postgres import Postgres

pytestmark = pytest.mark.postgres

ORGANISATION = SAMPLE / "organisation.yaml"
REVISIONS = ["documents", "keys", "clock"]


@pytest.fixture(scope="module")
def issuer(tmp_path_factory: pytest.TempPathFactory) -> Issuer:
    """Give an issuer of tokens."""
    issuer = Issuer(tmp_path_factory.mktemp("issuer"), load_people(ORGANISATION))
    issuer.prepare()
    return issuer


@pytest.fixture(scope="module")
def settings(kafka: KafkaBroker, issuer: Issuer) -> Iterator[dict[str, str]]:
    """Give the environment of a deployment whose database nobody has touched yet."""
    with Postgres() as cluster:
        yield {
            "SHUNIU_PROFILE": "demo",
            "SHUNIU_DATABASE_URL": cluster.dsn("{database}", "{role}"),
            "SHUNIU_OWNER_DATABASE_URL": cluster.dsn("{database}"),
            "SHUNIU_KAFKA_BOOTSTRAP_SERVERS": kafka.bootstrap,
            "SHUNIU_OIDC_ISSUER": ISSUER,
            "SHUNIU_OIDC_AUDIENCE": AUDIENCE,
            "SHUNIU_OIDC_JWKS": str(issuer.jwks),
            "SHUNIU_ORGANISATION": str(ORGANISATION),
            "SHUNIU_HTTP_PORT": "0",
            "SHUNIU_GRPC_PORT": "0",
            "SHUNIU_LOG_LEVEL": "error",
        }


def test_a_service_says_that_its_databases_are_missing(settings: dict[str, str]) -> None:
    done = shuniu("serve", "documents", **settings)
    assert done.returncode == 2
    assert "run `shuniu migrate` first" in done.stderr.splitlines()[-1]


def test_a_service_serves_and_kafka_tells_others(
    settings: dict[str, str], issuer: Issuer, tmp_path: Path
) -> None:
    migrated = shuniu("migrate", "documents", **settings)
    assert migrated.returncode == 0, migrated.stderr
    assert [line.split()[0] for line in migrated.stdout.splitlines()[1:]] == REVISIONS
    again = shuniu("migrate", "documents", **settings)
    assert again.stdout == migrated.stdout

    receipt = tmp_path / "receipt.yaml"
    receipt.write_text(
        json.dumps(
            {
                "medium": "document",
                "sender": "华州市人民政府",
                "sender_doc_no": "华政发〔2025〕9号",
                "title": "关于防汛工作的通知",
            }
        ),
        "utf-8",
    )
    with started("serve", "documents", **settings) as process:
        up = reached(process, "HTTP ")[-1]
        remote = settings | {
            "SHUNIU_URL": "http://" + up.split("HTTP ")[1].split()[0],
            "SHUNIU_TOKEN": issuer.token("li.juan"),
        }
        done = shuniu("act", "receive_document", "--with", str(receipt), **remote)
        assert done.returncode == 0, done.stderr
        tail = ("events", "tail", "--no-follow", "--topic", "public.documents.incoming.v1")
        said = until_told(tail, settings)
        assert stopped(process, signal.SIGTERM)[0] == 0
    assert any(line.endswith("签收  华政发〔2025〕9号") for line in said)


def until_told(tail: tuple[str, ...], settings: dict[str, str]) -> list[str]:
    for _ in range(5):
        told = shuniu(*tail, **settings)
        assert (told.returncode, told.stderr) == (0, "")
        if told.stdout:
            return told.stdout.splitlines()
    raise AssertionError("nothing was published")

"""What a deployment can set: environment variables, each `SHUNIU_<NAME>`.

`.env.example` is generated from this module; a test fails when they differ.
"""

from functools import cached_property
from pathlib import Path
from typing import Literal, Self
from zoneinfo import ZoneInfo

from pydantic import Field, model_validator
from pydantic_settings import BaseSettings, SettingsConfigDict

SECRECY = Literal["none", "work_secret", "secret", "highly_secret", "top_secret"]


class Settings(BaseSettings):
    """Everything that differs between two deployments, and nothing else."""

    model_config = SettingsConfigDict(env_prefix="SHUNIU_", env_file=".env", extra="ignore")

    deployment: str = Field(
        default="local",
        pattern=r"^[a-z][a-z0-9-]{1,40}$",
        description="Names this deployment in every event's source: /shuniu/<deployment>/<service>.",
    )
    profile: Literal["production", "demo"] = Field(
        default="production",
        description="demo adds the virtual clock, the sample people and `shuniu token`.",
    )
    log: Literal["kafka", "embedded"] = Field(
        default="kafka",
        description="Where public events go: Kafka, or a PostgreSQL database.",
    )
    database_url: str = Field(
        default="postgresql://{role}@localhost/{database}",
        description="How a service reaches PostgreSQL; {role} and {database} are filled in.",
    )
    owner_database_url: str = Field(
        default="postgresql://postgres@localhost/{database}",
        description="How `shuniu migrate` reaches PostgreSQL: may create roles and databases.",
    )
    pool_size: int = Field(
        default=10, ge=2, le=100, description="Connections a service holds for commands."
    )
    kafka_bootstrap_servers: str = Field(
        default="localhost:9092", description="Brokers, comma-separated."
    )
    kafka_replication: int = Field(
        default=1, ge=1, le=5, description="Replicas of the topics that the suite creates."
    )
    http_host: str = Field(default="127.0.0.1", description="Where HTTP listens.")
    http_port: int = Field(default=8000, ge=0, le=65535, description="0 takes a free port.")
    grpc_host: str = Field(default="127.0.0.1", description="Where gRPC listens.")
    grpc_port: int = Field(default=9000, ge=0, le=65535, description="0 takes a free port.")
    max_body_bytes: int = Field(
        default=1_048_576, ge=1024, description="A larger request is refused with 413."
    )
    oidc_issuer: str = Field(
        default="", description="Issuer of bearer tokens; required in production."
    )
    oidc_audience: str = Field(
        default="shuniu", description="Audience that tokens must name."
    )
    oidc_jwks: str = Field(
        default="",
        description="The issuer's keys: an https URL, or a file. Required in production.",
    )
    organisation: Path | None = Field(
        default=None,
        description="YAML file of organs, units and people: names for commands that call "
        "another machine, and for the demo's issuer. Services know only what "
        "`shuniu directory import` entered.",
    )
    policies: Path | None = Field(
        default=None,
        description="Folder of policy files that override the shipped defaults.",
    )
    calendar_years: list[int] | None = Field(
        default=None, description="Working calendars to load of those shipped; empty: all."
    )
    calendars: Path | None = Field(
        default=None,
        description="Folder of further working calendars (later years, overlays).",
    )
    tz: str = Field(default="Asia/Shanghai", description="Zone of legal dates.")
    licensed_secrecy: list[SECRECY] = Field(
        default=["none"],
        description="Secrecy levels this system is approved for (保密法 arts 30, 31).",
    )
    notifier_part: Literal["all", "decider", "streamer"] = Field(
        default="all",
        description="What a notifier process does: decider (who is told what; HTTP), "
        "streamer (alerts over gRPC), or all of it.",
    )
    log_level: Literal["debug", "info", "warning", "error"] = Field(
        default="info", description="Least severity that is logged."
    )
    log_format: Literal["json", "console"] = Field(
        default="json", description="json for machines, console for people."
    )

    @model_validator(mode="after")
    def _production_needs_an_issuer(self) -> Self:
        if self.profile == "production" and not (self.oidc_issuer and self.oidc_jwks):
            raise ValueError(
                "the production profile needs SHUNIU_OIDC_ISSUER and SHUNIU_OIDC_JWKS: "
                "there is no built-in account; use SHUNIU_PROFILE=demo to look around"
            )
        return self

    @cached_property
    def zone(self) -> ZoneInfo:
        """The zone of legal dates."""
        return ZoneInfo(self.tz)

    def dsn(self, database: str, role: str | None = None) -> str:
        """Return where *database* is, for the role that its service runs as."""
        return self.database_url.format(
            database=database, role=role or f"shuniu_{database}"
        )

    def owner_dsn(self, database: str) -> str:
        """Return where *database* is, for the role that migrates it."""
        return self.owner_database_url.format(database=database)

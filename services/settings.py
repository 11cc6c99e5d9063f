"""The only reader of the environment: every setting, its default and its meaning. Secrets never print.

Each field is the environment variable PARLEY_<FIELD>; a PARLEY_ variable that is not here fails at start, since a
misspelt setting that is silently ignored is found out in production.
"""

import os
from pathlib import Path
from typing import Annotated

from pydantic import Field, HttpUrl, SecretStr, ValidationError
from pydantic_settings import BaseSettings, SettingsConfigDict

from services.errors import UsageProblem

PREFIX = "PARLEY_"
Port = Annotated[int, Field(ge=0, le=65535)]


class Settings(BaseSettings):
    """Defaults are those of one machine; options of a verb win over the environment."""

    model_config = SettingsConfigDict(
        env_prefix=PREFIX, extra="forbid", frozen=True, env_ignore_empty=True, allow_inf_nan=False
    )

    kafka: str = Field("127.0.0.1:9092", description="Bootstrap servers, host:port, comma-separated.")
    kafka_api_version: str = Field("", description="Pins the protocol version (`2.3` for the embedded broker).")
    replication: int = Field(1, ge=1, description="Replication factor of topics that Parley creates.")
    state: Path = Field(Path(".parley"), description="Directory of the ingester's and notifier's SQLite files.")
    metrics_host: str = Field("127.0.0.1", description="Address the metrics pages bind to.")
    metrics_port: Port = Field(0, description="Port of this process's metrics page; 0 picks a free one.")
    log_level: str = Field("info", pattern="^(debug|info|warning|error)$", description="Lowest level that is logged.")
    log_format: str = Field("text", pattern="^(text|json)$", description="Log lines as text, or as a JSON object each.")
    canary: float = Field(0.0, ge=0, description="Seconds between two canaries that the ingester sends; 0 is none.")

    feeds: str | None = Field(None, description="OPML file of the feeds to watch, or its http(s) address.")
    poll_min: float = Field(300.0, gt=0, description="Shortest interval between two visits to a feed, in seconds.")
    poll_max: float = Field(86400.0, gt=0, description="Longest interval between two visits to a feed, in seconds.")
    fetch_timeout: float = Field(30.0, gt=0, description="Total seconds for one response, redirects included.")
    fetch_max_bytes: int = Field(10_000_000, gt=0, description="Largest response, after decompression.")
    fetch_concurrency: int = Field(64, ge=1, description="Requests under way at once, over all hosts.")
    host_concurrency: int = Field(2, ge=1, description="Requests under way at once to one host.")
    host_delay: float = Field(1.0, ge=0, description="Seconds between the starts of two requests to one host.")
    user_agent: str = Field(
        "Parley/0.1 (news monitor)", min_length=1, description="How Parley names itself to servers."
    )
    fulltext: bool = Field(True, description="Fetch the article's page where the feed has no full text.")
    allow_private: bool = Field(False, description="Allow feeds on loopback and private addresses (the sample).")
    clock: HttpUrl | None = Field(None, description="Take the time from this page instead of the machine (the sample).")

    session: float = Field(30.0, ge=1, description="Seconds without a sign of life until a worker's share moves on.")
    batch_size: int = Field(32, ge=1, description="Most articles in one inference batch.")
    batch_wait: float = Field(0.2, gt=0, description="Seconds to wait for a batch to fill.")
    model: Path | None = Field(None, description="Directory of an exported stance model; the shipped one by default.")

    inference_timeout: float = Field(
        120.0, gt=0, description="Seconds in which a batch must be read; a worker that takes longer stops, uncommitted."
    )
    false_alerts_per_actor_year: float = Field(
        0.5, gt=0, le=50, description="Confirmed alerts that an actor who stays put may cause in a year."
    )

    slack: SecretStr | None = Field(None, description="Slack incoming-webhook URL.")
    webhook: SecretStr | None = Field(None, description="URL of a generic webhook (Standard Webhooks).")
    webhook_secret: SecretStr | None = Field(None, description="Signing key, `whsec_` and base64 of 24 to 64 bytes.")
    routes: Path | None = Field(None, description="YAML file of the sinks and which alerts each is told.")
    digest_age: float = Field(6 * 3600.0, gt=0, description="Alerts on evidence older than this arrive as one digest.")


def read_settings(**options: object) -> Settings:
    """Return the settings, `options` that are not None winning over the environment; raises UsageProblem."""
    reject_unknown_settings()
    try:
        return Settings(**{name: value for name, value in options.items() if value is not None})  # type: ignore[arg-type]
    except ValidationError as error:
        # The value is left out on purpose: it may be a secret.
        first = error.errors(include_input=False, include_url=False, include_context=False)[0]
        raise UsageProblem(f"setting {PREFIX}{str(first['loc'][0]).upper()}: {first['msg']}") from None


def read_named_secret(name: str) -> SecretStr | None:
    """Return the environment variable of that name, which a file of routes refers to; None where it is not set."""
    value = os.environ.get(name, "").strip()
    return SecretStr(value) if value else None


def reject_unknown_settings() -> None:
    """Raise UsageProblem where the environment has a PARLEY_ variable that is no setting."""
    known = {PREFIX + name.upper() for name in Settings.model_fields}
    for name in sorted(os.environ):
        if name.upper().startswith(PREFIX) and name.upper() not in known:
            raise UsageProblem(f"unknown setting {name}; the settings are listed in services/settings.py")

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
    kafka_security: str = Field(
        "plaintext", pattern="^(plaintext|ssl|sasl_ssl)$", description="Protocol of the brokers."
    )
    kafka_ca: Path | None = Field(None, description="PEM file of who signs the brokers; the system's by default.")
    kafka_mechanism: str = Field(
        "SCRAM-SHA-512", pattern="^(PLAIN|SCRAM-SHA-256|SCRAM-SHA-512)$", description="SASL mechanism of sasl_ssl."
    )
    kafka_user: str | None = Field(None, description="SASL user of this process: its principal in Kafka's ACLs.")
    kafka_password: SecretStr | None = Field(None, description="Its password.")
    replication: int = Field(1, ge=1, description="Replication factor of topics that Parley creates.")
    state: Path = Field(Path(".parley"), description="Directory of the ingester's and notifier's SQLite files.")
    secrets: Path | None = Field(
        None, description="Directory with a file for each secret, named as the setting (`slack`, `webhook_secret`)."
    )
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
    inference_timeout: float = Field(
        120.0, gt=0, description="Seconds in which a batch must be read; a worker that takes longer stops, uncommitted."
    )
    standstill: float = Field(
        300.0, gt=0, description="Seconds without progress, while records wait, after which a worker ends itself."
    )
    model: Path | None = Field(None, description="Directory of an exported stance model; the shipped one by default.")

    false_alerts_per_actor_year: float = Field(
        0.5, gt=0, le=50, description="Confirmed alerts that an actor who stays put may cause in a year."
    )

    slack: SecretStr | None = Field(None, description="Slack incoming-webhook URL.")
    webhook: SecretStr | None = Field(None, description="URL of a generic webhook (Standard Webhooks).")
    webhook_secret: SecretStr | None = Field(None, description="Signing key, `whsec_` and base64 of 24 to 64 bytes.")
    routes: Path | None = Field(None, description="YAML file of the sinks and which alerts each is told.")
    digest_age: float = Field(6 * 3600.0, gt=0, description="Alerts on evidence older than this arrive as one digest.")

    desk_host: str = Field("127.0.0.1", description="Address the desk's page binds to.")
    desk_port: Port = Field(8440, description="Port of the desk's page; 0 picks a free one.")
    desk_token: SecretStr | None = Field(None, description="Whoever has it may read and write on the desk.")
    desk_read_token: SecretStr | None = Field(None, description="Whoever has it may read the desk.")
    desk_article_days: float = Field(
        400.0, gt=0, description="Days the desk keeps an article's text; quotes, and what alerts rest on, stay."
    )
    desk_read_only: bool = Field(False, description="Nobody may write on the desk.")
    desk_proxy_header: str | None = Field(
        None, description="Header in which a proxy names the user (X-Forwarded-User)."
    )
    desk_proxy_from: str = Field("127.0.0.1,::1", description="Addresses whose proxy header is believed, with commas.")
    desk_editors: str = Field("", description="Users (by the proxy's header) who may write, with commas; empty: all.")


def read_settings(**options: object) -> Settings:
    """Return the settings; raises UsageProblem.

    `options` that are not None win over the environment, and the environment over the files of PARLEY_SECRETS.
    """
    reject_unknown_settings()
    given = {name: value for name, value in options.items() if value is not None}
    try:
        return Settings(**(_secrets_from_files() | given))  # type: ignore[arg-type]
    except ValidationError as error:
        # The value is left out on purpose: it may be a secret.
        first = error.errors(include_input=False, include_url=False, include_context=False)[0]
        raise UsageProblem(f"setting {PREFIX}{str(first['loc'][0]).upper()}: {first['msg']}") from None


def read_named_secret(name: str) -> SecretStr | None:
    """Return the secret that a file of routes refers to by that name; None where it is not set.

    It is the environment variable, or else the file of that name, in lower case, in the directory PARLEY_SECRETS.
    """
    value = os.environ.get(name, "").strip() or _read_secret(name.lower())
    return SecretStr(value) if value else None


def _secrets_from_files() -> dict[str, object]:
    """The secret settings that have a file and no environment variable of their own."""
    secrets = [name for name, field in Settings.model_fields.items() if field.annotation == SecretStr | None]
    unset = [name for name in secrets if not os.environ.get(PREFIX + name.upper())]
    return {name: value for name in unset if (value := _read_secret(name))}


def _read_secret(name: str) -> str:
    """The content of a file of PARLEY_SECRETS; empty where there is none, or nothing in it."""
    directory = os.environ.get(PREFIX + "SECRETS", "")
    if not directory:
        return ""
    if not Path(directory).is_dir():
        raise UsageProblem(f"setting {PREFIX}SECRETS: {directory} is no directory")
    try:
        return (Path(directory) / name).read_text().strip()
    except FileNotFoundError:
        return ""
    except (OSError, UnicodeDecodeError):
        raise UsageProblem(f"secret file {directory}/{name}: cannot be read; is it text, and readable by us?") from None


def reject_unknown_settings() -> None:
    """Raise UsageProblem where the environment has a PARLEY_ variable that is no setting."""
    known = {PREFIX + name.upper() for name in Settings.model_fields}
    for name in sorted(os.environ):
        if name.upper().startswith(PREFIX) and name.upper() not in known:
            raise UsageProblem(f"unknown setting {name}; the settings are listed in services/settings.py")

"""Settings -> the channels that alerts are told to; addresses are checked here and shown nowhere."""

import base64
import binascii
import hashlib
import logging
from collections.abc import Mapping
from typing import Final, TextIO
from urllib.parse import urlsplit

from services.errors import UsageProblem
from services.notify.deliver.channel import Channel
from services.notify.deliver.slack import Slack
from services.notify.deliver.terminal import Form, Terminal
from services.notify.deliver.webhook import Webhook
from services.settings import Settings

log = logging.getLogger("parley.notify")

SECRET_PREFIX: Final = "whsec_"  # noqa: S105  The mark of a key, not a key.
SECRET_BYTES: Final = range(24, 65)


def open_channels(settings: Settings, form: Form | None, stream: TextIO, names: Mapping[str, str]) -> list[Channel]:
    """Return a channel for each sink that the settings name, and the terminal in `form`; raises UsageProblem.

    Without any, the terminal is where alerts go. `names` maps ids of actors and people to their names.
    """
    channels: list[Channel] = []
    if settings.slack is not None:
        url = check_url(settings.slack.get_secret_value(), "--slack (PARLEY_SLACK)")
        channels.append(Slack(url, fingerprint(url), names))
    if settings.webhook is not None:
        url = check_url(settings.webhook.get_secret_value(), "--webhook (PARLEY_WEBHOOK)")
        secrets = check_secrets(settings.webhook_secret.get_secret_value() if settings.webhook_secret else "")
        channels.append(Webhook(url, fingerprint(url), secrets))
    if form is not None or not channels:
        channels.append(Terminal(stream, form or "text", names))
    return channels


def announce(settings: Settings, form: Form | None) -> None:
    """Say once, in the log, where alerts go, and what a desk should know of that."""
    if settings.slack is not None:
        log.info("slack: alerts go to %s", shown(settings.slack.get_secret_value()))
    if settings.webhook is not None:
        log.info("webhook: alerts go to %s", shown(settings.webhook.get_secret_value()))
        if settings.webhook_secret is None:
            log.warning("webhook: messages are not signed; a key in PARLEY_WEBHOOK_SECRET signs them")
    if settings.slack is None and settings.webhook is None and form is None:
        log.warning("no --slack and no --webhook: alerts are printed here and go nowhere else")


def check_url(url: str, option: str) -> str:
    """Return the address if it is one that can be posted to; raises UsageProblem, which never shows it."""
    try:
        parts = urlsplit(url)
        fine = parts.scheme in {"http", "https"} and bool(parts.hostname) and parts.port != 0
    except ValueError:
        fine = False
    if not fine or any(char.isspace() or not char.isprintable() for char in url):
        raise UsageProblem(f"{option}: not a web address; it must look like https://host/<secret>")
    return url


def check_secrets(text: str) -> list[str]:
    """Split signing keys at spaces; raises UsageProblem, which never shows them, for one that is none."""
    secrets = text.split()
    for number, secret in enumerate(secrets, 1):
        try:
            key = base64.b64decode(secret.removeprefix(SECRET_PREFIX), validate=True)
        except (binascii.Error, ValueError):
            key = b""
        if not secret.startswith(SECRET_PREFIX) or len(key) not in SECRET_BYTES:
            raise UsageProblem(
                f"--webhook-secret (PARLEY_WEBHOOK_SECRET): key {number} of {len(secrets)} is not {SECRET_PREFIX} and "
                "the base64 of 24 to 64 bytes; `openssl rand -base64 32` makes the second part"
            )
    return secrets


def shown(url: str) -> str:
    """The address with everything hidden that could be a secret."""
    parts = urlsplit(url)
    host = f"[{parts.hostname}]" if ":" in (parts.hostname or "") else parts.hostname
    return f"{parts.scheme}://{host}{f':{parts.port}' if parts.port else ''}/<secret>"


def fingerprint(url: str) -> str:
    """What the ledger knows an address by: the address cannot be told from it."""
    return hashlib.sha256(url.encode()).hexdigest()[:16]
